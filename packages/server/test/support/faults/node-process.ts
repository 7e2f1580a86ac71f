import { type ChildProcess, spawn } from 'node:child_process'
import { join } from 'node:path'

const cli = join(import.meta.dirname, '..', '..', '..', '..', 'cli', 'bin', 'behalf.js')
const START_MS = 30_000

// A test that is ended by force leaves nobody behind.
const running = new Set<ChildProcess>()
process.once('exit', () => {
  for (const child of running) child.kill('SIGKILL')
})

/** One node of a broker, in a process of its own, that a test may kill, stop and continue. */
export type NodeProcess = AsyncDisposable & {
  readonly port: number
  readonly url: string
  /** Where its operations port answers. */
  readonly operationsUrl: string
  readonly pid: () => number
  /** Every line it logged, over all its lives. */
  readonly lines: readonly string[]
  /** From spawn to the line "ready". */
  readonly readyMs: () => number
  start(more?: Readonly<Record<string, string>>): Promise<void>
  signal(name: NodeJS.Signals): void
  /** SIGKILL, and waits until it is gone. */
  kill(): Promise<void>
  /** Kills this life of it, and never a later one, after so long. */
  killer(): (ms: number) => Promise<void>
  /** SIGTERM, and waits; its exit code. */
  stop(): Promise<number | null>
  isAlive(): boolean
  /** Liveness, readiness or metrics, as its operations port says. */
  operations(path: string): Promise<{ readonly status: number; readonly text: string }>
}

/** `before` goes in front of the command (faketime, a shell with a limit). */
export function createNodeProcess(options: {
  readonly port: number
  readonly operationsPort: number
  readonly env: Readonly<Record<string, string>>
  readonly before?: readonly string[]
}): NodeProcess {
  const { port, operationsPort } = options
  const lines: string[] = []
  let child: ChildProcess | undefined
  let readyMs = 0
  const alive = () => child !== undefined && child.exitCode === null && child.signalCode === null

  async function end(signal: NodeJS.Signals): Promise<number | null> {
    const ending = child
    if (ending === undefined || !alive()) return ending?.exitCode ?? null
    const ended = new Promise<number | null>(resolve => ending.once('exit', resolve))
    ending.kill('SIGCONT')
    ending.kill(signal)
    return ended
  }

  return {
    port,
    url: `http://localhost:${port}`,
    operationsUrl: `http://127.0.0.1:${operationsPort}`,
    pid: () => child?.pid ?? 0,
    lines,
    readyMs: () => readyMs,
    isAlive: alive,
    async start(more = {}) {
      const [command = process.execPath, ...args] = [
        ...(options.before ?? []),
        process.execPath,
        '--max-semi-space-size=4',
        cli,
        'start',
      ]
      const begun = performance.now()
      const starting = spawn(command, args, {
        env: {
          ...process.env,
          ...options.env,
          ...more,
          BEHALF_LISTEN: `127.0.0.1:${port}`,
          BEHALF_METRICS_LISTEN: `127.0.0.1:${operationsPort}`,
        },
        stdio: ['ignore', 'pipe', 'pipe'],
      })
      child = starting
      running.add(starting)
      starting.once('exit', () => running.delete(starting))
      const from = lines.length
      await new Promise<void>((resolve, reject) => {
        const late = setTimeout(() => reject(new Error(`not ready: ${lines.slice(from).join('\n')}`)), START_MS)
        const listen = (chunk: Buffer) => {
          lines.push(...String(chunk).split('\n'))
          if (!lines.slice(from).some(line => line.includes('ready at'))) return
          clearTimeout(late)
          resolve()
        }
        starting.stdout?.on('data', listen)
        starting.stderr?.on('data', listen)
        starting.once('exit', code => {
          clearTimeout(late)
          reject(new Error(`ended with ${code}: ${lines.slice(from).join('\n')}`))
        })
      })
      readyMs = performance.now() - begun
    },
    signal: name => void child?.kill(name),
    kill: async () => void (await end('SIGKILL')),
    killer() {
      const life = child
      return ms =>
        new Promise(resolve => {
          const now = () => {
            life?.kill('SIGKILL')
            resolve()
          }
          if (ms === 0) now()
          else setTimeout(now, ms)
        })
    },
    stop: () => end('SIGTERM'),
    async operations(path) {
      const answer = await fetch(`http://127.0.0.1:${operationsPort}${path}`, { signal: AbortSignal.timeout(5_000) })
      return { status: answer.status, text: (await answer.text()).trim() }
    },
    [Symbol.asyncDispose]: async () => void (await end('SIGKILL')),
  }
}
