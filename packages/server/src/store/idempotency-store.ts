import { sql } from 'kysely'
import { asSealed } from '../domain/sealed.ts'
import type { IdempotencyStore } from '../ports/idempotency-store.ts'
import { applied, type Engine, statement } from './engine.ts'
import { sweepRows } from './sweep-rows.ts'

export function createIdempotencyStore(engine: Engine): IdempotencyStore {
  const { build } = engine
  return {
    async begin(orgId, principal, key, requestHash, now) {
      const row = {
        org_id: orgId,
        principal,
        idempotency_key: key,
        request_hash: requestHash,
        sealed: null,
        created_at: now,
      }
      const insert = build
        .insertInto('kept_answers')
        .values(row)
        .onConflict(conflict => conflict.doNothing())
      if (await applied(engine.write([statement(insert, 1)]))) return 'begun'
      const query = build
        .selectFrom('kept_answers')
        .select(['request_hash', 'sealed'])
        .where('org_id', '=', orgId)
        .where('principal', '=', principal)
        .where('idempotency_key', '=', key)
      const [kept] = await engine.read(query)
      return { requestHash: kept?.request_hash ?? requestHash, sealed: kept?.sealed ? asSealed(kept.sealed) : null }
    },
    async finish(orgId, principal, key, sealed) {
      const ours = { org_id: orgId, principal, idempotency_key: key }
      const where = Object.entries(ours) as [keyof typeof ours, string][]
      // An answer that was no success is forgotten: the caller may try again with the same key.
      const query =
        sealed === null
          ? build.deleteFrom('kept_answers').where(({ and }) => and(Object.fromEntries(where)))
          : build
              .updateTable('kept_answers')
              .set({ sealed })
              .where(({ and }) => and(Object.fromEntries(where)))
      await engine.write([statement(query)])
    },
    async sweep(before) {
      const key = ['org_id', 'principal', 'idempotency_key']
      return sweepRows(engine, 'kept_answers', key, sql`created_at < ${before}`)
    },
  }
}
