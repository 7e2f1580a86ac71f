import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import type { CallId, ConnectionId, ConnectorId, OrgId, SubjectId } from '@behalf/contract'
import type { CallEntry, CallFacts } from '../../packages/server/src/domain/call-entry.ts'
import { entryOf, redactStrictly } from '../../packages/server/src/domain/redaction/redact-call.ts'
import { systemClock } from '../../packages/server/src/platform/clock.ts'
import { createEntropy } from '../../packages/server/src/platform/entropy.ts'
import { BLOCK_COLUMNS, openBlock } from '../../packages/server/src/store/call-log-block.ts'
import { connectionRow } from './rows.ts'
import { LONG } from './seed.ts'

/** How many things stand in the filled store; the long form has a million calls. */
export const MANY = { people: 10_000, connectors: 500, calls: LONG ? 1_000_000 : 60_000, days: 30 } as const

const DAY_MS = 86_400_000
const NOT_OPENED = new Uint8Array(40)

type Columns = Readonly<Record<string, string>>

/**
 * Fills the store of a started playground with copies of its own rows, so that it holds as much as a large organization's. Written straight
 * into the tables, in one transaction beside the running broker: through the product it would take the whole time of the suite.
 */
export async function fillStore(dataDir: string): Promise<void> {
  const database = new DatabaseSync(join(dataDir, 'behalf.db'), { timeout: 5_000 })
  try {
    database.exec('PRAGMA busy_timeout = 20000; BEGIN IMMEDIATE')
    copies(database, 'people', `email LIKE 'una@%'`, MANY.people, {
      subject_id: `printf('sub_%026d', n)`,
      sub: `printf('many-%d', n)`,
      name: `printf('Person %d', n)`,
      email: `printf('person%d@acme.example', n)`,
    })
    copies(database, 'connectors', `name = 'orbit'`, MANY.connectors, {
      connector_id: `printf('ctr_%026d', n)`,
      name: `printf('system-%d', n)`,
      approved_hosts: `CASE WHEN n % 100 = 0 THEN '[]' ELSE approved_hosts END`,
    })
    copies(
      database,
      'connector_versions',
      `connector_id = (SELECT connector_id FROM connectors WHERE name = 'orbit')`,
      MANY.connectors,
      {
        connector_id: `printf('ctr_%026d', n)`,
        definition: `json_set(definition, '$.name', printf('system-%d', n), '$.display_name', printf('System %d', n))`,
      },
    )
    const now = Date.now()
    const row = `SELECT org_id, subject_id FROM people WHERE email LIKE 'una@%'`
    const one = database.prepare(row).get() as { org_id: OrgId; subject_id: SubjectId }
    const insert = database.prepare(
      `INSERT INTO call_log_blocks (${BLOCK_COLUMNS.join(', ')}) VALUES (${BLOCK_COLUMNS.map(() => '?').join(', ')})`,
    )
    // A call a second: the least that blocks are made for.
    for (let n = 1; n <= MANY.calls; n += 1) {
      const entry = callEntry(one, n, now - (MANY.calls - n) * 1000)
      const block = openBlock(entry)
      block.add(entry)
      const made = block.row()
      insert.run(...BLOCK_COLUMNS.map(column => made[column]))
    }
    const today = Math.floor(now / DAY_MS)
    database.exec(`WITH RECURSIVE seq(n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM seq WHERE n < ${MANY.days - 1})
      INSERT INTO usage_days (org_id, day, connection_id, plugin_id, connector_id, subject_id, calls, failures)
      SELECT p.org_id, ${today} - n, 'con_${'0'.repeat(26)}', p.plugin_id, c.connector_id, o.subject_id,
        200 + (n * 37) % 140 - (CASE WHEN (${today} - n) % 7 IN (2, 3) THEN 160 ELSE 0 END), (n * 13) % 9
      FROM seq, plugins p, connectors c, (${row}) o WHERE c.name = 'orbit' AND p.name = 'sales-assistant'`)
    // A grant that lapses soon, and one whose revocation is being retried.
    const whose = { orgId: one.org_id, subjectId: one.subject_id, issuer: '', sub: 'una', domain: '', now }
    for (const [n, change] of [
      [1, { refresh_expires_at: now + 3 * DAY_MS }],
      [2, { status: 'disconnecting' }],
    ] as const) {
      const row = {
        ...connectionRow(whose, {
          id: `con_${String(n).padStart(26, 'g')}` as ConnectionId,
          connectorId: `ctr_${String(n).padStart(26, '0')}` as ConnectorId,
          accessToken: NOT_OPENED,
          refreshToken: NOT_OPENED,
          lifeMs: 30 * DAY_MS,
          apiOrigin: '',
          tokenEndpoint: '',
        }),
        ...change,
      }
      const columns = Object.keys(row)
      database
        .prepare(`INSERT INTO connections (${columns.join(', ')}) VALUES (${columns.map(() => '?').join(', ')})`)
        .run(...Object.values(row))
    }
    // One connector that fails.
    database.exec(`INSERT INTO usage_days (org_id, day, connection_id, plugin_id, connector_id, subject_id, calls, failures)
      SELECT p.org_id, ${today}, 'con_${'1'.repeat(26)}', p.plugin_id, c.connector_id, o.subject_id, 40, 30
      FROM plugins p, connectors c, (${row}) o WHERE c.name = 'system-7' AND p.name = 'sales-assistant'`)
    database.exec('COMMIT')
  } finally {
    database.close()
  }
}

function callEntry(
  whose: { readonly org_id: OrgId; readonly subject_id: SubjectId },
  n: number,
  at: number,
): CallEntry {
  const digits = String(n).padStart(16, '0')
  const status = n % 97 === 0 ? 503 : n % 41 === 0 ? 404 : 200
  const facts: CallFacts = {
    id: createEntropy({ ...systemClock, now: () => at }).newId<CallId>('cal'),
    orgId: whose.org_id,
    at,
    runId: null,
    plugin: 'sales-assistant',
    pluginVersion: null,
    launchId: null,
    action: null,
    connector: `system-${(n % 40) + 1}`,
    subjectId: whose.subject_id,
    method: n % 5 === 0 ? 'POST' : 'GET',
    pathTemplate: '/contacts/*',
    status,
    answeredBy: 'provider',
    code: null,
    durationMs: 40 + (n % 200),
    requestBytes: 0,
    responseBytes: 512 + (n % 900),
    requestId: `req_${digits}`,
  }
  return entryOf(redactStrictly(facts))
}

/** Copies one row many times; `changes` are SQL expressions over its columns and `n`, from 1. */
function copies(database: DatabaseSync, table: string, which: string, count: number, changes: Columns): void {
  const columns = database.prepare(`SELECT name FROM pragma_table_info('${table}')`).all() as { name: string }[]
  const values = columns.map(({ name }) => changes[name] ?? `t.${name}`).join(', ')
  const names = columns.map(({ name }) => name).join(', ')
  database.exec(`WITH RECURSIVE seq(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM seq WHERE n < ${count})
    INSERT INTO ${table} (${names}) SELECT ${values} FROM seq, (SELECT * FROM ${table} WHERE ${which} LIMIT 1) t`)
}
