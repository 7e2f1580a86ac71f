import type { ConnectionId, OrgId } from '@behalf/contract'
import type { AuditEvent } from '../domain/audit-event.ts'
import type { ConnectionStatus } from '../domain/connection.ts'
import type { Revocation } from '../domain/revocation.ts'

/** Tokens waiting for their own revocation. */
export type RevocationStore = {
  add(queued: readonly Revocation[], audit: readonly AuditEvent[]): Promise<void>
  ofConnection(orgId: OrgId, id: ConnectionId): Promise<readonly Revocation[]>
  /** Every pending one of a connection, of whatever generation. */
  pendingOf(orgId: OrgId, id: ConnectionId): Promise<readonly Revocation[]>
  /** Every pending one of connections of one third-party account, at whatever connector. */
  pendingOfAccount(orgId: OrgId, accountId: string): Promise<readonly Revocation[]>
  /** Writes the sealed bytes of a pending one anew. */
  reseal(revocation: Revocation): Promise<void>
  /** Pending ones that are due; each is claimed for `claimMs` so that no second node tries it at once. */
  claimDue(now: number, claimMs: number, limit: number): Promise<readonly Revocation[]>
  /** Claims the pending ones of one connection the same way. */
  claimOf(orgId: OrgId, id: ConnectionId, now: number, claimMs: number): Promise<readonly Revocation[]>
  /**
   * Writes an outcome; anything but `pending` erases the sealed token. When none of the connection's generation is pending any more and it is
   * still `disconnecting`, sets `whenSettled` on it in the same transaction.
   */
  settle(
    revocation: Revocation,
    whenSettled: (all: readonly Revocation[]) => ConnectionStatus,
    audit: AuditEvent,
  ): Promise<void>
}
