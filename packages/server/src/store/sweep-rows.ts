import { type RawBuilder, sql } from 'kysely'
import type { Engine } from './engine.ts'
import type { Tables } from './tables.ts'

const BATCH = 1_000

/** Deletes what is over in small units, so that other writes go on in between; how many rows. `keys` is the table's key. */
export async function sweepRows(
  engine: Engine,
  table: keyof Tables,
  keys: readonly string[],
  over: RawBuilder<unknown>,
): Promise<number> {
  const key = sql.join(keys.map(column => sql.ref(column)))
  const some = sql`SELECT ${key} FROM ${sql.table(table)} WHERE ${over} LIMIT ${sql.lit(BATCH)}`
  const unit = sql`DELETE FROM ${sql.table(table)} WHERE (${key}) IN (${some})`.compile(engine.build)
  for (let swept = 0; ; ) {
    const written = await engine.write([{ sql: unit.sql, parameters: unit.parameters }])
    const changes = written.kind === 'done' ? (written.results[0]?.changes ?? 0) : 0
    swept += changes
    if (changes < BATCH) return swept
  }
}
