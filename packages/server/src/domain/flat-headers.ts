/** Headers as they stand on the wire and in Node: name, value, name, value. One list costs a call less than a list of pairs. */
export type FlatHeaders = readonly string[]

/** The first value of a header, whose name is given in lower case; undefined where it did not come. */
export function headerOf(headers: FlatHeaders, name: string): string | undefined {
  for (let at = 0; at < headers.length; at += 2) {
    const given = headers[at] ?? ''
    if (given.length === name.length && given.toLowerCase() === name) return headers[at + 1]
  }
  return undefined
}

/** A header that may come once: its value, undefined where there is none, null where it came more often. */
export function onlyHeader(headers: FlatHeaders, name: string): string | undefined | null {
  let only: string | undefined
  for (let at = 0; at < headers.length; at += 2) {
    const given = headers[at] ?? ''
    if (given.length !== name.length || given.toLowerCase() !== name) continue
    if (only !== undefined) return null
    only = headers[at + 1] ?? ''
  }
  return only
}

/** The same headers as pairs. */
export function pairsOf(headers: FlatHeaders): (readonly [name: string, value: string])[] {
  const pairs: (readonly [string, string])[] = []
  for (let at = 0; at + 1 < headers.length; at += 2) pairs.push([headers[at] ?? '', headers[at + 1] ?? ''])
  return pairs
}

/** Headers without one, whose name is given in lower case. */
export const withoutHeader = (headers: FlatHeaders, name: string): FlatHeaders =>
  pairsOf(headers).flatMap(pair => (pair[0].toLowerCase() === name ? [] : pair))
