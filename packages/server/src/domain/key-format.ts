export type KeyPrefix = 'bhf_' | 'bhp_'

const BODY = 43
const CHECK = 6
const DIGITS = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'
const FORM = new RegExp(`^(bhf_|bhp_)([A-Za-z0-9_-]{${BODY}})([A-Za-z0-9]{${CHECK}})$`)

/** Shows a key's kind and enough of it to recognize it by. */
export const START = 10

/** Makes a key of 32 random bytes in base64url: prefix, body, and a checksum that tells a mistyped key from an unknown one without a look-up. */
export function formatKey(prefix: KeyPrefix, random: string): string {
  if (random.length !== BODY) throw new RangeError('a key holds 32 random bytes')
  return `${prefix}${random}${checksum(prefix + random)}`
}

/** The kind of a well-formed key; undefined for anything else. */
export function readKey(text: string): KeyPrefix | undefined {
  const [, prefix, body, check] = FORM.exec(text) ?? []
  if (prefix === undefined || body === undefined || checksum(prefix + body) !== check) return undefined
  return prefix as KeyPrefix
}

/** What each byte adds to a CRC-32 (ISO 3309). */
const CRC = Uint32Array.from({ length: 256 }, (_, byte) => {
  let crc = byte
  for (let bit = 0; bit < 8; bit += 1) crc = crc & 1 ? (crc >>> 1) ^ 0xedb88320 : crc >>> 1
  return crc
})

/** CRC-32 in base 62; for typing errors, not for security. */
function checksum(text: string): string {
  let crc = 0xffffffff
  for (let index = 0; index < text.length; index += 1)
    crc = (crc >>> 8) ^ (CRC[(crc ^ text.charCodeAt(index)) & 0xff] ?? 0)
  let rest = (crc ^ 0xffffffff) >>> 0
  let digits = ''
  for (let place = 0; place < CHECK; place += 1) {
    digits = DIGITS.charAt(rest % 62) + digits
    rest = Math.floor(rest / 62)
  }
  return digits
}
