import * as oauth from 'oauth4webapi'
import type { ExchangeOutcome, RefreshOutcome } from '../domain/outcome.ts'
import { reveal } from '../domain/secret.ts'
import type { Outbound } from '../ports/outbound.ts'
import type { ProviderClient } from '../ports/provider-client.ts'
import { createAccountLabel } from './account-label.ts'
import { authorizationUrl } from './authorization-url.ts'
import { clientAuthentication } from './client-authentication.ts'
import { revokeToken } from './revoke-token.ts'
import type { UnusableReason } from './token-answer.ts'
import { type TokenRequestEnd, tokenRequest } from './token-request.ts'
import { writtenOut } from './written-out.ts'

const EXCHANGE_MS = 20_000
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
const UNUSABLE: Readonly<Record<UnusableReason, string>> = {
  not_json: 'The answer is not one JSON object.',
  error_without_code: 'The answer is an error without a code.',
  no_access_token: 'The answer holds no usable access_token.',
  refresh_token: 'The answer holds a refresh_token that cannot be used.',
  token_type: 'The token is bound to a key (token_type mac or DPoP).',
}

/** OAuth 2.0 towards third parties, over the outbound port alone. */
export function createProviderClient({ outbound }: { readonly outbound: Outbound }): ProviderClient {
  const accountLabel = createAccountLabel(outbound)

  return {
    authorizationUrl: async ({ definition }, request) => authorizationUrl(definition.auth, request),

    async exchangeCode(client, { code, redirectUri, verifier, receivedAt }) {
      if (reveal(code) === '') return { kind: 'rejected', error: { error: 'invalid_grant', description: null } }
      const end = await tokenRequest(outbound, client, {
        deadlineMs: EXCHANGE_MS,
        receivedAt,
        secrets: verifier === null ? [code] : [code, verifier],
        send(as, oauthClient, options) {
          // State and iss were judged by the flow that took the authorization request.
          const answer = new URLSearchParams({ code: reveal(code) })
          const params = oauth.validateAuthResponse(as, oauthClient, answer, oauth.skipStateCheck)
          const additionalParameters = new URLSearchParams(writtenOut(client.definition.auth.token_request.data))
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
        secrets: [refreshToken],
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
  switch (end.kind) {
    case 'tokens':
      return { kind: 'granted', tokenSet: tokenSet(end, accountLabel) }
    case 'grant_error':
      return { kind: 'rejected', error: end.error }
    case 'unusable':
      // The code is spent: asking again would not help, and a developer needs to read why.
      return {
        kind: 'rejected',
        error: { error: 'provider_invalid_response', description: UNUSABLE[end.reason] },
      }
    case 'client_error':
      return { kind: 'client_rejected', error: end.error }
    case 'unavailable':
      return { kind: 'unavailable', reason: end.reason, retryAfterMs: end.retryAfterMs }
  }
}

function refreshed(end: TokenRequestEnd): RefreshOutcome {
  switch (end.kind) {
    case 'tokens':
      return { kind: 'refreshed', tokenSet: tokenSet(end, null) }
    case 'unusable':
      // An unreadable success says nothing about the grant: it may live on, and nothing is marked.
      return { kind: 'unavailable', reason: end.reason, retryAfterMs: null, sent: true }
    case 'unavailable':
      return end
    case 'grant_error':
      // Any other refusal (invalid_request, invalid_scope …) is about what we sent, not about the person.
      return {
        kind: GRANT_GONE.has(end.error.error.toLowerCase()) ? 'grant_gone' : 'client_rejected',
        error: end.error,
      }
    case 'client_error':
      return { kind: 'client_rejected', error: end.error }
  }
}
