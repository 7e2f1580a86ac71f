import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { freePorts } from './ports.ts'

export type PlaygroundOptions = {
  readonly dataDir?: string | undefined
  readonly env?: Record<string, string> | undefined
}
export type StartedPlayground = AsyncDisposable & {
  readonly env: Record<string, string>
  readonly dataDir: string
  readonly file: {
    url: string
    callback_url: string
    api_key: string
    connector: string
    plugin_key: string
    people: { role: string; email: string; password: string }[]
    provider_url: string
    sso_url: string
    curl: string
  }
  readonly output: () => string
  /** Ctrl-C; resolves with the exit code. */
  stop(): Promise<number | null>
}

const READY = /Behalf is ready\./
const WAIT_MS = 30_000

/** Runs what `npm start` runs, on free ports, and waits until it says that it is ready. */
export async function startPlayground({
  dataDir = mkdtempSync(join(tmpdir(), 'behalf-')),
  env: more = {},
}: PlaygroundOptions = {}): Promise<StartedPlayground> {
  const [port, metrics, sso, provider] = await freePorts(4)
  const env = {
    ...process.env,
    ...more,
    BEHALF_URL: `http://localhost:${port}`,
    BEHALF_LISTEN: `127.0.0.1:${port}`,
    BEHALF_METRICS_LISTEN: `127.0.0.1:${metrics}`,
    BEHALF_DATA: dataDir,
    PLAYGROUND_SSO_PORT: String(sso),
    PLAYGROUND_PROVIDER_PORT: String(provider),
  }
  const entry = join(import.meta.dirname, '..', '..', 'packages', 'playground', 'src', 'start.ts')
  const child = spawn(process.execPath, [entry], { env, stdio: ['ignore', 'pipe', 'pipe'], detached: true })
  const output = await untilReady(child)
  let ended: Promise<number | null> | undefined
  const stop = () => {
    ended ??= new Promise(resolve => {
      child.once('exit', resolve)
      if (child.pid !== undefined) process.kill(-child.pid, 'SIGINT')
    })
    return ended
  }
  return {
    dataDir,
    env: more,
    file: JSON.parse(readFileSync(join(dataDir, 'playground.json'), 'utf8')) as StartedPlayground['file'],
    output,
    stop,
    async [Symbol.asyncDispose]() {
      await stop()
      rmSync(dataDir, { recursive: true, force: true })
    },
  }
}

function untilReady(child: ChildProcess): Promise<() => string> {
  let text = ''
  return new Promise((resolve, reject) => {
    const late = setTimeout(() => reject(new Error(`not ready in time:\n${text}`)), WAIT_MS)
    const listen = (chunk: Buffer) => {
      text += chunk.toString()
      if (!READY.test(text)) return
      clearTimeout(late)
      resolve(() => text)
    }
    child.stdout?.on('data', listen)
    child.stderr?.on('data', listen)
    child.once('exit', code => reject(new Error(`ended with ${code}:\n${text}`)))
  })
}
