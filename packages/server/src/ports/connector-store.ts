import type { ConnectorId, OrgId } from '@behalf/contract'
import type { AuditEvent } from '../domain/audit-event.ts'
import type { Connector, ConnectorHealth } from '../domain/connector.ts'
import type { Icon } from '../domain/icon.ts'
import type { Page, PageRequest } from './page.ts'

/** Connectors and every version of them. */
export type ConnectorStore = {
  /** False where the name is or was taken. */
  create(connector: Connector, audit: readonly AuditEvent[]): Promise<boolean>
  byName(orgId: OrgId, name: string): Promise<Connector | undefined>
  byId(orgId: OrgId, id: ConnectorId): Promise<Connector | undefined>
  /** The definition and secret an older version had, for what began under it. Approval and retirement are the current ones. */
  atVersion(orgId: OrgId, id: ConnectorId, version: number): Promise<Connector | undefined>
  /** Every version of a connector, newest first. */
  versions(orgId: OrgId, id: ConnectorId, page: PageRequest): Promise<Page<Connector>>
  icon(orgId: OrgId, id: ConnectorId): Promise<Icon | undefined>
  /** Hashes of the icons that were uploaded. */
  iconHashes(orgId: OrgId): Promise<ReadonlyMap<ConnectorId, string>>
  /** Null removes it. */
  setIcon(orgId: OrgId, id: ConnectorId, icon: Icon | null, audit: AuditEvent): Promise<void>
  /** Live connectors by name. */
  list(orgId: OrgId, page: PageRequest): Promise<Page<Connector>>
  all(orgId: OrgId): Promise<readonly Connector[]>
  /** Writes `connector.version` as a new version; false where the stored one is not the one before. */
  update(connector: Connector, audit: readonly AuditEvent[]): Promise<boolean>
  /** Records approval without a new version. */
  approve(orgId: OrgId, id: ConnectorId, hosts: readonly string[], version: number, audit: AuditEvent): Promise<boolean>
  observeIssuer(orgId: OrgId, id: ConnectorId, issuer: string): Promise<void>
  /**
   * Connectors of any organization whose health call is due: on create, on each new version, and where `recordHealth` says. Each is claimed until
   * `now + claimMs`, so that no second node makes its call at once.
   */
  claimHealthDue(now: number, claimMs: number, limit: number): Promise<readonly Connector[]>
  /** Connectors of any organization, none of them retired, whose grants may lapse where nobody uses them; some more perhaps. */
  keptAlive(): Promise<readonly Connector[]>
  /** Writes what came of a health call and when the next is due; nothing where a newer version came meanwhile. */
  recordHealth(
    connector: Connector,
    health: ConnectorHealth,
    nextAt: number,
    audit: readonly AuditEvent[],
  ): Promise<void>
  retire(orgId: OrgId, id: ConnectorId, at: number, audit: AuditEvent): Promise<boolean>
}
