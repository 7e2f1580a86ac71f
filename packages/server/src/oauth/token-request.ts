import type { TokenResponse } from '@behalf/contract'
import * as oauth from 'oauth4webapi'
import { BrokerError } from '../domain/broker-error.ts'
import { endpointUrl, neededUrl } from '../domain/endpoints.ts'
import type { ProviderError } from '../domain/outcome.ts'
import type { Secret } from '../domain/secret.ts'
import type { Values } from '../domain/template.ts'
import { allValues } from '../domain/variables.ts'
import type { Outbound, OutboundRequest } from '../ports/outbound.ts'
import type { Client } from '../ports/provider-client.ts'
import { authenticateClient, methodAt } from './client-authentication.ts'
import { dpopHandle } from './dpop.ts'
import { type Shape, type Shaped, shaped } from './request-shape.ts'
import { readRetryAfter } from './retry-after.ts'
import { own } from './strict-json.ts'
import { readTokenAnswer, type TokenAnswer } from './token-answer.ts'

/** How a token request ended; statuses are judged once, here. */
export type TokenRequestEnd =
  | Extract<TokenAnswer, { kind: 'tokens' }>
  /** `gone` where the connector says that this error ends the grant. */
  | { readonly kind: 'grant_error'; readonly error: ProviderError; readonly gone: boolean }
  | { readonly kind: 'client_error'; readonly error: ProviderError }
  /** A success that nothing can be done with. */
  | Extract<TokenAnswer, { kind: 'unusable' }>
  /** `sent` is false only where no byte of the request can have left. */
  | {
      readonly kind: 'unavailable'
      readonly reason: string
      readonly retryAfterMs: number | null
      readonly sent: boolean
    }

const LONGEST_MS = 20_000
const MOST_BYTES = 1_048_576
const CLIENT_ERRORS: ReadonlySet<string> = new Set(['invalid_client', 'unauthorized_client'])
const PASSING_ERRORS: ReadonlySet<string> = new Set([
  'temporarily_unavailable',
  'server_error',
  'service_unavailable',
  'internal_error',
  'slow_down',
  'rate_limited',
  'ratelimited',
])
const PASSING_STATUSES: ReadonlySet<number> = new Set([408, 425, 429])

export type Sending = {
  readonly endpoint: 'token' | 'refresh'
  readonly deadlineMs: number
  readonly receivedAt: () => number
  /** What the request carries and no error may repeat. */
  readonly secrets: readonly Secret[]
  readonly shape: Shape
  /** What the shape's own fields may name. */
  readonly names: Values
  /** Sends with oauth4webapi, through the fetch it is handed. */
  readonly send: (
    as: oauth.AuthorizationServer,
    client: oauth.Client,
    authentication: oauth.ClientAuth,
    options: oauth.TokenEndpointRequestOptions,
  ) => Promise<Response>
}

/** Sends one token request and reads its end. The body is never sent a second time, but where the provider asks for its nonce (RFC 9449 8). */
export async function tokenRequest(outbound: Outbound, client: Client, sending: Sending): Promise<TokenRequestEnd> {
  const { auth } = client.definition
  try {
    const url = tokenUrl(client, sending.endpoint)
    const as: oauth.AuthorizationServer = { issuer: auth.issuer ?? new URL(url).origin, token_endpoint: url }
    const method = methodAt(auth, sending.endpoint)
    const authentication: oauth.ClientAuth = (_server, _client, fields, headers) =>
      authenticateClient(client, method, { url, now: sending.receivedAt() }, { fields, headers })
    const shape = method === 'client_secret_json' ? { ...sending.shape, format: 'json' as const } : sending.shape
    const dpop = await dpopHandle(client)
    const options = {
      // Plain http is outbound's to judge, by address.
      [oauth.allowInsecureRequests]: true,
      [oauth.customFetch]: customFetch(outbound, client, { ...sending, shape }),
      ...(dpop === undefined ? {} : { DPoP: dpop }),
    }
    const send = () => sending.send(as, { client_id: auth.client_id }, authentication, options)
    const first = await answered(await send())
    const whole = dpop !== undefined && asksForNonce(first) ? await answered(await send()) : first
    return readEnd(client, sending, whole)
  } catch (error) {
    if (error instanceof BrokerError)
      return { kind: 'unavailable', reason: error.code, retryAfterMs: null, sent: wasSent(error) }
    throw error
  }
}

