import * as oauth from 'oauth4webapi'
import { BrokerError } from '../domain/broker-error.ts'
import type { ProviderError } from '../domain/outcome.ts'
import type { Outbound } from '../ports/outbound.ts'
import type { Client } from '../ports/provider-client.ts'
import { readTokenAnswer, type TokenAnswer } from './token-answer.ts'

/** How a token request ended; statuses are judged once, here. */
export type TokenRequestEnd =
  | Extract<TokenAnswer, { kind: 'tokens' }>
  | { readonly kind: 'grant_error'; readonly error: ProviderError }
  | { readonly kind: 'client_error'; readonly error: ProviderError }
  /** `sent` is false only where no byte of the request can have left. */
  | {
      readonly kind: 'unavailable'
      readonly reason: string
      readonly retryAfterMs: number | null
      readonly sent: boolean
    }

const MOST_BYTES = 1_048_576
const LONGEST_RETRY_MS = 3_600_000
const CLIENT_ERRORS: ReadonlySet<string> = new Set(['invalid_client', 'unauthorized_client'])
const PASSING_ERRORS: ReadonlySet<string> = new Set([
  'temporarily_unavailable',
  'server_error',
  'slow_down',
  'rate_limited',
])

export type Sending = {
  readonly deadlineMs: number
  readonly receivedAt: () => number
  /** Sends with oauth4webapi, through the fetch it is handed. */
  readonly send: (
    as: oauth.AuthorizationServer,
    client: oauth.Client,
    options: oauth.TokenEndpointRequestOptions,
  ) => Promise<Response>
}

/** Sends one token request and reads its end. The body is never sent a second time, whatever happens. */
export async function tokenRequest(
  outbound: Outbound,
  client: Client,
  { deadlineMs, receivedAt, send }: Sending,
): Promise<TokenRequestEnd> {
  const { auth } = client.definition
  const as: oauth.AuthorizationServer = {
    issuer: auth.issuer ?? new URL(auth.token_url).origin,
    token_endpoint: auth.token_url,
  }
  try {
    const response = await send(
      as,
      { client_id: auth.client_id },
      {
        [oauth.allowInsecureRequests]: true,
        [oauth.customFetch]: (url, { method, headers, body }) =>
          outbound.fetch({
            target: client.target,
            method,
            url,
            headers: { ...headers, accept: 'application/json' },
            body: String(body ?? ''),
            deadlineMs,
            maxBytes: MOST_BYTES,
            redirects: 'refuse',
          }),
      },
    )
    const answer = readTokenAnswer(await response.text(), response.ok, {
      scopeSeparator: auth.scope_separator,
      receivedAt: receivedAt(),
    })
    return judge(response, answer, receivedAt())
  } catch (error) {
    if (error instanceof BrokerError)
      return { kind: 'unavailable', reason: error.code, retryAfterMs: null, sent: wasSent(error) }
    throw error
  }
}

// Only a 4xx, or an error told with 200, says anything final about the grant or the client (reliability case RR-10).
function judge(response: Response, answer: TokenAnswer, now: number): TokenRequestEnd {
  const retryAfterMs = readRetryAfter(response.headers.get('retry-after'), now)
  const unavailable = (reason: string) => ({ kind: 'unavailable', reason, retryAfterMs, sent: true }) as const
  if (response.status >= 500) return unavailable(`http_${response.status}`)
  if (response.status === 429) return unavailable('rate_limited')
  if (response.status >= 300 && response.status < 400) return unavailable('redirected')
  if (answer.kind === 'tokens') return answer
  if (answer.kind === 'unusable') {
    if (response.status === 401) return { kind: 'client_error', error: { error: 'invalid_client', description: null } }
    return unavailable(answer.reason)
  }
  const { error } = answer.error
  if (PASSING_ERRORS.has(error)) return unavailable(error)
  if (CLIENT_ERRORS.has(error)) return { kind: 'client_error', error: answer.error }
  return { kind: 'grant_error', error: answer.error }
}

/** Seconds or a date (RFC 9110 10.2.3); absurd, negative and unreadable values are bounded or null. */
export function readRetryAfter(text: string | null, now: number): number | null {
  if (text === null) return null
  const seconds = /^\d{1,9}$/.test(text.trim()) ? Number(text) * 1000 : Date.parse(text) - now
  return Number.isFinite(seconds) ? Math.min(Math.max(seconds, 0), LONGEST_RETRY_MS) : null
}

function wasSent({ cause }: BrokerError): boolean {
  const phase = cause instanceof Error && 'phase' in cause ? cause.phase : undefined
  return phase !== 'check' && phase !== 'resolve' && phase !== 'connect'
}
