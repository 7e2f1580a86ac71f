import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { freePorts } from '../../../../test/support/ports.ts'
import type { EngineName } from './engines.ts'
import type { TestBroker } from './test-broker.ts'

const cli = join(import.meta.dirname, '..', '..', '..', 'cli', 'bin', 'behalf.js')

/** Another node of the same broker, in a process of its own. */
export type SecondNode = AsyncDisposable & {
  readonly url: string
  gateway(path: string, init?: RequestInit): Promise<Response>
  signal(name: NodeJS.Signals): void
}

/** On SQLite it shares the data folder; on PostgreSQL it is another machine, and shares nothing but the database. */
export async function startSecondNode(broker: TestBroker, engine: EngineName): Promise<SecondNode> {
  const [port] = await freePorts(1)
  const dataDir = engine === 'PostgreSQL' ? mkdtempSync(join(tmpdir(), 'behalf-node-')) : broker.dataDir
  const env = { ...process.env, ...broker.env, BEHALF_DATA: dataDir, BEHALF_LISTEN: `127.0.0.1:${port}` }
  const child = spawn(process.execPath, [cli, 'start'], { env, stdio: ['ignore', 'ignore', 'pipe'] })
  let said = ''
  await new Promise<void>((resolve, reject) => {
    child.stderr.on('data', chunk => {
      said += String(chunk)
      if (said.includes('ready')) resolve()
    })
    child.once('exit', () => reject(new Error(`the second node did not start: ${said}`)))
  })
  const url = `http://localhost:${port}`
  const subject = broker.people[0]?.email ?? ''
  return {
    url,
    gateway: (path, init = {}) =>
      fetch(`${url}/gateway/orbit/${path}`, {
        ...init,
        headers: {
          authorization: `Bearer ${broker.pluginKey}`,
          'behalf-subject': subject,
          ...(init.headers as Record<string, string>),
        },
      }),
    signal: name => void child.kill(name),
    async [Symbol.asyncDispose]() {
      const ended = new Promise(resolve => child.once('exit', resolve))
      if (child.exitCode === null && child.signalCode === null) {
        child.kill('SIGCONT')
        child.kill('SIGTERM')
        await ended
      }
      if (engine === 'PostgreSQL') rmSync(dataDir, { recursive: true, force: true })
    },
  }
}