/** A request of a provider's own making, read the same way. */
export async function shapedTokenRequest(
  outbound: Outbound,
  client: Client,
  request: Shaped,
  sending: Pick<Sending, 'deadlineMs' | 'receivedAt' | 'secrets'>,
): Promise<TokenRequestEnd> {
  try {
    return readEnd(client, sending, await answered(await outbound.fetch(leaving(client, request, sending.deadlineMs))))
  } catch (error) {
    if (error instanceof BrokerError)
      return { kind: 'unavailable', reason: error.code, retryAfterMs: null, sent: wasSent(error) }
    throw error
  }
}

type Whole = { readonly status: number; readonly headers: Headers; readonly text: string }
const answered = async (response: Response): Promise<Whole> => ({
  status: response.status,
  headers: response.headers,
  text: await response.text(),
})

const asksForNonce = ({ status, headers, text }: Whole): boolean =>
  (status === 400 || status === 401) && headers.has('dpop-nonce') && text.includes('use_dpop_nonce')

function tokenUrl({ definition, values = {} }: Client, endpoint: 'token' | 'refresh'): string {
  const all = allValues(definition, values)
  const own = endpoint === 'refresh' ? endpointUrl(definition, 'refresh_url', all) : undefined
  return own ?? neededUrl(definition, 'token_url', all)
}

function readEnd(
  client: Client,
  sending: Pick<Sending, 'receivedAt' | 'secrets'>,
  { status, headers, text }: Whole,
): TokenRequestEnd {
  const { auth } = client.definition
  const receivedAt = sending.receivedAt()
  const rules = {
    response: auth.token_response,
    scopeSeparator: auth.scope_separator,
    receivedAt,
    bound: auth.dpop !== undefined,
    secrets: secretsOf(client, sending),
  }
  const answer = readTokenAnswer(text, { status, header: name => headers.get(name) }, rules)
  return judge({ status, headers }, answer, receivedAt, auth.token_response.error_classes)
}

function customFetch(outbound: Outbound, client: Client, { shape, names, deadlineMs }: Sending) {
  return (url: string, { headers, body }: oauth.CustomFetchOptions<'POST', URLSearchParams>) => {
    const own = new Headers(headers)
    // The library names itself.
    own.delete('user-agent')
    const request = shaped({ url, headers: own, fields: body }, shape, names)
    return outbound.fetch(leaving(client, request, deadlineMs))
  }
}

const leaving = (client: Client, { method, url, headers, body }: Shaped, deadlineMs: number): OutboundRequest => ({
  target: client.target,
  method,
  url,
  // The library asks for JSON by name, without which GitHub answers a form. Some APIs refuse callers without a name.
  headers: { accept: 'application/json', 'user-agent': 'Behalf', ...headers },
  ...(body === undefined ? {} : { body }),
  deadlineMs: Math.min(deadlineMs, LONGEST_MS),
  maxBytes: MOST_BYTES,
  redirects: 'refuse',
})

const secretsOf = ({ credentials }: Client, { secrets }: Pick<Sending, 'secrets'>): readonly Secret[] => [
  ...secrets,
  ...[credentials.clientSecret, credentials.previousClientSecret].filter(one => one !== null && one !== undefined),
  ...Object.values(credentials.variables ?? {}),
]

// Only a 4xx, or an error told with 200, says anything final about the grant or the client (reliability case RR-10).
function judge(
  response: Pick<Whole, 'status' | 'headers'>,
  answer: TokenAnswer,
  now: number,
  classes: TokenResponse['error_classes'],
): TokenRequestEnd {
  const { status } = response
  const retryAfterMs = readRetryAfter(response.headers.get('retry-after'), now)
  const unavailable = (reason: string) => ({ kind: 'unavailable', reason, retryAfterMs, sent: true }) as const
  if (status === 429) return unavailable('rate_limited')
  if (status >= 500 || PASSING_STATUSES.has(status)) return unavailable(`http_${status}`)
  if (status >= 300 && status < 400) return unavailable('redirected')
  if (answer.kind === 'tokens') return answer
  if (answer.kind === 'unusable') {
    if (status === 401) return { kind: 'client_error', error: { error: 'invalid_client', description: null } }
    return status >= 200 && status < 300 ? answer : unavailable(answer.reason)
  }
  const code = answer.error.error.toLowerCase()
  const said = own(classes, answer.error.error) ?? own(classes, code)
  if (said === 'unavailable' || (said === undefined && PASSING_ERRORS.has(code))) return unavailable(code)
  if (said === 'client_rejected' || (said === undefined && CLIENT_ERRORS.has(code)))
    return { kind: 'client_error', error: answer.error }
  return { kind: 'grant_error', error: answer.error, gone: said === 'grant_gone' }
}

function wasSent({ cause }: BrokerError): boolean {
  const phase = cause instanceof Error && 'phase' in cause ? cause.phase : undefined
  return phase !== 'check' && phase !== 'resolve' && phase !== 'connect'
}
