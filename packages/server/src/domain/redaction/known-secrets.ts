import { toHex } from '../bytes.ts'

/** The secrets of one call, ready to be found in any text: as they are, and in base64, base64url, hex, percent- and backslash-encoding. */
export type KnownSecrets = {
  /** Replaces each occurrence that can be told apart. */
  replace(text: string, by: string): string
  /** Whether one is still there, under any of the encodings. */
  isIn(text: string): boolean
  /** Where a text that was cut ends in the beginning of one, cuts that off too. */
  withoutBeginning(text: string): string
}

const SHORTEST = 4
/** Base64 of fewer characters stands in any text by chance. */
const SHORTEST_ENCODED = 6
const ROUNDS = 3

export function knownSecrets(plain: readonly string[]): KnownSecrets {
  const secrets = [...new Set(plain)].filter(secret => secret.length >= SHORTEST)
  const exact = secrets.flatMap(secret => [
    secret,
    escaped(secret),
    encodeURIComponent(wellFormed(secret)),
    ...base64s(secret),
  ])
  // The longest first: what holds another is replaced whole.
  const variants = [...new Set(exact)].sort((a, b) => b.length - a.length)
  const hexes = secrets.map(secret => toHex(new TextEncoder().encode(secret)))
  const holds = (text: string) => variants.some(variant => text.includes(variant)) || holdsHex(text)
  const holdsHex = (text: string) => {
    const lower = text.toLowerCase()
    return hexes.some(hex => lower.includes(hex))
  }

  return {
    replace: (text, by) => variants.reduce((rest, variant) => rest.replaceAll(variant, by), text),
    // Base64 is often broken into lines.
    isIn: text => secrets.length > 0 && [...readings(text), text.replace(/\s+/g, '')].some(holds),
    withoutBeginning(text) {
      const beginnings = [...variants, ...hexes].map(variant => beginningAtEnd(text, variant))
      return text.slice(0, text.length - Math.max(0, ...beginnings))
    },
  }
}

/** The text, and what it reads as once decoded as often as somebody might have encoded it. */
export function readings(text: string): readonly string[] {
  const all = new Set([text])
  let next = text
  for (let round = 0; round < ROUNDS; round += 1) {
    const decoded = unescaped(percentDecoded(next))
    if (decoded === next) break
    all.add(decoded).add(decoded.replaceAll('+', ' '))
    next = decoded
  }
  return [...all]
}

const escaped = (text: string): string => JSON.stringify(text).slice(1, -1)
const wellFormed = (text: string): string => text.toWellFormed()

/** Every byte sequence `%xx`, read as UTF-8 where it is that; anything else stays as it is. */
function percentDecoded(text: string): string {
  if (!text.includes('%')) return text
  return text.replace(/(?:%[0-9a-f]{2})+/gi, run => {
    const bytes = Uint8Array.from(run.slice(1).split('%'), hex => Number.parseInt(hex, 16))
    return new TextDecoder().decode(bytes)
  })
}

function unescaped(text: string): string {
  if (!text.includes('\\') && !text.includes('&')) return text
  return text
    .replace(/\\u\{?([0-9a-f]{4,6})\}?|\\x([0-9a-f]{2})|&#x([0-9a-f]{1,6});/gi, (_, a, b, c) =>
      character(a ?? b ?? c, 16),
    )
    .replace(/&#(\d{1,7});/g, (_, decimal: string) => character(decimal, 10))
    .replace(/\\(["'\\/])/g, '$1')
    .replace(/&(amp|lt|gt|quot|apos);/g, (_, name: string) => ENTITIES[name] ?? '')
}
const ENTITIES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" }

function character(digits: string, radix: 10 | 16): string {
  const code = Number.parseInt(digits, radix)
  return code <= 0x10ffff ? String.fromCodePoint(code) : ''
}

/** What is the same in the base64 of a secret wherever in a longer value it stands: for each of the three ways bytes can fall. */
function base64s(secret: string): readonly string[] {
  const bytes = new TextEncoder().encode(secret)
  const standard = [0, 1, 2].map(before => {
    const shifted = new Uint8Array(before + bytes.length)
    shifted.set(bytes, before)
    const text = btoa(String.fromCharCode(...shifted))
    return text.slice(Math.ceil((before * 4) / 3), Math.floor(((before + bytes.length) * 4) / 3))
  })
  const urlSafe = standard.map(text => text.replaceAll('+', '-').replaceAll('/', '_'))
  return [...standard, ...urlSafe].filter(text => text.length >= SHORTEST_ENCODED)
}

function beginningAtEnd(text: string, variant: string): number {
  for (let length = Math.min(variant.length - 1, text.length); length >= 3; length -= 1)
    if (text.endsWith(variant.slice(0, length))) return length
  return 0
}
