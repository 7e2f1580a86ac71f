import type { ConnectLinkId, OrgId } from '@behalf/contract'
import type { AuditEvent } from '../domain/audit-event.ts'
import type { ConnectLink } from '../domain/connect-link.ts'

/** Connect links by hash. */
export type ConnectLinkStore = {
  add(link: ConnectLink, audit: AuditEvent | null): Promise<void>
  byHash(orgId: OrgId, hash: Uint8Array): Promise<ConnectLink | undefined>
  byId(orgId: OrgId, id: ConnectLinkId): Promise<ConnectLink | undefined>
  /** Once; false where it was used or is over. */
  use(orgId: OrgId, id: ConnectLinkId, now: number): Promise<boolean>
  sweep(now: number): Promise<number>
}
