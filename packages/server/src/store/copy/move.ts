import { createHash } from 'node:crypto'
import { sql } from 'kysely'
import { BootError } from '../../domain/boot-error.ts'
import type { Engine } from '../engine.ts'
import { createInsertRows } from '../insert-rows.ts'
import { hasJournalEntries, isJournalHeld } from '../journal.ts'
import { hasStore, openStore, type Store } from '../store.ts'
import type { Tables } from '../tables.ts'

/** Every table and what its rows are ordered by; `migrations` is the new store's own. */
const ORDER = {
  organizations: ['org_id'],
  organization_logos: ['org_id'],
  data_keys: ['org_id', 'key_id'],
  people: ['org_id', 'subject_id'],
  sessions: ['org_id', 'session_hash'],
  sign_in_requests: ['org_id', 'state_hash'],
  sso_trials: ['org_id', 'trial_id'],
  connectors: ['org_id', 'connector_id'],
  connector_versions: ['org_id', 'connector_id', 'version'],
  connections: ['org_id', 'connection_id'],
  refresh_leases: ['org_id', 'connection_id'],
  job_leases: ['org_id', 'job'],
  revocations: ['org_id', 'revocation_id'],
  authorization_requests: ['org_id', 'state_hash'],
  parked_grants: ['org_id', 'parked_id'],
  connector_icons: ['org_id', 'connector_id'],
  connect_links: ['org_id', 'link_hash'],
  plugins: ['org_id', 'plugin_id'],
  plugin_versions: ['org_id', 'plugin_id', 'version'],
  launches: ['org_id', 'launch_id'],
  launch_people: ['org_id', 'launch_id', 'place'],
  roster_entries: ['org_id', 'email'],
  plugin_keys: ['org_id', 'key_hash'],
  api_keys: ['org_id', 'key_hash'],
  audit_events: ['org_id', 'event_id'],
  audit_heads: ['org_id'],
  call_logs: ['org_id', 'call_id'],
  call_log_blocks: ['org_id', 'newest_id'],
  connection_uses: ['org_id', 'connection_id', 'plugin_id'],
  usage_days: ['org_id', 'day', 'connection_id', 'plugin_id'],
  debug_windows: ['org_id', 'window_id'],
  webhooks: ['org_id', 'webhook_id'],
  webhook_deliveries: ['org_id', 'delivery_id'],
  kept_answers: ['org_id', 'principal', 'idempotency_key'],
} as const satisfies Record<Exclude<keyof Tables, 'migrations'>, readonly string[]>

type Name = keyof typeof ORDER
const PAGE = 256

/** Copies everything of the embedded store into an empty PostgreSQL database, and compares what arrived. Throws {@link BootError}. */
export async function moveStore(
  { dataDir, databaseUrl }: { readonly dataDir: string; readonly databaseUrl: string },
  judge: (store: Store) => Promise<void>,
): Promise<{ readonly rows: number }> {
  if (!hasStore(dataDir)) throw new BootError(`There is no store in ${dataDir}`)
  if (isJournalHeld(dataDir)) throw new BootError(`A broker runs on ${dataDir}: stop it first`)
  if (hasJournalEntries(dataDir))
    throw new BootError(
      `There are answers in ${dataDir}/journal that the store lacks: start the broker once, stop it, and move then`,
    )
  await using from = await openStore({ dataDir })
  await judge(from)
  await using to = await openStore({ dataDir, databaseUrl })
  let rows = 0
  for (const table of Object.keys(ORDER) as Name[]) {
    if ((await page(to.engine, table, 0)).length > 0)
      throw new BootError('The database that DATABASE_URL names is not empty')
  }
  for (const table of Object.keys(ORDER) as Name[]) rows += await copyTable(from.engine, to.engine, table)
  return { rows }
}

async function copyTable(from: Engine, to: Engine, table: Name): Promise<number> {
  const digests = { from: createHash('sha256'), to: createHash('sha256') }
  let count = 0
  let insertRows: ReturnType<typeof createInsertRows<Name>> | undefined
  for (;;) {
    const rows = await page(from, table, count)
    const [first] = rows
    if (first === undefined) break
    insertRows ??= createInsertRows(to, table, Object.keys(first).sort() as never)
    await to.write(insertRows(rows as never))
    for (const row of rows) digests.from.update(textOf(row))
    count += rows.length
  }
  for (let at = 0; at < count; at += PAGE) for (const row of await page(to, table, at)) digests.to.update(textOf(row))
  if (digests.from.digest('hex') !== digests.to.digest('hex'))
    throw new BootError(`${table} did not arrive as it was: drop the database and try again`)
  return count
}

function page(engine: Engine, table: Name, offset: number): Promise<readonly object[]> {
  let query = engine.build.selectFrom(table).selectAll().limit(PAGE).offset(offset)
  // By bytes on both sides, whatever language the database sorts in.
  for (const column of ORDER[table])
    query = query.orderBy(isText(column) ? sql`${sql.ref(column)} COLLATE ${collation(engine)}` : sql.ref(column))
  return engine.read(query) as Promise<readonly object[]>
}

const isText = (column: string): boolean =>
  !/(_hash|^version|^place|^key_id|^day)$/.test(column) || column === 'idempotency_key'
const collation = (engine: Engine) => sql.raw(engine.bytewise)

const textOf = (row: object): string =>
  JSON.stringify(
    Object.entries(row)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, value]) => [name, value instanceof Uint8Array ? Buffer.from(value).toString('base64') : value]),
  )
