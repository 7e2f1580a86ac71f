import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** The broker and what it is compared with on one core; who calls and who answers on another; a second broker on a third. */
export const CORES = { measured: 0, others: 1, second: 2 } as const

/** `--unpinned` leaves it to the system which thread runs where. */
const pinned = existsSync('/usr/bin/taskset') && !process.argv.includes('--unpinned')

/** A program on one core, where the machine can pin. */
export function on(core: number, command: string, args: readonly string[]): readonly [string, readonly string[]] {
  return pinned ? ['taskset', ['-c', String(core), command, ...args]] : [command, args]
}

/** Debian's program, installed where we may; undefined where it cannot be had. */
export function provided(program: string, debianPackage = program): string | undefined {
  const found = () => ['/usr/bin', '/usr/sbin'].map(folder => join(folder, program)).find(existsSync)
  if (found() === undefined && process.getuid?.() === 0 && existsSync('/usr/bin/apt-get')) {
    spawnSync('apt-get', ['update', '-qq'], { stdio: 'ignore' })
    spawnSync('apt-get', ['install', '-y', '-qq', '--no-install-recommends', debianPackage], { stdio: 'ignore' })
  }
  return found()
}

export type Nginx = AsyncDisposable & { readonly pid: number }

/** nginx with one worker in the foreground; `http` is what stands in its http block. */
export async function startNginx(
  path: string,
  core: number,
  folder: string,
  name: string,
  http: string,
): Promise<Nginx> {
  const config = join(folder, `${name}.conf`)
  const types = `default_type application/octet-stream; access_log off; keepalive_requests 1000000000;`
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map(
    kind => `${kind}_temp_path ${folder}/${name}-${kind};`,
  )
  writeFileSync(
    config,
    `daemon off; user root; worker_processes 1; pid ${folder}/${name}.pid; error_log ${folder}/${name}.log;
events { worker_connections 4096; }
http { ${types} ${temporary.join(' ')} ${http} }`,
  )
  const [command, args] = on(core, path, ['-c', config, '-p', folder])
  const child = spawn(command, [...args], { stdio: 'ignore' })
  const until = Date.now() + 5_000
  while (!existsSync(join(folder, `${name}.pid`)) && Date.now() < until)
    await new Promise(resolve => setTimeout(resolve, 20))
  if (child.exitCode !== null || child.pid === undefined)
    throw new Error(`nginx did not start: ${readFileSync(join(folder, `${name}.log`), 'utf8')}`)
  return { pid: child.pid, [Symbol.asyncDispose]: () => ended(child) }
}

export function ended(child: ChildProcess, signal: NodeJS.Signals = 'SIGTERM'): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve()
  return new Promise(resolve => {
    child.once('exit', () => resolve())
    child.kill(signal)
  })
}

/** User and system time of a process so far, in microseconds. */
export function cpuMicros(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? []
  // Fields 14 and 15 of proc(5), in hundredths of a second.
  return (Number(fields[11]) + Number(fields[12])) * 10_000
}

/** Resident memory in megabytes. */
export const residentMb = (pid: number): number =>
  Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) / 1024
