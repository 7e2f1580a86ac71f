/** What an SSO says of a person in a verified ID token (OpenID Connect Core 2). */
export type SignInClaims = {
  readonly issuer: string
  readonly sub: string
  readonly email: string | null
  readonly emailVerified: boolean
  readonly name: string | null
  /** All claims of the verified ID token, for role mapping. */
  readonly claims: Readonly<Record<string, unknown>>
}
