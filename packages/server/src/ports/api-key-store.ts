import type { ApiKeyId, OrgId } from '@behalf/contract'
import type { ApiKey } from '../domain/api-key.ts'
import type { AuditEvent } from '../domain/audit-event.ts'
import type { Page, PageRequest } from './page.ts'

/** API keys by hash. */
export type ApiKeyStore = {
  add(key: ApiKey, audit: AuditEvent): Promise<void>
  byHash(orgId: OrgId, hash: Uint8Array): Promise<ApiKey | undefined>
  list(orgId: OrgId, page: PageRequest): Promise<Page<ApiKey>>
  revoke(orgId: OrgId, id: ApiKeyId, at: number, audit: AuditEvent): Promise<boolean>
  touch(orgId: OrgId, id: ApiKeyId, at: number): Promise<void>
}
