import type { RevocationStep } from '@behalf/contract'
import { BrokerError } from '../domain/broker-error.ts'
import { anyHolds } from '../domain/condition.ts'
import { filledUrl } from '../domain/endpoints.ts'
import type { RevokeOutcome } from '../domain/outcome.ts'
import { withoutSecrets } from '../domain/provider-text.ts'
import { reveal, type Secret } from '../domain/secret.ts'
import { allValues } from '../domain/variables.ts'
import type { Outbound, OutboundRequest } from '../ports/outbound.ts'
import type { Client, TokensToRevoke } from '../ports/provider-client.ts'
import { basicCredentials, rawBasicCredentials } from './basic-credentials.ts'
import { authenticateClient, methodAt } from './client-authentication.ts'
import { fieldTexts, filled, plainNames, requestNames } from './request-names.ts'
import { formOf, withQuery, written } from './request-shape.ts'
import { readRetryAfter } from './retry-after.ts'
import { own, parseObject } from './strict-json.ts'

const DEADLINE_MS = 10_000
const MOST_BYTES = 65_536
const ALREADY_GONE: ReadonlySet<string> = new Set(['invalid_token', 'invalid_grant', 'token_revoked'])

/** Sends one revocation step for one token, in the shape its connector names; by default RFC 7009 2.1. `now` in epoch milliseconds. */
export async function revokeStep(
  outbound: Outbound,
  client: Client,
  step: RevocationStep,
  held: TokensToRevoke,
  now: number,
): Promise<RevokeOutcome> {
  try {
    const outcome = await attempt(outbound, client, step, held, now)
    const { previousClientSecret = null } = client.credentials
    if (outcome.kind !== 'failed' || outcome.reason !== 'invalid_client' || previousClientSecret === null)
      return outcome
    const former = { ...client, credentials: { ...client.credentials, clientSecret: previousClientSecret } }
    return await attempt(outbound, former, step, held, now)
  } catch (error) {
    if (error instanceof BrokerError) return { kind: 'failed', reason: error.code, retryAfterMs: null }
    throw error
  }
}

async function attempt(
  outbound: Outbound,
  client: Client,
  step: RevocationStep,
  held: TokensToRevoke,
  now: number,
): Promise<RevokeOutcome> {
  const response = await outbound.fetch(await revokeRequest(client, step, held, now))
  return judge(response, await response.text(), { client, step, held, now })
}

/** The request of a step, whole. Throws `connector_misconfigured` where a variable has no value. */
export async function revokeRequest(
  client: Client,
  step: RevocationStep,
  held: TokensToRevoke,
  now: number,
): Promise<OutboundRequest> {
  const { definition, target } = client
  const token = held.token === null ? '' : reveal(held.token)
  const access = held.accessToken === null ? '' : reveal(held.accessToken)
  const names = requestNames(client, now, {
    token,
    access_token: access,
    refresh_token: held.refreshToken === null ? '' : reveal(held.refreshToken),
  })
  const position = positionOf(step, held)
  const pathNames = { ...plainNames(client), ...(position === 'path' ? { token } : {}) }
  // SECURITY: a token is in the path or the query only where the connector chose so; such a URL is never logged.
  const url = filledUrl(definition, step.url, { ...allValues(definition, client.values ?? {}), ...pathNames })
  const fields = formOf(fieldTexts(step.data, names))
  const headers = new Headers({ accept: 'application/json', 'user-agent': 'Behalf' })
  for (const [name, value] of Object.entries(step.headers)) headers.set(name, filled(value, plainNames(client)))
  if (position === 'form' || position === 'json') fields.set(step.token_key, token)
  if (step.token_type_hint && held.token !== null) fields.set('token_type_hint', held.kind)
  await authenticate(client, step, held, { url, now, fields, headers })
  const sentFields = renamedClient(client, fields)
  if (position === 'header') headers.set(step.token_key, filled(step.token_value, { token }))
  const inQuery = position === 'query' ? withQuery(url, [[step.token_key, token]]) : url
  const format = bodyOf(step, position, sentFields.size > 0)
  const sent = { method: step.method, url: inQuery, headers: Object.fromEntries(headers) }
  const request = format === 'none' ? withRest(sent, sentFields) : written({ ...sent, format }, sentFields)
  return { target, ...request, deadlineMs: DEADLINE_MS, maxBytes: MOST_BYTES, redirects: 'refuse' }
}

/** Where the token endpoint takes the client under another name, so does this one. */
function renamedClient({ definition }: Client, fields: URLSearchParams): URLSearchParams {
  const { client_id = 'client_id', client_secret = 'client_secret' } = definition.auth.token_request.rename
  const names: Readonly<Record<string, string>> = { client_id, client_secret }
  return formOf([...fields].map(([name, value]) => [names[name] ?? name, value] as const))
}

const positionOf = (step: RevocationStep, { token }: TokensToRevoke) =>
  token === null ? 'none' : (step.position ?? (hasBody(step.method) ? 'form' : 'query'))

