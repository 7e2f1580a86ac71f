/** An address as a number; IPv4 inside IPv6 (`::ffff:a.b.c.d`) is read as the IPv4 it means. */
export type IpAddress = { readonly family: 4 | 6; readonly value: bigint }

/** A block of addresses (CIDR). */
export type AddressRange = { readonly family: 4 | 6; readonly base: bigint; readonly bits: number }

const MAPPED = 0xffffn
const BITS = { 4: 32, 6: 128 } as const

/** Reads a literal in its canonical spellings alone: dotted decimal without leading zeros, or IPv6 without a zone. Undefined otherwise. */
export function parseAddress(text: string): IpAddress | undefined {
  const bare = text.startsWith('[') && text.endsWith(']') ? text.slice(1, -1) : text
  const four = parseFour(bare)
  if (four !== undefined) return { family: 4, value: four }
  const six = parseSix(bare)
  if (six === undefined) return undefined
  return six >> 32n === MAPPED ? { family: 4, value: six & 0xffffffffn } : { family: 6, value: six }
}

function parseFour(text: string): bigint | undefined {
  const parts = text.split('.')
  if (parts.length !== 4 || !parts.every(part => /^(0|[1-9]\d{0,2})$/.test(part) && Number(part) < 256))
    return undefined
  return parts.reduce((value, part) => (value << 8n) | BigInt(part), 0n)
}

function parseSix(text: string): bigint | undefined {
  if (!/^[0-9a-f:.]{2,45}$/i.test(text) || text.split('::').length > 2) return undefined
  const [head = '', tail] = text.split('::')
  const [left, right] = [groups(head), tail === undefined ? [] : groups(tail)]
  if (left === undefined || right === undefined) return undefined
  const missing = 8 - left.length - right.length
  if (tail === undefined ? missing !== 0 : missing < 1) return undefined
  return [...left, ...Array<bigint>(missing).fill(0n), ...right].reduce((value, group) => (value << 16n) | group, 0n)
}

function groups(text: string): bigint[] | undefined {
  if (text === '') return []
  const parts = text.split(':')
  const last = parts.at(-1) ?? ''
  const four = last.includes('.') ? parseFour(last) : undefined
  if (last.includes('.') && four === undefined) return undefined
  const words = four === undefined ? parts : parts.slice(0, -1)
  if (!words.every(word => /^[0-9a-f]{1,4}$/i.test(word))) return undefined
  const values = words.map(word => BigInt(`0x${word}`))
  return four === undefined ? values : [...values, four >> 16n, four & 0xffffn]
}

/** Reads `address/bits`, or an address alone. Undefined where it is neither, or has bits set beyond its length. */
export function parseRange(text: string): AddressRange | undefined {
  const [address = '', length] = text.split('/')
  const parsed = parseAddress(address)
  if (parsed === undefined || (length !== undefined && !/^\d{1,3}$/.test(length))) return undefined
  const bits = length === undefined ? BITS[parsed.family] : Number(length)
  if (bits > BITS[parsed.family]) return undefined
  const range = { family: parsed.family, base: parsed.value, bits }
  return (parsed.value & hostMask(range)) === 0n ? range : undefined
}

const hostMask = ({ family, bits }: Pick<AddressRange, 'family' | 'bits'>): bigint =>
  (1n << BigInt(BITS[family] - bits)) - 1n

export const isInRange = (address: IpAddress, range: AddressRange): boolean =>
  address.family === range.family && (address.value & ~hostMask(range)) === range.base

const ranges = (...texts: string[]): readonly AddressRange[] => texts.flatMap(text => parseRange(text) ?? [])

// The IANA special-purpose registries: everything that is not meant to be reached across the internet.
const SPECIAL_FOUR = ranges(
  '0.0.0.0/8',
  '10.0.0.0/8',
  '100.64.0.0/10',
  '127.0.0.0/8',
  '169.254.0.0/16',
  '172.16.0.0/12',
  '192.0.0.0/24',
  '192.0.2.0/24',
  '192.88.99.0/24',
  '192.168.0.0/16',
  '198.18.0.0/15',
  '198.51.100.0/24',
  '203.0.113.0/24',
  '224.0.0.0/4',
  '240.0.0.0/4',
)
const GLOBAL_SIX = ranges('2000::/3')
// Inside 2000::/3: protocol assignments (Teredo among them), documentation, and 6to4, whose addresses hide an IPv4 one.
const SPECIAL_SIX = ranges('2001::/23', '2001:db8::/32', '2002::/16', '3fff::/20')

/** Whether an address is one that anybody on the internet could be reached at. */
export function isPublic(address: IpAddress): boolean {
  if (address.family === 4) return !SPECIAL_FOUR.some(range => isInRange(address, range))
  return GLOBAL_SIX.some(range => isInRange(address, range)) && !SPECIAL_SIX.some(range => isInRange(address, range))
}
