import type { OrgId } from '@behalf/contract'
import type { KeyRecord } from '../domain/plugin.ts'
import type { KeyColumns } from './tables.ts'

export const toKeyRecord = <Id extends string>(row: KeyColumns): KeyRecord<Id> => ({
  id: row.key_id as Id,
  orgId: row.org_id as OrgId,
  hash: row.key_hash,
  label: row.label,
  start: row.start,
  createdAt: row.created_at,
  expiresAt: row.expires_at,
  revokedAt: row.revoked_at,
  lastUsedAt: row.last_used_at,
})

export const fromKeyRecord = (key: KeyRecord<string>): KeyColumns => ({
  org_id: key.orgId,
  key_hash: key.hash,
  key_id: key.id,
  label: key.label,
  start: key.start,
  created_at: key.createdAt,
  expires_at: key.expiresAt,
  revoked_at: key.revokedAt,
  last_used_at: key.lastUsedAt,
})
