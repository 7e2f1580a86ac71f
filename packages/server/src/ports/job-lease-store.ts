import type { OrgId } from '@behalf/contract'

/** Work that one node at a time does for an organization. */
type Job = 'seal_audit' | 'watch_health'

/** Leases of jobs. The store's own clock judges deadlines, as for refresh leases. */
export type JobLeaseStore = {
  /** Takes or keeps the lease for `leaseMs` from now; false where another holder has it. */
  hold(orgId: OrgId, job: Job, holder: string, leaseMs: number): Promise<boolean>
}
