import { createHash } from 'node:crypto'
import * as openid from 'openid-client'
import { printable } from '../domain/provider-text.ts'
import { reveal } from '../domain/secret.ts'
import type { SignInClaims } from '../domain/sign-in-claims.ts'
import type { Clock } from '../ports/clock.ts'
import type { Outbound } from '../ports/outbound.ts'
import type { SignInProvider, Sso } from '../ports/sign-in-provider.ts'
import { signInFailure } from './sign-in-failure.ts'
import { createSsoDirectory } from './sso-configuration.ts'
import { createVerifySubjectToken } from './subject-token.ts'

const SCOPE = 'openid profile email'
const TOLERANCE_S = 30
/** OpenID Connect Core 2. */
const LONGEST_SUB = 255

/** OpenID Connect towards the organization's SSO, over the outbound port alone. */
export function createSignInProvider(ports: { readonly outbound: Outbound; readonly clock: Clock }): SignInProvider {
  const directory = createSsoDirectory(ports)

  return {
    async authorizationUrl(sso, { redirectUri, state, nonce, verifier }) {
      const parameters = {
        redirect_uri: redirectUri,
        scope: SCOPE,
        state,
        nonce,
        code_challenge: createHash('sha256').update(reveal(verifier)).digest('base64url'),
        code_challenge_method: 'S256',
      }
      return openid.buildAuthorizationUrl(await directory.configuration(sso), parameters).href
    },

    async complete(sso, callbackUrl, { redirectUri, state, nonce, verifier }) {
      try {
        const callback = new URL(redirectUri)
        callback.search = new URL(callbackUrl).search
        const answer = await openid.authorizationCodeGrant(await directory.configuration(sso), callback, {
          pkceCodeVerifier: reveal(verifier),
          expectedState: state,
          expectedNonce: nonce,
          idTokenExpected: true,
        })
        const claims = answer.claims()
        const fault = claims === undefined ? 'no_id_token' : claimsFault(claims, sso)
        if (claims === undefined || fault !== undefined) return { kind: 'refused', reason: fault ?? 'no_id_token' }
        return { kind: 'signed_in', claims: toClaims(claims) }
      } catch (error) {
        return signInFailure(error)
      }
    },

    async endSessionUrl(sso, postLogoutRedirectUri) {
      const server = (await directory.configuration(sso)).serverMetadata()
      if (server.end_session_endpoint === undefined) return undefined
      const url = new URL(server.end_session_endpoint)
      // SECURITY: the client is named, the person is not: no token ever enters a URL.
      url.searchParams.set('client_id', sso.clientId)
      url.searchParams.set('post_logout_redirect_uri', postLogoutRedirectUri)
      return url.href
    },

    verifySubjectToken: createVerifySubjectToken(directory),
  }
}

/** What the library leaves to its caller. It reads the machine's clock for `exp`, so `iat` is held against the same. */
function claimsFault(claims: openid.IDToken, sso: Sso): string | undefined {
  if (claims.iat > Date.now() / 1000 + TOLERANCE_S) return 'issued_in_future'
  if (claims['azp'] !== undefined && claims['azp'] !== sso.clientId) return 'wrong_azp'
  // The library takes an empty one; everybody without a name would be the same person.
  return claims.sub === '' || claims.sub.length > LONGEST_SUB ? 'bad_sub' : undefined
}

const toClaims = (claims: openid.IDToken): SignInClaims => ({
  issuer: claims.iss,
  sub: claims.sub,
  email: email(claims['email']),
  emailVerified: claims['email_verified'] === true,
  name: typeof claims['name'] === 'string' ? printable(claims['name'], 200) || null : null,
  claims: { ...claims },
})

// SECURITY: an address is taken as it is or not at all: a cleaned one could be somebody else's.
const email = (value: unknown): string | null =>
  typeof value === 'string' && value !== '' && printable(value, 320) === value ? value : null
