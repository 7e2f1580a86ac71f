import type { Secret } from './secret.ts'
import type { TokenSet } from './token-set.ts'

/** The provider's own words about an error (RFC 6749 5.2), bounded and without control characters. */
export type ProviderError = { readonly error: string; readonly description: string | null }

export type ExchangeOutcome =
  | { readonly kind: 'granted'; readonly tokenSet: TokenSet }
  | { readonly kind: 'rejected'; readonly error: ProviderError }
  | { readonly kind: 'client_rejected'; readonly error: ProviderError }
  | { readonly kind: 'unavailable'; readonly reason: string; readonly retryAfterMs: number | null }

/** Expected alternatives of a refresh (RFC 6749 6). Nothing is ever deleted by one. */
export type RefreshOutcome =
  | { readonly kind: 'refreshed'; readonly tokenSet: TokenSet }
  | { readonly kind: 'grant_gone'; readonly error: ProviderError }
  | { readonly kind: 'client_rejected'; readonly error: ProviderError }
  /** `sent` is false only where no byte of the refresh token can have left. */
  | {
      readonly kind: 'unavailable'
      readonly reason: string
      readonly retryAfterMs: number | null
      readonly sent: boolean
    }

export type RevokeOutcome =
  | { readonly kind: 'revoked' }
  | { readonly kind: 'already_gone' }
  | { readonly kind: 'unsupported' }
  | { readonly kind: 'failed'; readonly reason: string; readonly retryAfterMs: number | null }

/** What the client proves itself with, and secret values of the organization's variables. */
export type ClientCredentials = {
  readonly clientSecret: Secret | null
  /** Still active while the secret is being replaced. */
  readonly previousClientSecret?: Secret | null
  /** PEM (PKCS #8) or JWK text. */
  readonly privateKey?: Secret | null
  readonly tlsClientKey?: Secret | null
  readonly variables?: Readonly<Record<string, Secret>>
}
