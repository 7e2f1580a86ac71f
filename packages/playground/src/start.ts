import { type ChildProcess, fork, spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { type Person, samplePeople } from './person.ts'
import type { PlaygroundOptions, PlaygroundReady, PlaygroundWebhook } from './process.ts'
import { announce, type Sample, setUp } from './set-up.ts'

const url = process.env['BEHALF_URL'] ?? 'http://localhost:4000'
const dataDir = resolve(process.env['BEHALF_DATA'] ?? './data')
const ssoPort = Number(process.env['PLAYGROUND_SSO_PORT'] ?? 4010)
const providerPort = Number(process.env['PLAYGROUND_PROVIDER_PORT'] ?? 4020)
const launcher = fileURLToPath(new URL('../../cli/bin/behalf.js', import.meta.url))
const NODE_FLAGS = ['--max-semi-space-size=4']
const studioBuild = fileURLToPath(new URL('../../studio/build.ts', import.meta.url))
const sampleFile = join(dataDir, 'playground', 'sample.json')

try {
  process.exitCode = await main()
} catch (error) {
  process.stderr.write(`behalf: ${error instanceof Error ? error.message : 'the start failed'}\n`)
  process.exitCode = 1
}

async function main(): Promise<number> {
  const sample = readSample()
  const ready = (port: number) => `http://localhost:${port}`
  const options: PlaygroundOptions = {
    sso: {
      port: ssoPort,
      dataDir: dirname(sampleFile),
      people: sample.people,
      clients: [
        {
          clientId: 'behalf',
          clientSecret: sample.ssoSecret,
          redirectUris: [`${url}/auth/ssoCallback`],
          postLogoutRedirectUris: [`${url}/auth/signed-out`],
        },
      ],
    },
    provider: {
      port: providerPort,
      dataDir: dirname(sampleFile),
      people: sample.people,
      clients: [
        { clientId: 'behalf', clientSecret: sample.providerSecret, redirectUris: [`${url}/auth/oauthCallback/orbit`] },
      ],
    },
  }
  const playground = startPlayground(options)
  buildStudio()
  const env = {
    ...process.env,
    BEHALF_URL: url,
    BEHALF_DATA: dataDir,
    BEHALF_OUTBOUND_ALLOW: allowed([ssoPort, providerPort]),
  }
  const urls = { url, ssoUrl: ready(ssoPort), providerUrl: ready(providerPort) }
  const file = await setUp({
    ...urls,
    dataDir,
    sample,
    runCli: args => runCli(args, env),
    startBroker: () => startBroker(env),
    playgroundReady: playground.ready,
    trustWebhooks: playground.trustWebhooks,
  }).catch(async error => {
    await playground.stop()
    throw error
  })
  writeFileSync(join(dataDir, 'playground.json'), `${JSON.stringify(file.contents, null, 2)}\n`, { mode: 0o600 })
  chmodSync(join(dataDir, 'playground.json'), 0o600)
  process.stdout.write(announce(file.contents))
  const code = await untilStopped(file.broker)
  await playground.stop()
  return code
}

function allowed(ports: readonly number[]): string {
  const own = ports.flatMap(port => [`127.0.0.1/32:${port}`, `[::1]/128:${port}`])
  return [process.env['BEHALF_OUTBOUND_ALLOW'] ?? '', ...own].join(' ').trim()
}

/** Passwords and client secrets are drawn at the first start and kept for the next. */
function readSample(): Sample {
  try {
    mkdirSync(dirname(sampleFile), { recursive: true, mode: 0o700 })
    if (existsSync(sampleFile)) return JSON.parse(readFileSync(sampleFile, 'utf8')) as Sample
    const draw = (bytes: number) => randomBytes(bytes).toString('base64url')
    const people: readonly Person[] = samplePeople(() => draw(9))
    const sample: Sample = { people, ssoSecret: draw(32), providerSecret: draw(32) }
    writeFileSync(sampleFile, JSON.stringify(sample), { mode: 0o600 })
    return sample
  } catch {
    throw new Error(`The data folder ${dataDir} cannot be written`)
  }
}

function startPlayground(options: PlaygroundOptions): {
  readonly ready: Promise<void>
  readonly trustWebhooks: (webhookSecret: string) => void
  readonly stop: () => Promise<void>
} {
  const child = fork(fileURLToPath(new URL('./process.ts', import.meta.url)), {
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  })
  const ended = new Promise<void>(resolved => child.once('exit', () => resolved()))
  const ready = new Promise<void>((resolved, reject) => {
    child.once('message', (told: PlaygroundReady) =>
      told.ready ? resolved() : reject(new Error(`The playground cannot start: ${told.reason}`)),
    )
    child.once('exit', () => reject(new Error('The playground ended before it was ready')))
  })
  ready.catch(() => undefined)
  child.send(options)
  return {
    ready,
    trustWebhooks: webhookSecret => void child.send({ webhookSecret } satisfies PlaygroundWebhook),
    async stop() {
      child.kill('SIGTERM')
      await ended
    },
  }
}

/** Builds the studio where it is missing or stale; nothing waits for it, and a failure is told. */
function buildStudio(): void {
  const child = spawn(process.execPath, [studioBuild], { stdio: ['ignore', 'ignore', 'pipe'] })
  let said = ''
  child.stderr.on('data', chunk => (said += String(chunk)))
  child.once('exit', code => code && process.stderr.write(`behalf: the studio could not be built\n${said}\n`))
}

async function startBroker(env: NodeJS.ProcessEnv): Promise<ChildProcess> {
  const child = spawn(process.execPath, [...NODE_FLAGS, launcher, 'start'], { env, stdio: ['ignore', 'pipe', 'pipe'] })
  const log = join(dataDir, 'behalf.log')
  child.stdout.on('data', (chunk: Buffer) => writeFileSync(log, chunk, { flag: 'a', mode: 0o600 }))
  let said = ''
  const ready = new Promise<void>((resolved, reject) => {
    child.stderr.on('data', (chunk: Buffer) => {
      said += chunk.toString()
      if (/^behalf: ready/m.test(said)) resolved()
    })
    child.once('exit', () =>
      reject(
        new Error(
          said
            .trim()
            .split('\n')
            .at(-1)
            ?.replace(/^behalf: /, '') ?? 'the broker did not start',
        ),
      ),
    )
  })
  await ready
  return child
}

async function runCli(args: readonly string[], env: NodeJS.ProcessEnv): Promise<string> {
  const child = spawn(process.execPath, [launcher, ...args], { env, stdio: ['ignore', 'pipe', 'pipe'] })
  let [out, err] = ['', '']
  child.stdout.on('data', chunk => (out += String(chunk)))
  child.stderr.on('data', chunk => (err += String(chunk)))
  const code = await new Promise<number | null>(resolved => child.once('close', resolved))
  if (code !== 0) throw new Error(err.trim().replace(/^behalf: /, ''))
  return out
}

async function untilStopped(broker: ChildProcess): Promise<number> {
  const ended = new Promise<number>(resolved => broker.once('exit', code => resolved(code ?? 0)))
  let stopping = false
  const stop = () => {
    if (stopping) return
    stopping = true
    process.stdout.write('\nStopping …\n')
    // Ctrl-C reaches the broker as well; a signal sent to this process alone does not.
    delay(200).then(() => broker.exitCode === null && broker.kill('SIGTERM'))
  }
  process.on('SIGINT', stop).on('SIGTERM', stop)
  const code = await ended
  return stopping ? 0 : code
}
