import type { Statement } from '../../src/store/engine.ts'
import type { PostgresEngine } from '../../src/store/postgres/engine.ts'

/** Small tables that every shard has whole: which organization a host names, and which migrations were run. */
const REFERENCE = new Set(['organizations', 'migrations'])
const PARTITIONS = 4

/** Makes every table of organizations' things hash-partitioned by `org_id`: PostgreSQL then refuses what Citus could not distribute. */
export function onPartitions(engine: PostgresEngine): PostgresEngine {
  return {
    ...engine,
    write: unit => engine.write(unit.flatMap(partitioned)),
    [Symbol.asyncDispose]: () => engine[Symbol.asyncDispose](),
  }
}

function partitioned(asked: Statement): readonly Statement[] {
  const name = /^CREATE TABLE (\w+) \(/.exec(asked.sql)?.[1]
  if (name === undefined || REFERENCE.has(name)) return [asked]
  const parts = Array.from({ length: PARTITIONS }, (_, part) => ({
    sql: `CREATE TABLE ${name}_${part} PARTITION OF ${name} FOR VALUES WITH (MODULUS ${PARTITIONS}, REMAINDER ${part})`,
    parameters: [],
  }))
  return [{ ...asked, sql: `${asked.sql} PARTITION BY HASH (org_id)` }, ...parts]
}
