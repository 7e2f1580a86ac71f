/** The digits of ids: as numbers and as text they are in the same order. */
export const ID_DIGITS = '0123456789abcdefghjkmnpqrstvwxyz'
const PLACES = 10
const LAST = ID_DIGITS.length ** PLACES - 1

/** What ids made at an instant begin with after their prefix; instants that no id can have count as the nearest that one can. */
export function timeDigits(at: number): string {
  let digits = ''
  let rest = Math.min(Math.max(at, 0), LAST)
  for (let place = 0; place < PLACES; place += 1) {
    digits = ID_DIGITS.charAt(rest % ID_DIGITS.length) + digits
    rest = Math.floor(rest / ID_DIGITS.length)
  }
  return digits
}

/** The instant at which an id was made. */
export function timeOfId(id: string): number {
  const begin = id.indexOf('_') + 1
  return [...id.slice(begin, begin + PLACES)].reduce(
    (time, digit) => time * ID_DIGITS.length + ID_DIGITS.indexOf(digit),
    0,
  )
}
