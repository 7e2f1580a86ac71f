import { execFileSync } from 'node:child_process'
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { after } from 'node:test'
import { type PgBouncer, startPgBouncer } from '../../../../test/support/pgbouncer.ts'
import { createTestDatabase, execute } from '../../../../test/support/postgres.ts'
import { startTcpProxy } from '../../../../test/support/tcp-proxy.ts'
import { migratedDatabase } from './migrated-database.ts'

const MOST_BYTES = 256 * 1024 * 1024

export const ENGINES = ['SQLite', 'PostgreSQL'] as const
export type EngineName = (typeof ENGINES)[number]
/** The engine of tests that do not say which: SQLite, unless `TEST_ENGINE=PostgreSQL`. */
export const ANY_ENGINE: EngineName = process.env['TEST_ENGINE'] === 'PostgreSQL' ? 'PostgreSQL' : 'SQLite'
/** How PostgreSQL stands: as a broker makes it, with every table hash-partitioned by organization, or behind PgBouncer in transaction mode. */
export type Standing = 'plain' | 'partitioned' | 'pooled'
const STANDING: readonly Standing[] = ['plain', 'partitioned', 'pooled']
const anyStanding = STANDING.find(standing => standing === process.env['TEST_POSTGRES']) ?? 'plain'

/** The database under a broker or a rig, for what only an operator or a thief could do to it. */
export type Underneath = AsyncDisposable & {
  /** Undefined for the embedded store. */
  readonly databaseUrl: string | undefined
  /** The same without the wire that `cut` cuts. */
  readonly directUrl: string | undefined
  run(sql: string): Promise<Record<string, unknown>[]>
  /** Takes the database away from the broker, for writes at least, and gives it back. */
  cut(): void
  restore(): void
  /** Breaks some of the connections that are open, of PostgreSQL; how many. */
  breakSome(which: (at: number) => boolean): number
  /** Everything at rest: files of the data folder but for the root key, and every row of every table. */
  atRest(): Promise<readonly Buffer[]>
}

export type UnderneathOptions = {
  /** Another server than the one that all tests share. */
  readonly serverUrl?: string
  /** Else as `TEST_POSTGRES` says. */
  readonly standing?: Standing
}

export async function underneath(
  engine: EngineName,
  dataDir: string,
  { serverUrl, standing = anyStanding }: UnderneathOptions = {},
): Promise<Underneath> {
  const files = () =>
    readdirSync(dataDir, { recursive: true, withFileTypes: true })
      .filter(entry => entry.isFile() && entry.name !== 'root.key')
      // By another process: closing a file here would end the locks that SQLite holds on it for the broker in this one.
      .map(entry => execFileSync('cat', [join(entry.parentPath, entry.name)], { maxBuffer: MOST_BYTES }))
  if (engine === 'SQLite') {
    let holder: DatabaseSync | undefined
    return {
      cut() {
        // A writer may just be at it: the lock is had once it is done.
        holder = new DatabaseSync(join(dataDir, 'behalf.db'), { timeout: 5_000 })
        holder.exec('BEGIN IMMEDIATE')
      },
      restore() {
        holder?.exec('ROLLBACK')
        holder?.close()
      },
      databaseUrl: undefined,
      directUrl: undefined,
      async run(sql) {
        const database = new DatabaseSync(join(dataDir, 'behalf.db'), { timeout: 5_000 })
        try {
          return database.prepare(sql).all()
        } finally {
          database.close()
        }
      },
      breakSome: () => 0,
      atRest: async () => files(),
      async [Symbol.asyncDispose]() {},
    }
  }
  const database =
    serverUrl === undefined
      ? await migratedDatabase(standing === 'partitioned' ? 'partitioned' : 'plain')
      : await createTestDatabase(serverUrl)
  const url = new URL(standing === 'pooled' ? (await bouncerBefore(database.url)).through(database.url) : database.url)
  const wire = await startTcpProxy({ host: url.hostname, port: Number(url.port) })
  url.port = String(wire.port)
  return {
    databaseUrl: url.href,
    directUrl: database.url,
    cut: () => wire.cut(),
    restore: () => wire.restore(),
    breakSome: which => wire.cutOpen(which),
    run: sql => execute(database.url, sql),
    async atRest() {
      const tables = await execute(database.url, "SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
      const rows = await Promise.all(
        tables.map(async ({ tablename }) =>
          Buffer.from(JSON.stringify(await execute(database.url, `SELECT t::text FROM ${String(tablename)} t`))),
        ),
      )
      return [...files(), ...rows]
    },
    async [Symbol.asyncDispose]() {
      await wire[Symbol.asyncDispose]()
      await database[Symbol.asyncDispose]()
    },
  }
}

const bouncers = new Map<string, Promise<PgBouncer>>()
after(async () => {
  for (const bouncer of bouncers.values()) await (await bouncer)[Symbol.asyncDispose]()
})

/** One for all databases of a server, as long as this process lives. */
function bouncerBefore(databaseUrl: string): Promise<PgBouncer> {
  const { host } = new URL(databaseUrl)
  const bouncer = bouncers.get(host) ?? startPgBouncer(databaseUrl)
  bouncers.set(host, bouncer)
  return bouncer
}
