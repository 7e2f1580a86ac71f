/** Where a gateway call goes: the URL whose bytes leave, or why it may not. */
export type GatewayTarget =
  | { readonly kind: 'target'; readonly url: string }
  | { readonly kind: 'refused'; readonly why: string }

const LONGEST = 8_192
// Printable ASCII without what parsers disagree about: space, backslash, quotes, `<>`, `^`, backtick, braces, pipe, fragment.
const PATH = /^(?:[A-Za-z0-9\-._~!$&'()*+,;=:@/]|%[0-9A-Fa-f]{2})*$/
const QUERY = /^(?:[A-Za-z0-9\-._~!$&'()*+,;=:@/?[\]|{}^]|%[0-9A-Fa-f]{2})*$/
/** What a path may decode to: no backslash and no control character. */
const PLAIN = /^[\x20-\x5b\x5d-\x7e\x80-\xff]*$/
const ROUNDS = 5
/** Segments that nobody decodes or normalises: no percent sign, none begins with a dot, none is empty but the last. */
const PLAIN_SEGMENTS = /^(?:[A-Za-z0-9\-_~][A-Za-z0-9\-._~]*\/)*(?:[A-Za-z0-9\-_~][A-Za-z0-9\-._~]*)?$/

/**
 * Appends what follows `/gateway/{connector}/` to a connector's base URL, byte for byte, or refuses it: whatever would leave the base path once
 * somebody decodes or normalises it. `dropped` are query parameters a caller may not bring (compared without case).
 */
export function gatewayTarget(baseUrl: string, remainder: string, dropped: readonly string[]): GatewayTarget {
  if (remainder.length > LONGEST) return { kind: 'refused', why: 'too long' }
  const mark = remainder.indexOf('?')
  const path = mark === -1 ? remainder : remainder.slice(0, mark)
  const query = mark === -1 ? undefined : remainder.slice(mark + 1)
  const isPlain = PLAIN_SEGMENTS.test(path)
  if (!isPlain && !PATH.test(path)) return { kind: 'refused', why: 'path characters' }
  if (query !== undefined && !QUERY.test(query)) return { kind: 'refused', why: 'query characters' }
  if (!isPlain && climbs(path)) return { kind: 'refused', why: 'path segments' }
  const kept = query === undefined ? undefined : withoutParameters(query, dropped)
  const base = baseUrl.endsWith('/') ? baseUrl : `${baseUrl}/`
  const url = base + path + (kept === undefined || kept === '' ? '' : `?${kept}`)
  if (isPlain) return { kind: 'target', url }
  // SECURITY: the parser that dials must agree with the bytes: same origin, and a path that stays under the base as it stands.
  const parsed = URL.parse(url)
  const fixed = new URL(base)
  if (parsed === null || parsed.origin !== fixed.origin || parsed.pathname !== fixed.pathname + path)
    return { kind: 'refused', why: 'normalises' }
  return { kind: 'target', url }
}

/** Whether any segment is a dot segment, or hides a separator, however often it is decoded. */
function climbs(path: string): boolean {
  let text = path
  for (let round = 0; round < ROUNDS; round += 1) {
    if (text.startsWith('/') || text.includes('//') || !PLAIN.test(text)) return true
    if (text.split('/').some(segment => /^ *\.{1,2} *([;?#].*)?$/.test(segment))) return true
    if (round === 0 && /%(2f|5c)/i.test(text)) return true
    const decoded = text.replace(/%([0-9A-Fa-f]{2})/g, (_, hex: string) =>
      String.fromCharCode(Number.parseInt(hex, 16)),
    )
    if (decoded === text) return false
    text = decoded
  }
  return true
}

function withoutParameters(query: string, dropped: readonly string[]): string {
  const names = new Set(dropped.map(name => name.toLowerCase()))
  return query
    .split('&')
    .filter(part => !names.has(decoded(part.split('=')[0] ?? '').toLowerCase()))
    .join('&')
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '))
  } catch {
    return text
  }
}
