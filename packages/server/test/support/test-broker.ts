import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  type Person,
  type RunningProvider,
  type RunningServer,
  samplePeople,
  startProvider,
  startSso,
} from '@behalf/playground'
import { freePorts } from '../../../../test/support/ports.ts'
import { readConfig, reveal, secret } from '../../src/config/config.ts'
import { type Broker, openDesk, start } from '../../src/main.ts'
import { systemClock } from '../../src/platform/clock.ts'
import type { Clock } from '../../src/ports/clock.ts'
import { ANY_ENGINE, type EngineName, type Underneath, underneath } from './engines.ts'
import { assertUnleaked } from './leaks.ts'

/** A broker with a real SSO, a real provider, one organization, one connector and one plugin, all in this process. */
export type TestBroker = AsyncDisposable & {
  readonly url: string
  readonly dataDir: string
  readonly people: readonly Person[]
  readonly sso: RunningServer
  readonly provider: RunningProvider
  readonly apiKey: string
  readonly pluginKey: string
  /** Makes one person the first admin. */
  readonly claimCode: string
  /** Every line the broker logged. */
  readonly log: readonly string[]
  readonly env: Readonly<Record<string, string>>
  readonly secrets: readonly string[]
  readonly database: Underneath
  api(path: string, init?: { method?: string; body?: unknown; headers?: Record<string, string> }): Promise<Answer>
  gateway(path: string, init?: RequestInit): Promise<Response>
  restart(): Promise<void>
  /** Ends the broker; `restart` brings it back. */
  stop(): Promise<void>
  /** Moves the broker's clock on. */
  advance(ms: number): void
  /** Stops the broker's clock while something happens, so that it takes no time however slow the machine is. */
  whileClockStands<Result>(happens: () => Promise<Result>): Promise<Result>
}
export type Answer = {
  readonly status: number
  readonly body: Record<string, unknown> & { items?: Record<string, unknown>[] }
  readonly headers: Headers
}

export type TestBrokerOptions = {
  readonly accessTokenTtlSeconds?: number
  readonly connector?: Record<string, unknown>
  readonly env?: Record<string, string>
  readonly engine?: EngineName
  /** False where the plugin is to wait for its launch. */
  readonly launched?: false
}

const draw = () => randomBytes(24).toString('base64url')

