import { BrokerError } from '../domain/broker-error.ts'
import type { RevokeOutcome } from '../domain/outcome.ts'
import type { TokenKind } from '../domain/revocation.ts'
import { reveal, type Secret } from '../domain/secret.ts'
import type { Outbound, OutboundRequest } from '../ports/outbound.ts'
import type { Client } from '../ports/provider-client.ts'
import { basic, encodedBasic } from './client-authentication.ts'
import { withoutSecrets } from './provider-text.ts'
import { readRetryAfter } from './retry-after.ts'
import { own, parseObject } from './strict-json.ts'
import { writtenOut } from './written-out.ts'

const DEADLINE_MS = 10_000
const MOST_BYTES = 65_536
const ALREADY_GONE: ReadonlySet<string> = new Set(['invalid_token', 'invalid_grant', 'token_revoked'])
const DEFAULTS = {
  authentication: 'as_token_endpoint',
  token_key: 'token',
  method: 'POST',
  headers: {},
  data: {},
} as const

/** Revokes one token in the shape its connector names; by default RFC 7009 2.1. */
export async function revokeToken(
  outbound: Outbound,
  client: Client,
  token: Secret,
  kind: TokenKind,
): Promise<RevokeOutcome> {
  const url = client.definition.auth.revoke_url
  if (url === undefined) return { kind: 'unsupported' }
  try {
    const response = await outbound.fetch(revokeRequest(client, url, token, kind))
    return judge(response, await errorOf(response, client, token), client.definition.auth.revoke?.authentication)
  } catch (error) {
    if (error instanceof BrokerError) return { kind: 'failed', reason: error.code, retryAfterMs: null }
    throw error
  }
}

function revokeRequest(client: Client, revokeUrl: string, token: Secret, kind: TokenKind): OutboundRequest {
  const { auth } = client.definition
  const revoke = auth.revoke ?? DEFAULTS
  const fields = new URLSearchParams(writtenOut(revoke.data))
  fields.set(revoke.token_key, reveal(token))
  if (revoke.method === 'POST' && revoke.token_key === 'token' && !fields.has('token_type_hint'))
    fields.set('token_type_hint', kind)
  const named = Object.entries(revoke.headers).map(([name, value]) => [name.toLowerCase(), value] as const)
  const headers = {
    accept: 'application/json',
    'user-agent': 'Behalf',
    ...Object.fromEntries(named),
    ...authentication(client, revoke.authentication, token, fields),
  }
  const request = {
    target: client.target,
    method: revoke.method,
    deadlineMs: DEADLINE_MS,
    maxBytes: MOST_BYTES,
    redirects: 'refuse',
  } as const
  if (revoke.method === 'POST' || revoke.method === 'PUT') {
    const contentType = { 'content-type': 'application/x-www-form-urlencoded;charset=UTF-8' }
    return { ...request, url: revokeUrl, headers: { ...headers, ...contentType }, body: fields.toString() }
  }
  // SECURITY: the connector chose a method without a body, so the token travels in the query; this URL is never logged.
  const url = new URL(revokeUrl)
  for (const [name, value] of fields) url.searchParams.set(name, value)
  return { ...request, url: url.href, headers }
}

/** Headers that authenticate the request; methods that use the body put their fields into `fields`. */
function authentication(
  client: Client,
  how: 'as_token_endpoint' | 'request_body' | 'basic' | 'bearer' | 'none',
  token: Secret,
  fields: URLSearchParams,
): Record<string, string> {
  const { auth } = client.definition
  const clientSecret = client.credentials.clientSecret === null ? '' : reveal(client.credentials.clientSecret)
  if (how === 'none') return {}
  if (how === 'bearer') return { authorization: `Bearer ${reveal(token)}` }
  if (how === 'basic') return { authorization: encodedBasic(auth.client_id, clientSecret) }
  if (how === 'as_token_endpoint' && auth.client_authentication === 'client_secret_basic') {
    return { authorization: encodedBasic(auth.client_id, clientSecret) }
  }
  if (how === 'as_token_endpoint' && auth.client_authentication === 'client_secret_basic_raw') {
    return { authorization: basic(auth.client_id, clientSecret) }
  }
  fields.set('client_id', auth.client_id)
  if (clientSecret !== '' && auth.client_authentication !== 'none') fields.set('client_secret', clientSecret)
  return {}
}

// RFC 7009 2.2: 200 also for tokens the server never knew. An answer that the token is dead is as good; an error told with 200 is an error.
function judge(response: Response, error: string | undefined, authentication: string | undefined): RevokeOutcome {
  const { status } = response
  const failed = (reason: string): RevokeOutcome => ({
    kind: 'failed',
    reason,
    retryAfterMs: readRetryAfter(response.headers.get('retry-after'), Date.now()),
  })
  if (response.ok && error === undefined) return { kind: 'revoked' }
  if (status === 404 || status === 410) return { kind: 'already_gone' }
  // The token itself was the credential, and no longer is one.
  if (status === 401 && authentication === 'bearer') return { kind: 'already_gone' }
  if ((response.ok || status === 400) && error !== undefined) {
    if (ALREADY_GONE.has(error)) return { kind: 'already_gone' }
    if (error === 'unsupported_token_type') return { kind: 'unsupported' }
    return failed(error)
  }
  return failed(status < 500 && error !== undefined ? error : `http_${status}`)
}

/** The error's code, safe to store: providers quote what they were sent. */
async function errorOf(response: Response, { credentials }: Client, token: Secret): Promise<string | undefined> {
  const answer = parseObject(await response.text())
  const error = answer && own(answer, 'error')
  if (typeof error !== 'string' || error === '') return undefined
  const secrets = credentials.clientSecret === null ? [token] : [token, credentials.clientSecret]
  return withoutSecrets(error, secrets)
    .replace(/[^\w.-]/g, '_')
    .slice(0, 80)
}
