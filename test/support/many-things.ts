import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { LONG } from './seed.ts'

/** How many things stand in the filled store; the long form has a million calls. */
export const MANY = { people: 10_000, connectors: 500, calls: LONG ? 1_000_000 : 50_000, days: 30 } as const

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
    const calls = `WITH RECURSIVE seq(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM seq WHERE n < ${MANY.calls})
      INSERT INTO call_logs (org_id, call_id, at, plugin, connector, subject_id, method, path_template, status, answered_by, duration_ms,
        request_bytes, response_bytes, request_id, level, redaction, removed, expires_at)
      SELECT o.org_id, printf('cal_%026d', n), ${now} - (${MANY.calls} - n) * 1000, 'sales-assistant', printf('system-%d', n % 40 + 1),
        o.subject_id, CASE n % 5 WHEN 0 THEN 'POST' ELSE 'GET' END, '/contacts/*', CASE WHEN n % 97 = 0 THEN 503 WHEN n % 41 = 0 THEN 404 ELSE 200 END,
        'provider', 40 + n % 200, 0, 512 + n % 900, printf('req_%026d', n), CASE WHEN n % 97 = 0 THEN 'error' WHEN n % 41 = 0 THEN 'warning' ELSE 'info' END,
        'strict', '[]', ${now} + 90 * 86400000
      FROM seq, (${row}) o`
    database.exec(calls)
    const today = Math.floor(now / 86_400_000)
    database.exec(`WITH RECURSIVE seq(n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM seq WHERE n < ${MANY.days - 1})
      INSERT INTO usage_days (org_id, day, connection_id, plugin_id, connector_id, subject_id, calls, failures)
      SELECT p.org_id, ${today} - n, 'con_${'0'.repeat(26)}', p.plugin_id, c.connector_id, o.subject_id,
        200 + (n * 37) % 140 - (CASE WHEN (${today} - n) % 7 IN (2, 3) THEN 160 ELSE 0 END), (n * 13) % 9
      FROM seq, plugins p, connectors c, (${row}) o WHERE c.name = 'orbit' AND p.name = 'sales-assistant'`)
    database.exec('COMMIT')
  } finally {
    database.close()
  }
}

/** Copies one row many times; `changes` are SQL expressions over its columns and `n`, from 1. */
function copies(database: DatabaseSync, table: string, which: string, count: number, changes: Columns): void {
  const columns = database.prepare(`SELECT name FROM pragma_table_info('${table}')`).all() as { name: string }[]
  const values = columns.map(({ name }) => changes[name] ?? `t.${name}`).join(', ')
  const names = columns.map(({ name }) => name).join(', ')
  database.exec(`WITH RECURSIVE seq(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM seq WHERE n < ${count})
    INSERT INTO ${table} (${names}) SELECT ${values} FROM seq, (SELECT * FROM ${table} WHERE ${which} LIMIT 1) t`)
}
