import type { OutboundTarget } from '../domain/outbound-target.ts'
import type { Secret } from '../domain/secret.ts'
import type { SignInClaims } from '../domain/sign-in-claims.ts'

/** The organization's SSO as configured, secret opened. */
export type Sso = {
  readonly issuer: string
  readonly clientId: string
  readonly clientSecret: Secret
  readonly target: OutboundTarget
}

export type SignInOutcome =
  | { readonly kind: 'signed_in'; readonly claims: SignInClaims }
  | { readonly kind: 'cancelled'; readonly reason: string }
  | { readonly kind: 'refused'; readonly reason: string }
  | { readonly kind: 'unavailable'; readonly reason: string }

export type SubjectTokenOutcome =
  | { readonly kind: 'verified'; readonly issuer: string; readonly sub: string; readonly expiresAt: number }
  | { readonly kind: 'refused'; readonly reason: string }
  | { readonly kind: 'unavailable'; readonly reason: string }

/** OpenID Connect towards the organization's SSO: strict, never normalised. */
export type SignInProvider = {
  /** OpenID Connect Core 3.1.2.1 with PKCE. Throws `provider_unavailable` where discovery cannot be had. */
  authorizationUrl(
    sso: Sso,
    request: {
      readonly redirectUri: string
      readonly state: string
      readonly nonce: string
      readonly verifier: Secret
    },
  ): Promise<string>
  /** OpenID Connect Core 3.1.3 on the callback's whole URL; RS256, PS256, ES256 and EdDSA. */
  complete(
    sso: Sso,
    callbackUrl: string,
    checks: { readonly redirectUri: string; readonly state: string; readonly nonce: string; readonly verifier: Secret },
  ): Promise<SignInOutcome>
  /** OpenID Connect RP-Initiated Logout 1.0, with `client_id` and never a token; undefined where the SSO offers none. */
  endSessionUrl(sso: Sso, postLogoutRedirectUri: string): Promise<string | undefined>
  /** A person's SSO token as presented by a plugin (design section 5): ID token or RFC 9068 access token. Cached by SHA-256 until `exp`. */
  verifySubjectToken(
    sso: Sso,
    token: Secret,
    rules: {
      readonly approvedAudiences: readonly string[]
      readonly maxAgeMs: number
      readonly now: number
      readonly kind: 'id_token' | 'access_token' | 'any'
    },
  ): Promise<SubjectTokenOutcome>
}
