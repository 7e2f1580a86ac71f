import * as oauth from 'oauth4webapi'
import { BrokerError } from '../domain/broker-error.ts'
import type { RefreshOutcome } from '../domain/outcome.ts'
import { reveal, type Secret } from '../domain/secret.ts'
import type { Outbound } from '../ports/outbound.ts'
import type { Client } from '../ports/provider-client.ts'
import { completed, furtherRequest } from './exchange-code.ts'
import { requestNames, resourcesOf } from './request-names.ts'
import { formOf, refreshShape } from './request-shape.ts'
import { shapedTokenRequest, type TokenRequestEnd, tokenRequest } from './token-request.ts'

/** The whole class of "this grant is no more" (RFC 6749 5.2, and what providers say instead). */
const GRANT_GONE: ReadonlySet<string> = new Set([
  'invalid_grant',
  'invalid_token',
  'invalid_refresh_token',
  'expired_token',
  'token_expired',
  'bad_refresh_token',
  'token_revoked',
])

/** What a grant holds that a renewal may need. */
export type HeldTokens = {
  readonly accessToken: Secret
  readonly refreshToken: Secret | null
  readonly scope: readonly string[]
}
type Options = { readonly deadlineMs: number; readonly receivedAt: () => number }

/** Renews a token by the connector's strategy: RFC 6749 6, or the access token for a new one. */
export async function refresh(
  outbound: Outbound,
  client: Client,
  held: HeldTokens,
  options: Options,
): Promise<RefreshOutcome> {
  const begun = options.receivedAt()
  const end = await attempt(outbound, client, held, options)
  const { previousClientSecret = null } = client.credentials
  const leftMs = options.deadlineMs - (options.receivedAt() - begun)
  // RFC 6749 5.2: a refused client has spent no token, so the secret that is being replaced may be tried.
  if (end.kind !== 'client_error' || previousClientSecret === null || leftMs < 1_000)
    return outcome(outbound, client, end, options)
  const former = { ...client, credentials: { ...client.credentials, clientSecret: previousClientSecret } }
  return outcome(outbound, former, await attempt(outbound, former, held, { ...options, deadlineMs: leftMs }), options)
}

async function attempt(
  outbound: Outbound,
  client: Client,
  held: HeldTokens,
  options: Options,
): Promise<TokenRequestEnd> {
  const { auth } = client.definition
  const { refreshToken, accessToken } = held
  if (auth.refresh.strategy === 'exchange_access_token' && auth.refresh.exchange !== undefined) {
    const request = renewal(client, held, options)
    if ('kind' in request) return request
    return shapedTokenRequest(outbound, client, request, { ...options, secrets: [accessToken] })
  }
  if (refreshToken === null) return { kind: 'unavailable', reason: 'no_refresh_token', retryAfterMs: null, sent: false }
  const scope = held.scope.join(auth.scope_separator)
  return tokenRequest(outbound, client, {
    ...options,
    endpoint: 'refresh',
    secrets: [refreshToken],
    shape: refreshShape(auth),
    names: requestNames(client, options.receivedAt(), {
      refresh_token: reveal(refreshToken),
      access_token: reveal(accessToken),
      scope,
    }),
    send(as, oauthClient, authentication, sending) {
      const additionalParameters = formOf(resourcesOf(client).map(resource => ['resource', resource] as const))
      if (auth.refresh_request.send_scope && scope !== '') additionalParameters.set('scope', scope)
      return oauth.refreshTokenGrantRequest(as, oauthClient, authentication, reveal(refreshToken), {
        ...sending,
        additionalParameters,
      })
    },
  })
}

function renewal(client: Client, held: HeldTokens, { receivedAt }: Options) {
  try {
    const exchange = client.definition.auth.refresh.exchange
    if (exchange === undefined) throw new BrokerError('connector_misconfigured')
    return furtherRequest(client, exchange, { ...held, now: receivedAt() })
  } catch (error) {
    if (!(error instanceof BrokerError)) throw error
    return { kind: 'unavailable', reason: error.code, retryAfterMs: null, sent: false } as const
  }
}

async function outcome(
  outbound: Outbound,
  client: Client,
  end: TokenRequestEnd,
  { receivedAt }: Options,
): Promise<RefreshOutcome> {
  switch (end.kind) {
    case 'tokens':
      return { kind: 'refreshed', tokenSet: await completed(outbound, client, end, receivedAt()) }
    case 'unusable':
      // An unreadable success says nothing about the grant: it may live on, and nothing is marked.
      return { kind: 'unavailable', reason: end.reason, retryAfterMs: null, sent: true }
    case 'unavailable':
      return end
    case 'grant_error':
      // Any other refusal (invalid_request, invalid_scope …) is about what we sent, not about the person.
      return {
        kind: end.gone || GRANT_GONE.has(end.error.error.toLowerCase()) ? 'grant_gone' : 'client_rejected',
        error: end.error,
      }
    case 'client_error':
      return { kind: 'client_rejected', error: end.error }
  }
}
