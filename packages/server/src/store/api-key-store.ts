import { type ApiKeyId, role } from '@behalf/contract'
import { z } from 'zod'
import type { ApiKey } from '../domain/api-key.ts'
import type { ApiKeyStore } from '../ports/api-key-store.ts'
import { auditInsert } from './audit-store.ts'
import { applied, type Engine, statement } from './engine.ts'
import { jsonColumn } from './json-column.ts'
import { fromKeyRecord, toKeyRecord } from './key-row.ts'
import { pageOf } from './keyset.ts'
import type { Tables } from './tables.ts'
import type { Touches } from './touches.ts'

const roles = jsonColumn(z.array(role))

const toApiKey = (row: Tables['api_keys']): ApiKey => ({
  ...toKeyRecord<ApiKeyId>(row),
  roles: roles(row.roles),
  createdBy: row.created_by,
})

export function createApiKeyStore(engine: Engine, touches: Touches): ApiKeyStore {
  const { build } = engine
  const keys = build.selectFrom('api_keys').selectAll()
  return {
    async add(key, audit) {
      const row = { ...fromKeyRecord(key), roles: JSON.stringify(key.roles), created_by: key.createdBy }
      await engine.write([statement(build.insertInto('api_keys').values(row)), auditInsert(engine, audit)])
    },
    async byHash(orgId, hash) {
      const [row] = await engine.read(keys.where('org_id', '=', orgId).where('key_hash', '=', hash))
      return row && toApiKey(row)
    },
    async list(orgId, page) {
      let query = keys
        .where('org_id', '=', orgId)
        .orderBy('key_id')
        .limit(page.limit + 1)
      if (page.after !== null) query = query.where('key_id', '>', page.after)
      return pageOf(await engine.read(query), page, row => row.key_id, toApiKey)
    },
    revoke(orgId, id, at, audit) {
      const query = build
        .updateTable('api_keys')
        .set({ revoked_at: at })
        .where('org_id', '=', orgId)
        .where('key_id', '=', id)
      return applied(engine.write([statement(query.where('revoked_at', 'is', null), 1), auditInsert(engine, audit)]))
    },
    async touch(orgId, id, at) {
      const query = build
        .updateTable('api_keys')
        .set({ last_used_at: at })
        .where('org_id', '=', orgId)
        .where('key_id', '=', id)
      touches.note(`api_keys/${id}`, () => statement(query))
    },
  }
}
