import * as oauth from 'oauth4webapi'
import { BrokerError } from '../domain/broker-error.ts'
import { endpointsOf } from '../domain/endpoints.ts'
import type { ProviderError } from '../domain/outcome.ts'
import type { Secret } from '../domain/secret.ts'
import type { Outbound } from '../ports/outbound.ts'
import type { Client } from '../ports/provider-client.ts'
import { readRetryAfter } from './retry-after.ts'
import { readTokenAnswer, type TokenAnswer } from './token-answer.ts'

/** How a token request ended; statuses are judged once, here. */
export type TokenRequestEnd =
  | Extract<TokenAnswer, { kind: 'tokens' }>
  | { readonly kind: 'grant_error'; readonly error: ProviderError }
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
  readonly deadlineMs: number
  readonly receivedAt: () => number
  /** What the request carries and no error may repeat. */
  readonly secrets: readonly Secret[]
  /** Sends with oauth4webapi, through the fetch it is handed. */
  readonly send: (
    as: oauth.AuthorizationServer,
    client: oauth.Client,
    options: oauth.TokenEndpointRequestOptions,
  ) => Promise<Response>
}

/** Sends one token request and reads its end. The body is never sent a second time, whatever happens. */
export async function tokenRequest(outbound: Outbound, client: Client, sending: Sending): Promise<TokenRequestEnd> {
  const { auth } = client.definition
  const { tokenUrl } = endpointsOf(client.definition)
  const as: oauth.AuthorizationServer = {
    issuer: auth.issuer ?? new URL(tokenUrl).origin,
    token_endpoint: tokenUrl,
  }
  const options = {
    // Plain http is outbound's to judge, by address.
    [oauth.allowInsecureRequests]: true,
    [oauth.customFetch]: customFetch(outbound, client, sending.deadlineMs),
  }
  try {
    const response = await sending.send(as, { client_id: auth.client_id }, options)
    const text = await response.text()
    const receivedAt = sending.receivedAt()
    const rules = { scopeSeparator: auth.scope_separator, receivedAt, secrets: secretsOf(client, sending) }
    return judge(response, readTokenAnswer(text, response.ok, rules), receivedAt)
  } catch (error) {
    if (error instanceof BrokerError)
      return { kind: 'unavailable', reason: error.code, retryAfterMs: null, sent: wasSent(error) }
    throw error
  }
}

function customFetch(outbound: Outbound, client: Client, deadlineMs: number) {
  return (url: string, { method, headers, body }: oauth.CustomFetchOptions<'POST', URLSearchParams>) =>
    outbound.fetch({
      target: client.target,
      method,
      url,
      // The library asks for JSON by name, without which GitHub answers a form. Some APIs refuse callers without a name.
      headers: { ...headers, 'user-agent': 'Behalf' },
      body: body.toString(),
      deadlineMs: Math.min(deadlineMs, LONGEST_MS),
      maxBytes: MOST_BYTES,
      redirects: 'refuse',
    })
}

const secretsOf = ({ credentials }: Client, { secrets }: Sending): readonly Secret[] =>
  credentials.clientSecret === null ? secrets : [...secrets, credentials.clientSecret]

// Only a 4xx, or an error told with 200, says anything final about the grant or the client (reliability case RR-10).
function judge(response: Response, answer: TokenAnswer, now: number): TokenRequestEnd {
  const { status } = response
  const retryAfterMs = readRetryAfter(response.headers.get('retry-after'), now)
  const unavailable = (reason: string) => ({ kind: 'unavailable', reason, retryAfterMs, sent: true }) as const
  if (status === 429) return unavailable('rate_limited')
  if (status >= 500 || PASSING_STATUSES.has(status)) return unavailable(`http_${status}`)
  if (status >= 300 && status < 400) return unavailable('redirected')
  if (answer.kind === 'tokens') return answer
  if (answer.kind === 'unusable') {
    if (status === 401) return { kind: 'client_error', error: { error: 'invalid_client', description: null } }
    return response.ok ? answer : unavailable(answer.reason)
  }
  const code = answer.error.error.toLowerCase()
  if (PASSING_ERRORS.has(code)) return unavailable(code)
  return { kind: CLIENT_ERRORS.has(code) ? 'client_error' : 'grant_error', error: answer.error }
}

function wasSent({ cause }: BrokerError): boolean {
  const phase = cause instanceof Error && 'phase' in cause ? cause.phase : undefined
  return phase !== 'check' && phase !== 'resolve' && phase !== 'connect'
}