export async function startTestBroker(options: TestBrokerOptions = {}): Promise<TestBroker> {
  const dataDir = mkdtempSync(join(tmpdir(), 'behalf-test-'))
  const [port = 0] = await freePorts(1)
  const url = `http://localhost:${port}`
  const people = samplePeople(draw)
  const [ssoSecret, providerSecret] = [draw(), draw()]
  const sso = await startSso({
    port: 0,
    people,
    clients: [
      {
        clientId: 'behalf',
        clientSecret: ssoSecret,
        redirectUris: [`${url}/auth/ssoCallback`],
        postLogoutRedirectUris: [`${url}/auth/signed-out`],
      },
    ],
  })
  const provider = await startProvider({
    port: 0,
    people,
    accessTokenTtlSeconds: options.accessTokenTtlSeconds ?? 300,
    clients: [
      {
        clientId: 'behalf',
        clientSecret: providerSecret,
        redirectUris: [
          `${url}/auth/oauthCallback/orbit`,
          `${url}/auth/oauthCallback/other`,
          `${url}/auth/oauthCallback/discovered`,
          `${url}/auth/oauthCallback`,
        ],
      },
    ],
  })
  const database = await underneath(options.engine ?? ANY_ENGINE, dataDir)
  const env = {
    ...(database.databaseUrl === undefined
      ? {}
      : { DATABASE_URL: database.databaseUrl, BEHALF_ROOT_KEY: randomBytes(32).toString('base64') }),
    BEHALF_URL: url,
    BEHALF_LISTEN: `127.0.0.1:${port}`,
    BEHALF_METRICS_LISTEN: 'off',
    BEHALF_LOG_LEVEL: 'debug',
    BEHALF_DATA: dataDir,
    BEHALF_OUTBOUND_ALLOW: [sso.url, provider.url]
      .flatMap(each => [`127.0.0.1/32:${new URL(each).port}`, `[::1]/128:${new URL(each).port}`])
      .join(' '),
    ...options.env,
  }
  const config = readConfig(env)
  const created = await (async () => {
    await using desk = await openDesk(config)
    return await desk.createOrganization({
      slug: 'acme',
      name: 'Acme',
      ssoIssuer: sso.url,
      ssoClientId: 'behalf',
      ssoClientSecret: secret(ssoSecret),
    })
  })()
  const log: string[] = []
  const logTo = { write: (line: string) => void log.push(line) }
  let offset = 0
  let standing: { readonly wall: number; readonly monotonic: number } | undefined
  const clock: Clock = {
    ...systemClock,
    now: () => (standing?.wall ?? Date.now()) + offset,
    monotonic: () => (standing?.monotonic ?? performance.now()) + offset,
  }
  let broker: Broker = await start(config, { logTo, clock })
  const apiKey = reveal(created.apiKey)

  const api: TestBroker['api'] = async (path, { method = 'GET', body, headers = {} } = {}) => {
    const response = await fetch(`${url}/api/v1${path}`, {
      method,
      headers: {
        authorization: `Bearer ${apiKey}`,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
    const text = await response.text()
    return { status: response.status, body: text === '' ? {} : JSON.parse(text), headers: response.headers }
  }
  const connector = {
    name: 'orbit',
    display_name: 'Orbit CRM',
    base_url: provider.apiUrl,
    approve: true,
    auth: {
      authorization_url: `${provider.url}/auth`,
      token_url: `${provider.url}/token`,
      client_id: 'behalf',
      client_secret: providerSecret,
      scope: ['openid', 'email', 'offline_access', 'contacts.read'],
      authorization_params: [{ name: 'prompt', value: 'consent' }],
      issuer: provider.url,
      iss_required: true,
      revoke_url: `${provider.url}/token/revocation`,
      ...options.connector,
    },
  }
  const made = await api('/connectors', { method: 'POST', body: connector })
  if (made.status !== 201) throw new Error(`the connector was refused: ${JSON.stringify(made.body)}`)
  const plugin = {
    name: 'assistant',
    display_name: 'Assistant',
    connectors: [{ connector: 'orbit', scope: ['contacts.read'] }],
    trusted: 'launch_audience',
  }
  await api('/plugins', { method: 'POST', body: plugin })
  await api('/plugins/assistant/versions', { method: 'POST' })
  const launch = { launch_audience: { kind: 'everyone' }, reason: 'for the tests' }
  if (options.launched !== false) {
    const launched = await api('/plugins/assistant/launches', { method: 'POST', body: launch })
    if (launched.status !== 201) throw new Error(`the plugin was not launched: ${JSON.stringify(launched.body)}`)
  }
  const pluginKey = String(
    (await api('/plugins/assistant/keys', { method: 'POST', body: { label: 'test' } })).body['key'],
  )

  const secrets = [
    ssoSecret,
    providerSecret,
    apiKey,
    pluginKey,
    reveal(created.adminClaimCode),
    ...people.map(person => person.password),
  ]

  return {
    url,
    dataDir,
    people,
    sso,
    provider,
    apiKey,
    pluginKey,
    claimCode: reveal(created.adminClaimCode),
    log,
    env,
    database,
    secrets,
    api,
    gateway: (path, init = {}) =>
      fetch(`${url}/gateway/orbit/${path}`, {
        ...init,
        headers: {
          authorization: `Bearer ${pluginKey}`,
          'behalf-subject': people[0]?.email ?? '',
          ...(init.headers as Record<string, string>),
        },
      }),
    async whileClockStands(happens) {
      standing = { wall: Date.now(), monotonic: performance.now() }
      try {
        return await happens()
      } finally {
        standing = undefined
      }
    },
    advance(ms) {
      offset += ms
    },
    async stop() {
      await broker[Symbol.asyncDispose]()
    },
    async restart() {
      await broker[Symbol.asyncDispose]()
      broker = await start(config, { logTo, clock })
    },
    async [Symbol.asyncDispose]() {
      await broker[Symbol.asyncDispose]()
      await provider[Symbol.asyncDispose]()
      await sso[Symbol.asyncDispose]()
      await database[Symbol.asyncDispose]()
      rmSync(dataDir, { recursive: true, force: true })
      // I-04: whatever a test did to a broker, its log is searched at the end.
      assertUnleaked(log, secrets, 'the log of a broker')
    },
  }
}
