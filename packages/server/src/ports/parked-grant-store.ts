import type { OrgId, SubjectId } from '@behalf/contract'
import type { ParkedGrant } from '../domain/parked-grant.ts'

/** Grants that wait for an answer. */
export type ParkedGrantStore = {
  add(grant: ParkedGrant): Promise<void>
  byId(orgId: OrgId, id: string): Promise<ParkedGrant | undefined>
  /** Removes and returns it: once, for its own person. */
  take(orgId: OrgId, id: string, subject: SubjectId): Promise<ParkedGrant | undefined>
  /** Removes and returns those whose time is over. */
  takeExpired(now: number, limit: number): Promise<readonly ParkedGrant[]>
}
