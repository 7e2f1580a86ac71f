import type { OrgId } from '@behalf/contract'
import type { AuditEvent } from '../domain/audit-event.ts'
import type { Icon } from '../domain/icon.ts'
import type { Organization } from '../domain/organization.ts'
import type { WrappedDataKey } from './vault.ts'

/** Organizations. Every write is one transaction with its audit event. Throws `store_unavailable` like every store. */
export type OrganizationStore = {
  /** False where the slug is taken. */
  create(organization: Organization, dataKey: WrappedDataKey, audit: AuditEvent): Promise<boolean>
  bySlug(slug: string): Promise<Organization | undefined>
  byId(id: OrgId): Promise<Organization | undefined>
  all(): Promise<readonly Organization[]>
  /** False where the version is not `organization.version - 1` any more. */
  update(organization: Organization, audit: AuditEvent): Promise<boolean>
  logo(id: OrgId): Promise<Icon | undefined>
  /** The same as `update`, together with the logo; null removes it. */
  setLogo(organization: Organization, logo: Icon | null, audit: AuditEvent): Promise<boolean>
}
