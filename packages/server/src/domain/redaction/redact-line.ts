import type { HeaderPair } from '../gateway-headers.ts'
import { holdsEmail, isPlainName, mask } from './mask.ts'
import { decoded, type Redacting, redactPair } from './redact-body.ts'
import { type CallPart, REDACTED } from './removals.ts'

/** Headers that speak of the message and of no person. */
const TECHNICAL =
  /^(?:accept(?:-encoding|-language|-ranges)?|age|allow|cache-control|content-(?:encoding|language|length|range|type)|date|expires|last-modified|prefer|range|retry-after|user-agent|vary|x-rate-?limit-.*|rate-?limit.*)$/

/** Headers as they may be kept: permissive without secrets; standard those that speak of the message, and the others masked. */
export function redactHeaders(
  headers: readonly HeaderPair[],
  part: CallPart,
  { policy, scrub, removals, isSecret }: Redacting,
): readonly HeaderPair[] {
  return headers.map(([given, value]): HeaderPair => {
    const name = scrub.finds(given) ? REDACTED : given.toLowerCase()
    if (isSecret(name) || name === REDACTED) return [name, removed('secret', REDACTED)]
    const cleaned = scrub.clean(value)
    if (cleaned !== value) return [name, removed('secret', policy === 'permissive' ? cleaned : REDACTED)]
    if (policy === 'permissive' || TECHNICAL.test(name)) return [name, value]
    return holdsEmail(value) ? [name, removed('email', REDACTED)] : [name, removed('masked', mask(value))]

    function removed(kind: 'secret' | 'email' | 'masked', kept: string): string {
      removals.note(part, kind, name)
      return kept
    }
  })
}

/**
 * The path and query of a call as they may be kept, after the part of it that the manifest names. Permissive without secrets; standard with
 * segments and values masked.
 */
export function redactPath(remainder: string, prefix: string, redacting: Redacting): string {
  const { policy, scrub, removals, isSecret } = redacting
  const mark = remainder.indexOf('?')
  const path = mark === -1 ? remainder : remainder.slice(0, mark)
  const query = mark === -1 ? undefined : remainder.slice(mark + 1)
  const pairs = query === undefined ? '' : `?${query.split('&').map(parameter).join('&')}`
  return `/${segments(path)}${pairs}`

  function segments(text: string): string {
    const kept = prefix === '' || !text.startsWith(prefix) ? '' : prefix
    const rest = text
      .slice(kept.length)
      .split('/')
      .map(segment => (segment === '' ? '' : value(segment, 'path')))
    return scrub.finds(kept) ? REDACTED : kept + rest.join('/')
  }

  function parameter(pair: string): string {
    if (policy === 'permissive') {
      const cleaned = redactPair(pair, redacting)
      if (cleaned !== pair) removals.note('path', 'secret', 'query')
      return cleaned
    }
    const [name = '', ...rest] = pair.split('=')
    const shown = isPlainName(decoded(name)) && !scrub.finds(name) ? name : REDACTED
    if (rest.length === 0) return shown
    if (!isSecret(decoded(name))) return `${shown}=${value(rest.join('='), 'query')}`
    removals.note('path', 'secret', 'query')
    return `${shown}=${REDACTED}`
  }

  function value(text: string, where: 'path' | 'query'): string {
    const cleaned = scrub.clean(text)
    if (cleaned !== text) {
      removals.note('path', 'secret', where)
      return policy === 'permissive' ? cleaned : REDACTED
    }
    if (policy === 'permissive') return text
    const isEmail = holdsEmail(decoded(text))
    removals.note('path', isEmail ? 'email' : 'masked', where)
    return isEmail ? REDACTED : mask(decoded(text))
  }
}
