import { spawn } from 'node:child_process'
import { chmodSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { provideProgram } from './installed.ts'
import { freePorts } from './ports.ts'
import { execute } from './postgres.ts'
import { until } from './until.ts'

const UNPRIVILEGED = 65_534

/** A real PgBouncer in transaction mode before one PostgreSQL server; `through` gives the way to a database of it. */
export type PgBouncer = AsyncDisposable & { through(databaseUrl: string): string }

/** Starts Debian's PgBouncer on a free port, as nobody where we are root: it refuses to run as root. */
export async function startPgBouncer(serverUrl: string, poolSize = 5): Promise<PgBouncer> {
  const program = provideProgram('/usr/sbin/pgbouncer', 'pgbouncer')
  const [port = 0] = await freePorts(1)
  const server = new URL(serverUrl)
  const home = mkdtempSync(join(tmpdir(), 'behalf-bouncer-'))
  chmodSync(home, 0o755)
  const [settings, users, log] = ['pgbouncer.ini', 'users.txt', 'log'].map(name => join(home, name)) as [
    string,
    string,
    string,
  ]
  writeFileSync(users, `"${server.username}" ""\n`)
  writeFileSync(
    settings,
    [
      '[databases]',
      `* = host=${server.hostname} port=${server.port}`,
      '[pgbouncer]',
      'listen_addr = 127.0.0.1',
      `listen_port = ${port}`,
      'unix_socket_dir =',
      'auth_type = trust',
      `auth_file = ${users}`,
      'pool_mode = transaction',
      `default_pool_size = ${poolSize}`,
      'max_client_conn = 500',
      'server_reset_query_always = 0',
      'ignore_startup_parameters = extra_float_digits,options',
      '',
    ].join('\n'),
  )
  const who = process.getuid?.() === 0 ? { uid: UNPRIVILEGED, gid: UNPRIVILEGED } : {}
  const child = spawn(program, [settings], { ...who, stdio: ['ignore', 'ignore', openSync(log, 'a')] })
  const through = (databaseUrl: string): string => {
    const url = new URL(databaseUrl)
    url.hostname = '127.0.0.1'
    url.port = String(port)
    return url.href
  }
  await until('PgBouncer answers', async () => {
    if (child.exitCode !== null) throw new Error(`PgBouncer ended: ${readFileSync(log, 'utf8').slice(-2_000)}`)
    return execute(through(serverUrl), 'SELECT 1').then(
      () => true,
      () => false,
    )
  })
  return {
    through,
    async [Symbol.asyncDispose]() {
      const ended = new Promise(resolve => child.once('exit', resolve))
      // Twice in a row it does not wait for clients.
      child.kill('SIGINT')
      child.kill('SIGTERM')
      child.kill('SIGKILL')
      await ended
      rmSync(home, { recursive: true, force: true })
    },
  }
}
