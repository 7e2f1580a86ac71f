import type { PublicDefinition } from '../domain/connector.ts'
import type { OutboundTarget } from '../domain/outbound-target.ts'
import type { ClientCredentials, ExchangeOutcome, RefreshOutcome, RevokeOutcome } from '../domain/outcome.ts'
import type { TokenKind } from '../domain/revocation.ts'
import type { Secret } from '../domain/secret.ts'

/** A connector as the protocol needs it: definition, opened secret, and for whom the request leaves. */
export type Client = {
  readonly definition: PublicDefinition
  readonly credentials: ClientCredentials
  readonly target: OutboundTarget
}

/** OAuth 2.0 towards third parties. Errors of the provider are outcomes; nothing here throws for them. */
export type ProviderClient = {
  /** RFC 6749 4.1.1 and RFC 7636 4.3: parameters are merged by name, never sent twice. */
  authorizationUrl(
    client: Pick<Client, 'definition'>,
    request: {
      readonly redirectUri: string
      readonly state: string
      readonly verifier: Secret | null
      readonly scope: readonly string[]
    },
  ): Promise<string>
  /** RFC 6749 4.1.3. */
  exchangeCode(
    client: Client,
    callback: {
      readonly code: Secret
      readonly redirectUri: string
      readonly verifier: Secret | null
      readonly receivedAt: () => number
    },
  ): Promise<ExchangeOutcome>
  /** RFC 6749 6. Nothing is sent past `deadlineMs` from the call; never sent twice. */
  refresh(
    client: Client,
    refreshToken: Secret,
    options: { readonly deadlineMs: number; readonly receivedAt: () => number },
  ): Promise<RefreshOutcome>
  /** RFC 7009, in the shape the connector names. */
  revoke(client: Client, token: Secret, kind: TokenKind): Promise<RevokeOutcome>
}
