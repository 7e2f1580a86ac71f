import type { ConnectionId, OrgId, PluginId, SubjectId } from '@behalf/contract'
import type { AuditEvent } from '../domain/audit-event.ts'
import type { ConnectorCalls, CountedUse, DailyUsage, Usage } from '../domain/usage.ts'
import type { Page, PageRequest } from './page.ts'

export type UsageFilter = {
  readonly subject?: SubjectId | undefined
  readonly connection?: ConnectionId | undefined
  readonly plugin?: PluginId | undefined
}

/** Which plugin used which connection when and how often. */
export type UsageStore = {
  /** Begins the history of a plugin with a connection, in one transaction with the audit; false where it has begun. */
  begin(use: CountedUse, audit: AuditEvent): Promise<boolean>
  /** Adds to histories that have begun, and to their days; all of them or none. */
  add(uses: readonly CountedUse[]): Promise<void>
  list(orgId: OrgId, filter: UsageFilter, page: PageRequest): Promise<Page<Usage>>
  /** Days from `fromDay` on, the oldest first. */
  days(orgId: OrgId, filter: UsageFilter, fromDay: number, page: PageRequest): Promise<Page<DailyUsage>>
  /** Calls from `fromDay` on, of every connector that was called. */
  byConnector(orgId: OrgId, fromDay: number): Promise<readonly ConnectorCalls[]>
  /** Of one person, the histories that were not seen yet. */
  unseen(orgId: OrgId, subject: SubjectId): Promise<readonly Usage[]>
  see(orgId: OrgId, subject: SubjectId, connection: ConnectionId, at: number): Promise<void>
  /** Removes days before `day`; how many. */
  sweep(day: number): Promise<number>
}
