import type { ApiKeyId, Role } from '@behalf/contract'
import type { KeyRecord } from './plugin.ts'

export type ApiKey = KeyRecord<ApiKeyId> & { readonly roles: readonly Role[]; readonly createdBy: string }
