import { createHash } from 'node:crypto'
import * as openid from 'openid-client'
import { BrokerError } from '../domain/broker-error.ts'
import { reveal } from '../domain/secret.ts'
import type { Clock } from '../ports/clock.ts'
import type { Outbound } from '../ports/outbound.ts'
import type { SignInClaims, SignInOutcome, SignInProvider } from '../ports/sign-in-provider.ts'
import { createSsoConfiguration } from './sso-configuration.ts'
import { createVerifySubjectToken } from './subject-token.ts'
import { printable } from './token-answer.ts'

const SCOPE = 'openid profile email'

/** OpenID Connect towards the organization's SSO, over the outbound port alone. */
export function createSignInProvider(ports: { readonly outbound: Outbound; readonly clock: Clock }): SignInProvider {
  const ssoConfiguration = createSsoConfiguration(ports)

  return {
    async authorizationUrl(sso, { redirectUri, state, nonce, verifier }) {
      const configuration = await discovered(sso)
      const code_challenge = createHash('sha256').update(reveal(verifier)).digest('base64url')
      const parameters = {
        redirect_uri: redirectUri,
        scope: SCOPE,
        state,
        nonce,
        code_challenge,
        code_challenge_method: 'S256',
      }
      return openid.buildAuthorizationUrl(configuration, parameters).href
    },

    async complete(sso, callbackUrl, { state, nonce, verifier }) {
      try {
        const configuration = await ssoConfiguration(sso)
        const checks = {
          pkceCodeVerifier: reveal(verifier),
          expectedState: state,
          expectedNonce: nonce,
          idTokenExpected: true,
        }
        const answer = await openid.authorizationCodeGrant(configuration, new URL(callbackUrl), checks)
        const claims = answer.claims()
        return claims === undefined
          ? { kind: 'refused', reason: 'no_id_token' }
          : { kind: 'signed_in', claims: toClaims(claims) }
      } catch (error) {
        return toOutcome(error)
      }
    },

    async endSessionUrl(sso, postLogoutRedirectUri) {
      const server = (await ssoConfiguration(sso)).serverMetadata()
      if (server.end_session_endpoint === undefined) return undefined
      const url = new URL(server.end_session_endpoint)
      // SECURITY: the client is named, the person is not: no token ever enters a URL.
      url.searchParams.set('client_id', sso.clientId)
      url.searchParams.set('post_logout_redirect_uri', postLogoutRedirectUri)
      return url.href
    },

    verifySubjectToken: createVerifySubjectToken(ports, ssoConfiguration),
  }

  async function discovered(sso: Parameters<typeof ssoConfiguration>[0]): Promise<openid.Configuration> {
    try {
      return await ssoConfiguration(sso)
    } catch (error) {
      throw new BrokerError('provider_unavailable', { detail: 'The sign-in service cannot be reached.', cause: error })
    }
  }
}

const toClaims = (claims: openid.IDToken): SignInClaims => ({
  issuer: claims.iss,
  sub: claims.sub,
  email: text(claims['email'], 320),
  emailVerified: claims['email_verified'] === true,
  name: text(claims['name'], 200),
  claims: { ...claims },
})

const text = (value: unknown, max: number): string | null =>
  typeof value === 'string' ? printable(value, max) || null : null

function toOutcome(error: unknown): SignInOutcome {
  const broker = brokerError(error)
  if (broker !== undefined) return { kind: 'unavailable', reason: broker.code }
  if (error instanceof openid.AuthorizationResponseError) {
    return error.error === 'access_denied'
      ? { kind: 'cancelled', reason: 'access_denied' }
      : { kind: 'refused', reason: safe(error.error) }
  }
  if (error instanceof openid.ResponseBodyError) {
    return error.status >= 500
      ? { kind: 'unavailable', reason: safe(error.error) }
      : { kind: 'refused', reason: safe(error.error) }
  }
  const code = error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : 'not_verified'
  return { kind: 'refused', reason: safe(code) }
}

function brokerError(error: unknown): BrokerError | undefined {
  if (error instanceof BrokerError) return error
  return error instanceof Error && error.cause !== undefined && error.cause !== error
    ? brokerError(error.cause)
    : undefined
}

const safe = (reason: string): string => reason.replace(/[^\w.-]/g, '_').slice(0, 80)
