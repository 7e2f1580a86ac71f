import * as oauth from 'oauth4webapi'
import type { ExchangeOutcome, RefreshOutcome } from '../domain/outcome.ts'
import { reveal } from '../domain/secret.ts'
import type { Outbound } from '../ports/outbound.ts'
import type { ProviderClient } from '../ports/provider-client.ts'
import { createAccountLabel } from './account-label.ts'
import { authorizationUrl } from './authorization-url.ts'
import { clientAuthentication } from './client-authentication.ts'
import { revokeToken } from './revoke-token.ts'
import { type TokenRequestEnd, tokenRequest } from './token-request.ts'

const EXCHANGE_MS = 20_000
/** The whole class of "this grant is no more" (RFC 6749 5.2, and what providers say instead). */
const GRANT_GONE: ReadonlySet<string> = new Set([
  'invalid_grant',
  'invalid_token',
  'expired_token',
  'bad_refresh_token',
  'token_revoked',
])

/** OAuth 2.0 towards third parties, over the outbound port alone. */
export function createProviderClient({ outbound }: { readonly outbound: Outbound }): ProviderClient {
  const accountLabel = createAccountLabel(outbound)

  return {
    authorizationUrl: async ({ definition }, request) => authorizationUrl(definition.auth, request),

    async exchangeCode(client, { code, redirectUri, verifier, receivedAt }) {
      const end = await tokenRequest(outbound, client, {
        deadlineMs: EXCHANGE_MS,
        receivedAt,
        send(as, oauthClient, options) {
          // State and iss were judged by the flow that took the authorization request.
          const params = oauth.validateAuthResponse(
            as,
            oauthClient,
            new URLSearchParams({ code: reveal(code) }),
            oauth.skipStateCheck,
          )
          const additionalParameters = new URLSearchParams(client.definition.auth.token_request.data)
          const pkce = verifier === null ? oauth.nopkce : reveal(verifier)
          const authentication = clientAuthentication(client)
          return oauth.authorizationCodeGrantRequest(as, oauthClient, authentication, params, redirectUri, pkce, {
            ...options,
            additionalParameters,
          })
        },
      })
      return exchanged(
        end,
        end.kind === 'tokens' && end.idToken !== null ? await accountLabel(client, end.idToken) : null,
      )
    },

    async refresh(client, refreshToken, { deadlineMs, receivedAt }) {
      const end = await tokenRequest(outbound, client, {
        deadlineMs,
        receivedAt,
        send: (as, oauthClient, options) =>
          oauth.refreshTokenGrantRequest(as, oauthClient, clientAuthentication(client), reveal(refreshToken), options),
      })
      return refreshed(end)
    },

    revoke: (client, token, kind) => revokeToken(outbound, client, token, kind),
  }
}

const tokenSet = (end: Extract<TokenRequestEnd, { kind: 'tokens' }>, accountLabel: string | null) => ({
  accessToken: end.accessToken,
  refreshToken: end.refreshToken,
  expiresAt: end.expiresAt,
  scope: end.scope,
  accountLabel,
})

function exchanged(end: TokenRequestEnd, accountLabel: string | null): ExchangeOutcome {
  if (end.kind === 'tokens') return { kind: 'granted', tokenSet: tokenSet(end, accountLabel) }
  if (end.kind === 'grant_error') return { kind: 'rejected', error: end.error }
  if (end.kind === 'client_error') return { kind: 'client_rejected', error: end.error }
  return { kind: 'unavailable', reason: end.reason, retryAfterMs: end.retryAfterMs }
}

function refreshed(end: TokenRequestEnd): RefreshOutcome {
  if (end.kind === 'tokens') return { kind: 'refreshed', tokenSet: tokenSet(end, null) }
  if (end.kind === 'unavailable') return end
  if (end.kind === 'grant_error' && GRANT_GONE.has(end.error.error)) return { kind: 'grant_gone', error: end.error }
  // Any other refusal (invalid_request, invalid_scope, invalid_client …) is about what we sent, not about the person.
  return { kind: 'client_rejected', error: end.error }
}
