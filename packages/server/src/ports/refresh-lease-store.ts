import type { ConnectionId, ConnectorId, OrgId } from '@behalf/contract'

/** One node's right to refresh one connection, until its deadline. `epoch` fences it. */
export type RefreshLease = {
  readonly orgId: OrgId
  readonly connectionId: ConnectionId
  readonly holder: string
  readonly epoch: number
}

/** A refresh that was about to be sent: committed before sending, so that others do not resend blindly. */
export type OpenAttempt = {
  readonly node: string
  readonly attemptId: string
  readonly generation: number
  readonly tokenVersion: number
  readonly startedAt: number
}

export type LeaseState =
  | {
      readonly kind: 'taken'
      readonly lease: RefreshLease
      readonly openAttempt: OpenAttempt | null
      readonly retries: number
    }
  | { readonly kind: 'held' }
  /** Backing off after failures until this instant. */
  | { readonly kind: 'cooling'; readonly untilAt: number; readonly reason: string }

/** Refresh leases. The store's own clock judges deadlines: database time on PostgreSQL, boot id and monotonic time on SQLite. */
export type RefreshLeaseStore = {
  /**
   * Compare-and-set. A lease past its deadline, of an earlier boot, or whose holder `isGone`, is taken over with epoch +1 and keeps its open
   * attempt.
   */
  take(
    orgId: OrgId,
    connectionId: ConnectionId,
    holder: string,
    leaseMs: number,
    now: number,
    isGone?: (holder: string) => Promise<boolean>,
  ): Promise<LeaseState>
  /** Commits the open attempt; false where the lease was lost. */
  openAttempt(lease: RefreshLease, attempt: OpenAttempt, retries: number): Promise<boolean>
  /** Ends the lease. `settled` clears the open attempt and failures; `coolUntilAt` starts a back-off. */
  release(
    lease: RefreshLease,
    end: { readonly settled: boolean; readonly coolUntilAt: number | null; readonly reason: string | null },
  ): Promise<void>
  /** How many connections of each connector were refused a renewal because of its client, and back off until after `since`. */
  clientRejected(orgId: OrgId, since: number): Promise<ReadonlyMap<ConnectorId, number>>
  /** How many refreshes in a row failed, for the back-off. */
  failures(orgId: OrgId, connectionId: ConnectionId): Promise<number>
}
