import type { OrgId, SubjectId } from '@behalf/contract'
import type { AuditAction, AuditEvent, StoredAuditEvent } from '../domain/audit-event.ts'
import type { Page, PageRequest } from './page.ts'

/** Which events; every part that is given must hold. Instants in milliseconds, `until` exclusive. */
export type AuditFilter = {
  readonly action?: string | undefined
  readonly subject?: SubjectId | undefined
  readonly principal?: string | undefined
  readonly target?: string | undefined
  readonly result?: AuditEvent['result'] | undefined
  readonly from?: number | undefined
  readonly until?: number | undefined
}

/** The audit. Never dropped; chained by the sealer within a second. */
export type AuditStore = {
  /** For events with no write of their own; durable (group commit) when it resolves. */
  add(events: readonly AuditEvent[]): Promise<void>
  list(orgId: OrgId, filter: AuditFilter, page: PageRequest): Promise<Page<StoredAuditEvent>>
  /** In chain order from `fromSequence` on, for verification and export. */
  chain(orgId: OrgId, fromSequence: number, limit: number): Promise<readonly StoredAuditEvent[]>
  /** Those of the actions that stand in the chain after `sequence`, in its order. */
  after(
    orgId: OrgId,
    sequence: number,
    actions: readonly AuditAction[],
    limit: number,
  ): Promise<readonly StoredAuditEvent[]>
  /** Events without a place in the chain yet, oldest first. */
  unsealed(orgId: OrgId, limit: number): Promise<readonly AuditEvent[]>
  orgsWithUnsealed(): Promise<readonly OrgId[]>
  head(orgId: OrgId): Promise<{ readonly sequence: number; readonly mac: Uint8Array } | undefined>
  /** Appends to the chain where the head is still `afterSequence`; false where another sealer was first. */
  seal(
    orgId: OrgId,
    afterSequence: number,
    links: readonly { readonly event: AuditEvent; readonly sequence: number; readonly mac: Uint8Array }[],
  ): Promise<boolean>
}