const hasBody = (method: RevocationStep['method']): boolean =>
  method === 'POST' || method === 'PUT' || method === 'PATCH'

/** SECURITY: what is left has a body wherever the method can have one: a client secret is in a URL only where the connector chose such a method. */
function bodyOf(step: RevocationStep, position: string, hasFields: boolean): 'form' | 'json' | 'none' {
  if (step.position === 'form' || step.position === 'json') return step.position
  if (position === 'form') return position
  if (step.body !== undefined) return step.body
  return hasFields && hasBody(step.method) ? 'form' : 'none'
}

/** Without a body, what is left goes into the query. */
const withRest = (sent: { method: string; url: string; headers: Record<string, string> }, fields: URLSearchParams) => ({
  ...sent,
  url: withQuery(sent.url, [...fields]),
})

/** Lets a step authenticate: headers, or fields where the method uses the body. */
async function authenticate(
  client: Client,
  step: RevocationStep,
  held: TokensToRevoke,
  {
    url,
    now,
    fields,
    headers,
  }: { readonly url: string; readonly now: number; readonly fields: URLSearchParams; readonly headers: Headers },
): Promise<void> {
  const { auth } = client.definition
  const clientSecret = client.credentials.clientSecret === null ? '' : reveal(client.credentials.clientSecret)
  switch (step.authentication) {
    case 'none':
      return
    case 'bearer':
      return headers.set('authorization', `Bearer ${held.token === null ? '' : reveal(held.token)}`)
    case 'bearer_access_token':
      return headers.set('authorization', `Bearer ${held.accessToken === null ? '' : reveal(held.accessToken)}`)
    case 'basic':
      return headers.set('authorization', `Basic ${basicCredentials(auth.client_id, clientSecret)}`)
    case 'basic_raw':
      return headers.set('authorization', `Basic ${rawBasicCredentials(auth.client_id, clientSecret)}`)
    case 'header': {
      const { name, value } = step.authentication_header ?? { name: 'Authorization', value: '' }
      return headers.set(name, filled(value, requestNames(client, now)))
    }
    case 'client_id':
      return fields.set('client_id', auth.client_id)
    case 'request_body':
      fields.set('client_id', auth.client_id)
      if (clientSecret !== '' && auth.client_authentication !== 'none') fields.set('client_secret', clientSecret)
      return
    case 'as_token_endpoint':
      return authenticateClient(client, methodAt(auth, 'revocation'), { url, now }, { fields, headers })
  }
}

type Judged = {
  readonly client: Client
  readonly step: RevocationStep
  readonly held: TokensToRevoke
  readonly now: number
}

// RFC 7009 2.2: 200 also for tokens the server never knew. An answer that the token is dead is as good; an error told with 200 is an error.
function judge(response: Response, text: string, { client, step, held, now }: Judged): RevokeOutcome {
  const { status } = response
  const document = parseObject(text)
  const answered = { status, header: (name: string) => response.headers.get(name), document }
  const error = document && errorOf(document, client, held)
  const failed = (reason: string): RevokeOutcome => ({
    kind: 'failed',
    reason,
    retryAfterMs: readRetryAfter(response.headers.get('retry-after'), now),
  })
  if (anyHolds(step.success, answered)) return { kind: 'revoked' }
  if (anyHolds(step.already_gone, answered)) return { kind: 'already_gone' }
  if (step.success.length === 0 && response.ok && error === undefined) return { kind: 'revoked' }
  // Where the token is in a form, 404 says that there is no endpoint: RFC 7009 has 200 for a token that is gone.
  const isForm = positionOf(step, held) === 'form'
  if (!isForm && (status === 404 || status === 410)) return { kind: 'already_gone' }
  // The token itself was the credential, and no longer is one.
  if (status === 401 && (step.authentication === 'bearer' || step.authentication === 'bearer_access_token'))
    return { kind: 'already_gone' }
  if ((response.ok || status === 400) && error !== undefined) {
    if (ALREADY_GONE.has(error)) return { kind: 'already_gone' }
    if (error === 'unsupported_token_type') return { kind: 'unsupported' }
    return failed(error)
  }
  return failed(status < 500 && error !== undefined ? error : `http_${status}`)
}

/** The error's code, safe to store: providers quote what they were sent. */
function errorOf(
  document: Readonly<Record<string, unknown>>,
  { credentials }: Client,
  held: TokensToRevoke,
): string | undefined {
  const error = own(document, 'error')
  if (typeof error !== 'string' || error === '') return undefined
  const secrets: readonly (Secret | null | undefined)[] = [
    held.token,
    held.accessToken,
    held.refreshToken,
    credentials.clientSecret,
    credentials.previousClientSecret,
  ]
  return withoutSecrets(
    error,
    secrets.filter(one => one !== null && one !== undefined),
  )
    .replace(/[^\w.-]/g, '_')
    .slice(0, 80)
}
