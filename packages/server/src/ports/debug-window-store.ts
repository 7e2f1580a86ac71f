import type { DebugWindowId, OrgId, SubjectId } from '@behalf/contract'
import type { AuditEvent } from '../domain/audit-event.ts'
import type { DebugWindow } from '../domain/debug-window.ts'
import type { Page, PageRequest } from './page.ts'

/** Debug windows; every write is one transaction with its audit event. */
export type DebugWindowStore = {
  add(window: DebugWindow, audit: AuditEvent): Promise<void>
  byId(orgId: OrgId, id: DebugWindowId): Promise<DebugWindow | undefined>
  /** The newest first; of one person where given. */
  list(orgId: OrgId, subject: SubjectId | null, page: PageRequest): Promise<Page<DebugWindow>>
  /** Those that were agreed to and end after `now`. */
  agreed(orgId: OrgId, now: number): Promise<readonly DebugWindow[]>
  /** Writes where the status is still `from`; false where somebody was first. */
  change(window: DebugWindow, from: DebugWindow['status'], audit: AuditEvent): Promise<boolean>
  /** Ends every window of an organization that is asked for or agreed to. */
  endAll(orgId: OrgId, at: number, by: string, audit: AuditEvent): Promise<void>
}
