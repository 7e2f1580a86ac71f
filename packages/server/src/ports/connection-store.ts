import type { ConnectionId, ConnectorId, OrgId, PluginKeyId, Role, SubjectId } from '@behalf/contract'
import type { AuditEvent } from '../domain/audit-event.ts'
import type { Connection, ConnectionStatus, SealedToken } from '../domain/connection.ts'
import type { Connector } from '../domain/connector.ts'
import type { Revocation } from '../domain/revocation.ts'
import type { Values } from '../domain/template.ts'
import type { Page, PageRequest } from './page.ts'

/** What a refresh writes; the row must still carry `generation`. */
export type RefreshedTokens = {
  readonly orgId: OrgId
  readonly id: ConnectionId
  readonly generation: number
  readonly tokenVersion: number
  readonly accessToken: SealedToken
  readonly refreshToken: SealedToken | null
  readonly receivedAt: number
  readonly expiresAt: number | null
  readonly grantedScope: readonly string[] | null
  readonly variables: Values
  readonly extraTokens: SealedToken | null
  readonly refreshExpiresAt: number | null
  /** Of the lease under which it was asked for: within a generation the answer of the higher epoch is the newer one, whatever the clocks say. */
  readonly refreshEpoch: number
}

/** What an open call rests on. */
type OpenUse = {
  readonly orgId: OrgId
  readonly id: ConnectionId
  readonly generation: number
  readonly subjectId: SubjectId
  readonly keyId: PluginKeyId | null
}

/** What a connection is in while something is still to be done about it. */
export type UnfinishedStatus = Extract<
  ConnectionStatus,
  'reconnect_required' | 'disconnecting' | 'disconnected_unconfirmed'
>

/** Standing grants. Every write is fenced by the grant generation it read. */
export type ConnectionStore = {
  byId(orgId: OrgId, id: ConnectionId): Promise<Connection | undefined>
  bySubject(orgId: OrgId, subject: SubjectId, connector: ConnectorId): Promise<Connection | undefined>
  list(
    orgId: OrgId,
    filter: {
      readonly subject?: SubjectId
      readonly connector?: ConnectorId
      readonly status?: Connection['status']
    },
    page: PageRequest,
  ): Promise<Page<Connection>>
  /** How many connections wait for somebody, or for their provider. */
  countUnfinished(orgId: OrgId): Promise<ReadonlyMap<UnfinishedStatus, number>>
  /** Connected grants that may end between two instants, by what their rows say or by when they were given at some connectors; at most `limit`, in no order. */
  mayLapse(
    orgId: OrgId,
    between: {
      readonly from: number
      readonly until: number
      readonly givenBefore: readonly { readonly connector: ConnectorId; readonly at: number }[]
    },
    limit: number,
  ): Promise<readonly Connection[]>
  /** Every connection of one person, whatever its status. */
  allOf(orgId: OrgId, subject: SubjectId): Promise<readonly Connection[]>
  /**
   * Inserts or replaces the connection of this subject and connector with `generation` one above the stored one (`expectedGeneration`, 0 for
   * none), in one transaction with the audit, the revocations of what it replaces, and the end of those it makes void (`cancelled`). False where the generation moved.
   */
  connect(
    connection: Connection,
    expectedGeneration: number,
    queued: readonly Revocation[],
    audit: readonly AuditEvent[],
    cancelled?: readonly Revocation[],
  ): Promise<boolean>
  /**
   * Stores refreshed tokens where generation matches and `tokenVersion` is one above the stored one.
   * `superseded`: same generation, a newer token version is there. `gone`: another generation, or no longer connected.
   */
  storeRefreshed(tokens: RefreshedTokens, audit: AuditEvent): Promise<'stored' | 'superseded' | 'gone'>
  /** Marks within its generation and token version; false where either moved. Deletes nothing. */
  mark(
    orgId: OrgId,
    id: ConnectionId,
    generation: number,
    tokenVersion: number,
    status: ConnectionStatus,
    reason: string | null,
    audit: AuditEvent | null,
  ): Promise<boolean>
  /** Status `disconnecting`, generation +1, tokens moved to the revocation queue, in one transaction. False where the generation moved. */
  disconnect(connection: Connection, queued: readonly Revocation[], audit: AuditEvent): Promise<boolean>
  /** Its person has put the unconfirmed end of this generation aside; false where it is another generation's or has not ended so. */
  dismiss(orgId: OrgId, id: ConnectionId, generation: number): Promise<boolean>
  touchUsed(orgId: OrgId, id: ConnectionId, at: number): void
  /** Of those given, the uses whose connection's generation moved, or is no longer connected, or whose person or plugin key ended. */
  stale<Use extends OpenUse>(open: readonly Use[]): Promise<readonly Use[]>
  /** Those connected at a connector for one third-party account. */
  ofAccount(orgId: OrgId, connector: ConnectorId, accountId: string): Promise<readonly Connection[]>
  /** Some that are connected at a connector, of people who act in one of these roles. */
  ofBuilders(
    orgId: OrgId,
    connector: ConnectorId,
    roles: readonly Role[],
    limit: number,
  ): Promise<readonly Connection[]>
  /** Those connected at a connector whose tokens came before an instant, oldest first, from behind one on. */
  renewedBefore(
    connector: Pick<Connector, 'orgId' | 'id'>,
    instant: number,
    after: Pick<Connection, 'id' | 'receivedAt'> | null,
    limit: number,
  ): Promise<readonly Connection[]>
  /** Ids of everyone connected at a connector, for disconnect-all. */
  connectedAt(orgId: OrgId, connector: ConnectorId, page: PageRequest): Promise<Page<Connection>>
}
