import type { ConnectionId, ConnectorId, OrgId, SubjectId } from '@behalf/contract'
import type { GrantedHosts } from './connector.ts'
import type { Sealed } from './sealed.ts'
import type { Values } from './template.ts'

export type ConnectionStatus =
  | 'connected'
  | 'reconnect_required'
  | 'disconnecting'
  | 'revoked'
  | 'disconnected_unconfirmed'

/** One sealed token and the version its place carries. */
export type SealedToken = { readonly sealed: Sealed; readonly secretVersion: number }

/** One subject's standing grant at one connector. */
export type Connection = {
  readonly id: ConnectionId
  readonly orgId: OrgId
  readonly connectorId: ConnectorId
  readonly subjectId: SubjectId
  readonly status: ConnectionStatus
  /** Changes on connect, reconnect and disconnect; a late answer counts only in its own generation. */
  readonly generation: number
  /** Changes with every stored token set; fences writes. */
  readonly tokenVersion: number
  readonly connectorVersion: number
  readonly accessToken: SealedToken | null
  readonly refreshToken: SealedToken | null
  readonly receivedAt: number
  readonly expiresAt: number | null
  readonly grantedScope: readonly string[] | null
  readonly requestedScope: readonly string[]
  readonly accountLabel: string | null
  /** What tells two accounts of one provider apart. */
  readonly accountId: string | null
  readonly accountIcon: string | null
  /** What was asked of the person, and captured from answers. */
  readonly variables: Values
  /** A map of further tokens by name, sealed as one. */
  readonly extraTokens: SealedToken | null
  /** When the refresh token ends by itself, where anybody tells. */
  readonly refreshExpiresAt: number | null
  /** The epoch of the refresh lease under which its tokens were asked for; 0 for those of the connect itself. */
  readonly refreshEpoch: number
  readonly granted: GrantedHosts
  readonly connectedAt: number
  readonly lastUsedAt: number | null
  /** The grant generation whose unconfirmed end its person has put aside. */
  readonly dismissedGeneration: number | null
  /** Why it needs attention: the provider's error code or ours; shown in plain words. */
  readonly reason: string | null
}

/** Whether the connection's tokens may be used for calls. */
export const isUsable = (connection: Connection): boolean => connection.status === 'connected'

/** Whether it ended unconfirmed and its person has put that aside. */
export const isDismissed = ({ status, generation, dismissedGeneration }: Connection): boolean =>
  status === 'disconnected_unconfirmed' && dismissedGeneration === generation

/** What the connection may do: as granted, else as asked (RFC 6749 5.1). */
export const scopeOf = (connection: Pick<Connection, 'grantedScope' | 'requestedScope'>): readonly string[] =>
  connection.grantedScope ?? connection.requestedScope
