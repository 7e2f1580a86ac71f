import type { ConnectLinkId, ConnectorId, OrgId, PluginId, SessionId, SubjectId } from '@behalf/contract'
import type { Sealed } from './sealed.ts'
import type { Values } from './template.ts'

/** One trip to the authorization endpoint; used once (RFC 6749 4.1.1). */
export type AuthorizationRequest = {
  readonly orgId: OrgId
  readonly stateHash: Uint8Array
  readonly connectorId: ConnectorId
  readonly connectorVersion: number
  readonly subjectId: SubjectId
  readonly sessionId: SessionId
  readonly browserHash: Uint8Array
  readonly callbackPath: string
  /** Null where the connector sends no PKCE challenge. */
  readonly verifier: Sealed | null
  readonly scope: readonly string[]
  /** What the person was asked before leaving. */
  readonly variables: Values
  readonly pluginId: PluginId | null
  readonly linkId: ConnectLinkId | null
  readonly returnTo: string
  readonly createdAt: number
  readonly expiresAt: number
  readonly outcome: ConnectOutcome | null
}

export const AUTHORIZATION_REQUEST_MS = 600_000

/** What became of an authorization request, kept so that a reload shows it again. */
export type ConnectOutcome =
  | {
      readonly kind: 'connected'
      readonly connectionId: string
      readonly missingScope: readonly string[]
      readonly extraScope: readonly string[]
    }
  /** The grant is parked until the person has answered a question about it. */
  | { readonly kind: 'asking'; readonly parkedId: string }
  | { readonly kind: 'cancelled' }
  | { readonly kind: 'failed'; readonly error: string; readonly description: string | null }
