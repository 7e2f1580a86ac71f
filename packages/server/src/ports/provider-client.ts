import type { Discovered, RevocationStep } from '@behalf/contract'
import type { PublicDefinition } from '../domain/connector.ts'
import type { OutboundTarget } from '../domain/outbound-target.ts'
import type { ClientCredentials, ExchangeOutcome, RefreshOutcome, RevokeOutcome } from '../domain/outcome.ts'
import type { PreviewedRequest } from '../domain/request-preview.ts'
import type { StepToken } from '../domain/revocation-steps.ts'
import type { Secret } from '../domain/secret.ts'
import type { Values } from '../domain/template.ts'

/** A connector as the protocol needs it: definition, opened secrets, the values of one connection, and for whom the request leaves. */
export type Client = {
  readonly definition: PublicDefinition
  readonly credentials: ClientCredentials
  readonly target: OutboundTarget
  /** What this connection was asked for and captured; the organization's own values are in the definition. */
  readonly values?: Values
}

/** What one revocation step may carry: the token it ends, and the others where it needs them. */
export type TokensToRevoke = {
  readonly kind: StepToken
  readonly token: Secret | null
  readonly accessToken: Secret | null
  readonly refreshToken: Secret | null
}

/** OAuth 2.0 towards third parties. Errors of the provider are outcomes; nothing here throws for them, but for the authorization request. */
export type ProviderClient = {
  /** RFC 8414 and OpenID Connect Discovery 1.0; the document's issuer must match byte for byte. */
  discover(
    target: OutboundTarget,
    issuer: string,
    kind: 'auto' | 'oauth' | 'openid',
  ): Promise<
    | { readonly kind: 'discovered'; readonly discovered: Discovered }
    | { readonly kind: 'failed'; readonly reason: string }
  >
  /**
   * RFC 6749 4.1.1 and RFC 7636 4.3, pushed (RFC 9126) and signed (RFC 9101) where the connector says so. Parameters are merged by name, never
   * sent twice. Throws `provider_unavailable` and the like where pushing fails, `connector_misconfigured`.
   */
  authorizationUrl(
    client: Client,
    request: {
      readonly redirectUri: string
      readonly state: string
      readonly verifier: Secret | null
      readonly scope: readonly string[]
      readonly reconnect?: boolean
      readonly now?: number
    },
  ): Promise<string>
  /** Whether the callback carries the HMAC of its parameters, where the connector demands one. */
  provesCallback(client: Client, query: URLSearchParams): boolean
  /** RFC 6749 4.1.3, with a second exchange where the connector has one. */
  exchangeCode(
    client: Client,
    callback: {
      readonly code: Secret
      readonly redirectUri: string
      readonly verifier: Secret | null
      readonly scope?: readonly string[]
      readonly receivedAt: () => number
    },
  ): Promise<ExchangeOutcome>
  /** RFC 6749 6, or the connector's own way. Nothing is sent past `deadlineMs` from the call; no token is sent twice. */
  refresh(
    client: Client,
    held: { readonly accessToken: Secret; readonly refreshToken: Secret | null; readonly scope: readonly string[] },
    options: { readonly deadlineMs: number; readonly receivedAt: () => number },
  ): Promise<RefreshOutcome>
  /** One revocation step (RFC 7009), in the shape the connector names. */
  revoke(client: Client, step: RevocationStep, held: TokensToRevoke, now: number): Promise<RevokeOutcome>
  /** The DPoP proof of one API call (RFC 9449 7). */
  proof(
    client: Client,
    call: {
      readonly method: string
      readonly url: string
      readonly accessToken: Secret
      readonly nonce: string | null
      readonly now: number
    },
  ): Promise<string>
  /** Every request the connector will send, secrets by name; nothing is sent. Throws `connector_misconfigured`. */
  preview(
    client: Pick<Client, 'definition' | 'values'>,
    options: { readonly redirectUri: string; readonly now: number },
  ): Promise<readonly PreviewedRequest[]>
}
