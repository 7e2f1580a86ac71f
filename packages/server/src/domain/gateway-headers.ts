import { type FlatHeaders, headerOf } from './flat-headers.ts'

export type HeaderPair = readonly [name: string, value: string]

/** What a caller's request may carry on to the provider. Anything else needs `behalf-forward-{name}`. */
const REQUEST: ReadonlySet<string> = new Set([
  'accept',
  'accept-encoding',
  'accept-language',
  'content-encoding',
  'content-language',
  'content-type',
  'idempotency-key',
  'if-match',
  'if-modified-since',
  'if-none-match',
  'if-range',
  'if-unmodified-since',
  'prefer',
  'range',
])
const FORWARD = 'behalf-forward-'
const NEVER_FORWARDED =
  /^(authorization|cookie|cookie2|host|connection|content-length|transfer-encoding|te|trailer|upgrade|keep-alive|expect|forwarded|via|origin|referer|proxy-.*|x-forwarded-.*|x-real-ip|x-original-.*|x-rewrite-.*|x-http-method.*|x-method-override|behalf-.*|sec-.*)$/
const NAME = /^[a-z0-9!#$%&'*+.^_`|~-]{1,100}$/
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is refused
const VALUE = /^[^\u0000-\u0008\u000a-\u001f\u007f]{0,8192}$/

/** What a provider's answer may not bring along: what would set state in our origin, or speaks of the connection. */
const RESPONSE_DROPPED =
  /^(set-cookie2?|clear-site-data|strict-transport-security|public-key-pins.*|refresh|service-worker-allowed|alt-svc|server|via|x-powered-by|nel|report-to|reporting-endpoints|origin-agent-cluster|content-security-policy.*|permissions-policy|x-frame-options|connection|keep-alive|transfer-encoding|te|trailer|upgrade|proxy-.*|access-control-.*|behalf-.*|location|www-authenticate|sourcemap|x-sourcemap|cross-origin-.*|link|x-content-type-options|referrer-policy)$/

const NOTHING: ReadonlySet<string> = new Set()
const MOST_NAMES = 500

/** Header names repeat on every call: each is lower-cased and judged once, for as many as are worth keeping. */
function judgedOnce<Judged>(judge: (name: string) => Judged): (name: string) => Judged {
  const known = new Map<string, Judged>()
  return name => {
    const before = known.get(name)
    if (before !== undefined) return before
    const judged = judge(name)
    if (known.size < MOST_NAMES && name.length < 100) known.set(name, judged)
    return judged
  }
}
const lowered = judgedOnce(name => name.toLowerCase())
const isKept = judgedOnce(name => !RESPONSE_DROPPED.test(name.toLowerCase()))
/** The name under which a caller's header travels on, undefined where it does not. */
const onward = judgedOnce(given => {
  const name = given.toLowerCase()
  if (!name.startsWith(FORWARD)) return REQUEST.has(name) ? name : null
  const wire = name.slice(FORWARD.length)
  return NAME.test(wire) && !NEVER_FORWARDED.test(wire) ? wire : null
})

/** The headers that a `Connection` names (RFC 9110 7.6.1). */
function hopByHop(headers: FlatHeaders): ReadonlySet<string> {
  let named: Set<string> | undefined
  for (let at = 0; at < headers.length; at += 2) {
    if (lowered(headers[at] ?? '') !== 'connection') continue
    named ??= new Set()
    for (const part of (headers[at + 1] ?? '').toLowerCase().split(',')) named.add(part.trim())
  }
  return named ?? NOTHING
}

/** How the credential enters: by header, or by query parameter with no header at all. */
export type CredentialHeader = { readonly name: string; readonly value: string } | null

/**
 * A new header list for the provider (flat name, value …): allow-listed from the caller's, then ours, the credential last and alone of its
 * name. The connector's `defaults` (names in lower case) fill in what the caller left out. Headers that the caller's `Connection` names are dropped (RFC 9110 7.6.1).
 */
export function requestHeaders(
  caller: FlatHeaders,
  credential: CredentialHeader,
  defaults: readonly HeaderPair[] = [],
): string[] {
  const hop = hopByHop(caller)
  const injected = credential?.name.toLowerCase()
  const sent: string[] = []
  for (let at = 0; at < caller.length; at += 2) {
    const given = caller[at] ?? ''
    const value = caller[at + 1] ?? ''
    const wire = onward(given)
    if (wire === null || wire === injected || hop.has(lowered(given)) || !VALUE.test(value)) continue
    const before = valueAt(sent, wire)
    if (before === -1) sent.push(wire, value)
    else sent[before] = `${sent[before]}, ${value}`
  }
  for (const [name, value] of defaults) if (name !== injected && valueAt(sent, name) === -1) sent.push(name, value)
  const agent = valueAt(sent, 'user-agent')
  if (agent === -1) sent.push('user-agent', 'Behalf')
  else if (!defaults.some(([name]) => name === 'user-agent')) sent[agent] = 'Behalf'
  if (credential !== null) sent.push(credential.name, credential.value)
  return sent
}

/** Where a header's value stands in a flat list; -1 where it is not there. */
function valueAt(flat: readonly string[], name: string): number {
  for (let at = 0; at < flat.length; at += 2) if (flat[at] === name) return at + 1
  return -1
}

const OURS = [
  'Content-Security-Policy',
  'sandbox',
  'X-Content-Type-Options',
  'nosniff',
  'Referrer-Policy',
  'no-referrer',
  'Behalf-Answered-By',
  'provider',
  'Request-Id',
] as const

/** The provider's headers that go back to the caller, and ours (flat). `location` is the rewritten one, where there is one. */
export function responseHeaders(
  upstream: FlatHeaders,
  { requestId, location }: { readonly requestId: string; readonly location: string | null },
): string[] {
  const hop = hopByHop(upstream)
  const sent: string[] = []
  let isCacheSaid = false
  for (let at = 0; at < upstream.length; at += 2) {
    const name = upstream[at] ?? ''
    if (!isKept(name) || hop.has(lowered(name))) continue
    if (lowered(name) === 'cache-control') isCacheSaid = true
    sent.push(name, upstream[at + 1] ?? '')
  }
  if (!isCacheSaid) sent.push('Cache-Control', 'no-store')
  if (location !== null) sent.push('Location', location)
  sent.push(...OURS, requestId)
  return sent
}

/** A redirect as the caller may follow it: through the gateway where it stays under the base, nowhere otherwise. */
export function rewriteLocation(
  upstream: FlatHeaders,
  { baseUrl, url, gatewayPath }: { readonly baseUrl: string; readonly url: string; readonly gatewayPath: string },
): string | null {
  const raw = headerOf(upstream, 'location')
  if (raw === undefined) return null
  const next = URL.parse(raw, url)
  const base = baseUrl.endsWith('/') ? baseUrl : `${baseUrl}/`
  if (next === null || !next.href.startsWith(base)) return null
  return gatewayPath + next.href.slice(base.length)
}
