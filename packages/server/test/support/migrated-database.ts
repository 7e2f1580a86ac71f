import { after } from 'node:test'
import { Client } from 'pg'
import {
  createTestDatabase,
  type Database,
  execute,
  type Postgres,
  startPostgres,
} from '../../../../test/support/postgres.ts'
import { createPostgresEngine } from '../../src/store/postgres/engine.ts'
import { openStoreOn } from '../../src/store/store.ts'
import { onPartitions } from './partitions.ts'

/** Whose tables are as a broker makes them, or every one hash-partitioned by organization. */
export type Shape = 'plain' | 'partitioned'
type Kept = { readonly database: Database; readonly tables: string }

const TABLES = `SELECT c.relname AS name FROM pg_class c
  WHERE c.relkind IN ('r', 'p') AND NOT c.relispartition AND c.relnamespace = 'public'::regnamespace ORDER BY 1`
const othersAt = (database: string) =>
  `SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = ${database} AND pid <> pg_backend_pid()`

const free: Record<Shape, Kept[]> = { plain: [], partitioned: [] }
let server: Promise<Postgres> | undefined

// Making a database and bringing it to this version takes a hundred times as long as emptying one.
after(async () => {
  for (const kept of [...free.plain, ...free.partitioned]) await kept.database[Symbol.asyncDispose]()
  await (await server)?.[Symbol.asyncDispose]()
})

/** An empty database at this program's version, for one test at a time: emptied and handed to the next one of this process. */
export async function migratedDatabase(shape: Shape = 'plain'): Promise<Database> {
  const kept = free[shape].pop() ?? (await make(shape))
  return {
    url: kept.database.url,
    async [Symbol.asyncDispose]() {
      if (await isEmptied(kept)) free[shape].push(kept)
      else await kept.database[Symbol.asyncDispose]()
    },
  }
}

async function make(shape: Shape): Promise<Kept> {
  if (process.env['TEST_DATABASE_URL'] === undefined) server ??= startPostgres()
  const base = process.env['TEST_DATABASE_URL'] ?? (await server)?.url ?? ''
  // Only where the server ends with the run: what is left on another one would be of an older version one day.
  const isOurs = process.env['TEST_SERVER'] === 'ours'
  const database = await createTestDatabase(base, isOurs ? await templateOn(base, shape) : undefined)
  if (!isOurs) await migrate(database.url, shape)
  return { database, tables: await tablesOf(database) }
}

async function migrate(url: string, shape: Shape): Promise<void> {
  const engine = createPostgresEngine({ url, connections: 2 })
  await using _ = await openStoreOn(shape === 'plain' ? engine : onPartitions(engine))
}

/** The name of a database at this program's version, which the first process that wants it makes for all. */
async function templateOn(base: string, shape: Shape): Promise<string> {
  const name = `behalf_${shape}`
  const client = new Client({ connectionString: base })
  await client.connect()
  try {
    await client.query("SELECT pg_advisory_lock(hashtext('templates'))")
    const { rows } = await client.query('SELECT 1 FROM pg_database WHERE datname = $1', [name])
    if (rows.length === 1) return name
    const made = `${name}_in_the_making`
    await client.query(`CREATE DATABASE ${made}`)
    const url = new URL(base)
    url.pathname = `/${made}`
    await migrate(url.href, shape)
    // By its name it is whole, and nobody is connected to it.
    await execute(base, othersAt(`'${made}'`), `ALTER DATABASE ${made} RENAME TO ${name}`)
    return name
  } finally {
    await client.end()
  }
}

// One whose tables a test changed is not handed on.
async function isEmptied({ database, tables }: Kept): Promise<boolean> {
  await execute(database.url, othersAt('current_database()'))
  if ((await tablesOf(database)) !== tables) return false
  const emptied = tables.split(' ').filter(name => name !== 'migrations')
  await execute(database.url, emptied.map(name => `DELETE FROM ${name}`).join(';'))
  return true
}

const tablesOf = async ({ url }: Database): Promise<string> =>
  (await execute(url, TABLES)).map(({ name }) => String(name)).join(' ')
