import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { ConnectionId, SessionId, SubjectId } from '@behalf/contract'
import { Pool } from 'undici'
import { launchedOverRest } from '../../../../../test/support/launched-over-rest.ts'
import { freePorts } from '../../../../../test/support/ports.ts'
import { connectionRow, personRow } from '../../../../../test/support/rows.ts'
import { createSeed, type Seed } from '../../../../../test/support/seed.ts'
import { startTcpProxy, type TcpProxy } from '../../../../../test/support/tcp-proxy.ts'
import { readConfig, reveal, secret } from '../../../src/config/config.ts'
import { tokenPlace } from '../../../src/domain/places.ts'
import { asSealed } from '../../../src/domain/sealed.ts'
import { newAuditEvent } from '../../../src/flows/audit/new-audit-event.ts'
import { openDesk } from '../../../src/main.ts'
import { systemClock } from '../../../src/platform/clock.ts'
import { createEntropy } from '../../../src/platform/entropy.ts'
import { statement } from '../../../src/store/engine.ts'
import { openStore, type Store } from '../../../src/store/store.ts'
import type { Tables } from '../../../src/store/tables.ts'
import { createVault } from '../../../src/vault/vault.ts'
import { createBrowser, type HeadlessBrowser } from '../browser.ts'
import { type EngineName, type Underneath, type UnderneathOptions, underneath } from '../engines.ts'
import { type FaultProvider, startFaultProvider } from './fault-provider.ts'
import { assertHolds, createHistory, createSequence, type FinalState, type History, type Told } from './history.ts'
import { createNodeProcess, type NodeProcess } from './node-process.ts'

export type FaultRigOptions = {
  readonly engine: EngineName
  readonly nodes: 1 | 3
  /** People, each with a connection that is fresh. */
  readonly people?: number
  readonly connector?: Readonly<Record<string, unknown>>
  readonly env?: Readonly<Record<string, string>>
  /** Where tokens are renewed, when not at the provider. */
  readonly tokenUrl?: string
  /** Goes in front of a node's command. */
  readonly before?: (node: number) => readonly string[]
  /** Where the embedded store lies, when not in a folder of its own. */
  readonly dataDir?: string
  /** The same folder by another way, for one node. */
  readonly dataDirOf?: (node: number, dataDir: string) => string
  readonly underneath?: UnderneathOptions
}
type Asked = {
  readonly node?: number
  readonly deadlineMs?: number
  readonly path?: string
  readonly method?: 'GET' | 'POST'
  readonly body?: string
  readonly subjectToken?: string | undefined
}

/** Real nodes in processes of their own over one store, behind a wire, with a provider whose tokens rotate and a record of all that was told. */
export type FaultRig = AsyncDisposable & {
  readonly seed: Seed
  readonly nodes: readonly NodeProcess[]
  readonly provider: FaultProvider
  readonly database: Underneath
  readonly history: History
  readonly dataDir: string
  readonly dataDirs: readonly string[]
  readonly env: Readonly<Record<string, string>>
  /** What browsers see: a wire that leads to one node at a time. */
  readonly publicUrl: string
  readonly balancer: TcpProxy
  /** From now on browsers meet this node. */
  lead(node: number): Promise<void>
  readonly apiKey: string
  readonly pluginKey: string
  readonly store: Store
  readonly orgId: string
  /** Accounts `a0`, `a1`, … each a person with the e-mail `a0@acme.example`. */
  readonly accounts: readonly string[]
  connectionOf(account: string): string
  addPeople(
    count: number,
    how?: { readonly connected?: boolean; readonly refreshable?: boolean },
  ): Promise<readonly string[]>
  /** One gateway call on a person's behalf, recorded. */
  call(account: string, asked?: Asked): Promise<Told>
  api(
    path: string,
    init?: { method?: string; body?: unknown; node?: number; headers?: Record<string, string> },
  ): Promise<{
    readonly status: number
    readonly body: Record<string, unknown> & { items?: Record<string, unknown>[] }
  }>
  /** A Behalf token for the gateway, by token exchange. */
  tokenFor(account: string): Promise<string>
  disconnect(account: string, node?: number): Promise<Told>
  mintKey(node?: number): Promise<Told>
  /** Makes access tokens look over, of one account or of all. */
  expire(...accounts: readonly string[]): Promise<void>
  signedIn(account: string): Promise<HeadlessBrowser>
  final(): Promise<FinalState>
  /** Judges I1 to I7 over everything so far. */
  judge(): Promise<void>
}

export async function startFaultRig(options: FaultRigOptions): Promise<FaultRig> {
  const seed = createSeed()
  await using resources = new AsyncDisposableStack()
  const isPostgres = options.engine === 'PostgreSQL'
  const folder = () => {
    const path = mkdtempSync(join(tmpdir(), 'behalf-fault-'))
    resources.defer(() => rmSync(path, { recursive: true, force: true }))
    return path
  }
  const dataDir = options.dataDir ?? folder()
  const dataDirs = Array.from({ length: options.nodes }, (_, at) => (isPostgres && at > 0 ? folder() : dataDir))
  const sequence = createSequence()
  const clientSecret = `cs.${randomBytes(18).toString('base64url')}`
  const provider = resources.use(await startFaultProvider(sequence, clientSecret))
  const database = resources.use(await underneath(options.engine, dataDir, options.underneath))
  const tokenUrl = options.tokenUrl ?? `${provider.url}/token`
  const ports = await freePorts(options.nodes * 2)
  const balancer = resources.use(await startTcpProxy({ host: '127.0.0.1', port: ports[0] ?? 0 }))
  const publicUrl = `http://localhost:${balancer.port}`
  const issuer = 'http://127.0.0.1:9'
  const rootKey = randomBytes(32).toString('base64')
  const env = {
    BEHALF_URL: publicUrl,
    BEHALF_DATA: dataDir,
    BEHALF_ROOT_KEY: rootKey,
    BEHALF_METRICS_LISTEN: 'off',
    BEHALF_OUTBOUND_ALLOW: `127.0.0.1/32:${new URL(provider.url).port} 127.0.0.1/32:9 127.0.0.1/32:${new URL(tokenUrl).port || 443}`,
    ...(database.databaseUrl === undefined ? {} : { DATABASE_URL: database.databaseUrl }),
    ...options.env,
  }
  const config = readConfig(env)
  const created = await (async () => {
    await using desk = await openDesk(config)
    return await desk.createOrganization({
      slug: 'acme',
      name: 'Acme',
      ssoIssuer: issuer,
      ssoClientId: 'behalf',
      ssoClientSecret: secret('not-used'),
    })
  })()
  const { organization } = created
  const apiKey = reveal(created.apiKey)
  const store = resources.use(await openStore({ dataDir, databaseUrl: database.directUrl }))
  const vault = createVault({ rootKeys: [secret(rootKey)], dataKeys: store.dataKeys })
  const clock = systemClock
  const entropy = createEntropy(clock)

  const nodes = Array.from({ length: options.nodes }, (_, at) =>
    resources.use(
      createNodeProcess({
        port: ports[at * 2] ?? 0,
        operationsPort: ports[at * 2 + 1] ?? 0,
        env: { ...env, BEHALF_DATA: options.dataDirOf?.(at, dataDir) ?? dataDirs[at] ?? dataDir },
        ...(options.before === undefined ? {} : { before: options.before(at) }),
      }),
    ),
  )
  await Promise.all(nodes.map(node => node.start()))

  // Kept connections, one for each caller: what a case measures is the broker, not its callers' handshakes.
  const callers = nodes.map(({ url }) => {
    const pool = new Pool(url)
    resources.defer(() => pool.destroy())
    return pool
  })
  const history = createHistory()
  const nodeAt = (at = 0) => nodes[at] ?? assert.fail(`there is no node ${at}`)
  const api: FaultRig['api'] = async (path, { method = 'GET', body, node, headers = {} } = {}) => {
    const answer = await fetch(`${nodeAt(node).url}/api/v1${path}`, {
      method,
      headers: {
        authorization: `Bearer ${apiKey}`,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(30_000),
    })
    const text = await answer.text()
    return { status: answer.status, body: text === '' ? {} : JSON.parse(text) }
  }
  const made = async (path: string, body: unknown) => {
    const answer = await api(path, { method: 'POST', body })
    assert.ok(answer.status < 300, `${path}: ${JSON.stringify(answer.body)}`)
    return answer.body
  }
  const auth = {
    authorization_url: `${provider.url}/auth`,
    token_url: tokenUrl,
    revoke_url: `${provider.url}/revoke`,
    client_id: 'behalf',
    client_secret: clientSecret,
    scope: ['read'],
  }
  const crm = { name: 'crm', display_name: 'Orbit CRM', base_url: `${provider.url}/api`, auth, ...options.connector }
  const assistant = { name: 'assistant', trusted: 'launch_audience' }
  const pluginKey = await launchedOverRest(made, crm, assistant, 'for the tests')
  const connector = (await store.connectors.byName(organization.id, 'crm')) ?? assert.fail()

  const accounts: string[] = []
  const subjects = new Map<string, SubjectId>()
  const connections = new Map<string, string>()
  const addPeople: FaultRig['addPeople'] = async (count, { connected = true, refreshable = true } = {}) => {
    const names = Array.from({ length: count }, (_, at) => `a${accounts.length + at}`)
    accounts.push(...names)
    const rows = await Promise.all(names.map(name => rowsOf(name, refreshable)))
    for (let at = 0; at < rows.length; at += 200) {
      const part = rows.slice(at, at + 200)
      const people = statement(store.engine.build.insertInto('people').values(part.map(({ person }) => person)))
      const grants = statement(
        store.engine.build.insertInto('connections').values(part.map(({ connection }) => connection)),
      )
      await store.engine.write(connected ? [people, grants] : [people])
    }
    return names
  }

  async function rowsOf(account: string, refreshable: boolean) {
    const [subject, id, now] = [entropy.newId<SubjectId>('sub'), entropy.newId<ConnectionId>('con'), clock.now()]
    subjects.set(account, subject)
    connections.set(account, id)
    const given = provider.grant(account)
    const seal = (kind: 'access_token' | 'refresh_token', token: string) =>
      vault.seal(tokenPlace(organization.id, id, kind, 1), secret(token))
    const somebody = { orgId: organization.id, subjectId: subject, issuer, sub: account, domain: 'acme.example', now }
    const person = personRow(somebody)
    const connection = connectionRow(somebody, {
      id,
      connectorId: connector.id,
      accessToken: await seal('access_token', given.accessToken),
      refreshToken: refreshable ? await seal('refresh_token', given.refreshToken) : null,
      lifeMs: 3_600_000,
      apiOrigin: provider.url,
      tokenEndpoint: tokenUrl,
    })
    return { person, connection }
  }

  async function recorded(
    what: Told['what'],
    account: string,
    node: number,
    deadlineMs: number,
    send: () => Promise<{ readonly status: number; text(): Promise<string> }>,
    read: (body: Record<string, unknown>) => Pick<Told, 'served' | 'made'>,
  ): Promise<Told> {
    const n = sequence()
    const [startedAt, begun] = [Date.now(), performance.now()]
    history.open += 1
    let answer: Pick<Told, 'status' | 'code' | 'served' | 'made'> = {
      status: null,
      code: null,
      served: null,
      made: null,
    }
    try {
      const response = await send()
      const text = await response.text()
      const body = (text.startsWith('{') ? JSON.parse(text) : {}) as Record<string, unknown>
      answer = { status: response.status, code: typeof body['code'] === 'string' ? body['code'] : null, ...read(body) }
    } catch {
      // No answer: that is what is recorded.
    } finally {
      history.open -= 1
    }
    const entry: Told = {
      n,
      endedN: sequence(),
      node,
      what,
      account,
      startedAt,
      ms: performance.now() - begun,
      deadlineMs,
      ...answer,
    }
    history.add(entry)
    return entry
  }

  const text = (value: unknown) => (typeof value === 'string' ? value : null)
  const rig: Omit<FaultRig, typeof Symbol.asyncDispose> = {
    seed,
    nodes,
    provider,
    database,
    history,
    dataDir,
    dataDirs,
    env,
    publicUrl,
    balancer,
    async lead(node) {
      balancer.aim(nodeAt(node).port)
      // Our own client must not try connections that lead elsewhere.
      await balancer.closeOpen()
    },
    apiKey,
    pluginKey,
    store,
    orgId: organization.id,
    accounts,
    addPeople,
    connectionOf: account => connections.get(account) ?? assert.fail(`nobody is called ${account}`),
    call: (account, { node = 0, deadlineMs = 40_000, path = 'me', method = 'GET', body, subjectToken } = {}) =>
      recorded(
        'call',
        account,
        node,
        deadlineMs,
        async () => {
          const { statusCode, body: answered } = await (callers[node] ?? assert.fail()).request({
            path: `/gateway/crm/${path}`,
            method,
            body: body ?? null,
            headersTimeout: deadlineMs + 5_000,
            bodyTimeout: deadlineMs + 5_000,
            headers: {
              authorization: `Bearer ${pluginKey}`,
              ...(subjectToken === undefined
                ? { 'behalf-subject': `${account}@acme.example` }
                : { 'behalf-subject-token': subjectToken }),
            },
          })
          return { status: statusCode, text: () => answered.text() }
        },
        ({ account: served }) => ({ served: text(served), made: null }),
      ),
    api,
    async tokenFor(account) {
      const answer = await fetch(`${nodeAt(0).url}/oauth/token`, {
        method: 'POST',
        headers: { authorization: `Bearer ${pluginKey}`, 'behalf-subject': `${account}@acme.example` },
        body: new URLSearchParams({
          grant_type: 'urn:ietf:params:oauth:grant-type:token-exchange',
          resource: `${publicUrl}/gateway/crm`,
        }),
      })
      const body = (await answer.json()) as Record<string, unknown>
      assert.equal(answer.status, 200, JSON.stringify(body))
      return String(body['access_token'])
    },
    disconnect: (account, node = 0) =>
      recorded(
        'disconnect',
        account,
        node,
        20_000,
        () =>
          fetch(`${nodeAt(node).url}/api/v1/connections/${rig.connectionOf(account)}`, {
            method: 'DELETE',
            headers: { authorization: `Bearer ${apiKey}` },
            signal: AbortSignal.timeout(25_000),
          }),
        () => ({ served: null, made: rig.connectionOf(account) }),
      ),
    mintKey: (node = 0) =>
      recorded(
        'plugin_key',
        '',
        node,
        20_000,
        () =>
          fetch(`${nodeAt(node).url}/api/v1/plugins/assistant/keys`, {
            method: 'POST',
            headers: { authorization: `Bearer ${apiKey}`, 'content-type': 'application/json' },
            body: JSON.stringify({ label: 'minted' }),
            signal: AbortSignal.timeout(25_000),
          }),
        body => ({ served: null, made: text(body['id']) }),
      ),
    async expire(...wanted) {
      const ids = wanted.map(account => `'${rig.connectionOf(account)}'`).join(', ')
      const which = wanted.length === 0 ? '' : `WHERE connection_id IN (${ids})`
      await store.engine.write([
        { sql: `UPDATE connections SET received_at = 0, expires_at = 1 ${which}`, parameters: [] },
      ])
    },
    async signedIn(account) {
      const subjectId = subjects.get(account) ?? assert.fail()
      const [token, now] = [entropy.randomToken(32), clock.now()]
      const session = {
        id: entropy.newId<SessionId>('ses'),
        orgId: organization.id,
        hash: entropy.sha256(token),
        subjectId,
        createdAt: now,
        lastSeenAt: now,
        expiresAt: now + 3_600_000,
        userAgent: null,
      }
      await store.sessions.create(
        session,
        null,
        newAuditEvent({ clock, entropy }, { organization }, 'system', 'sign_in.completed'),
      )
      const browser = createBrowser()
      browser.cookies(publicUrl).set('behalf_session', token)
      return browser
    },
    async final() {
      const rows = async (table: 'connections' | 'audit_events' | 'plugin_keys') =>
        (await store.engine.read(store.engine.build.selectFrom(table).selectAll())) as readonly Record<
          string,
          unknown
        >[]
      const accountOf = new Map([...connections].map(([account, id]) => [id, account]))
      const nameOf = new Map([...subjects].map(([account, id]) => [String(id), account]))
      const held = (await rows('connections')) as unknown as readonly Tables['connections'][]
      return {
        connections: await Promise.all(
          held.map(async row => ({
            id: row.connection_id,
            account: accountOf.get(row.connection_id) ?? nameOf.get(row.subject_id) ?? '',
            status: row.status,
            reason: row.reason,
            refreshToken:
              row.refresh_token === null
                ? null
                : reveal(
                    await vault.open(
                      tokenPlace(
                        organization.id,
                        row.connection_id as ConnectionId,
                        'refresh_token',
                        row.refresh_token_version,
                      ),
                      asSealed(row.refresh_token),
                    ),
                  ),
          })),
        ),
        audit: (await rows('audit_events')).map(row => ({
          action: String(row['action']),
          target: row['target'] as string | null,
          at: Number(row['at']),
          details: JSON.parse(String(row['details'])) as Record<string, unknown>,
        })),
        keys: new Set((await rows('plugin_keys')).map(row => String(row['key_id']))),
      }
    },
    async judge() {
      const log = nodes.flatMap(({ lines }) => lines)
      const issued = new Set([...provider.issued, apiKey, pluginKey, rootKey])
      const final = await rig.final()
      assertHolds({ history, saw: provider.saw, issued, isNewest: provider.isNewest, final, log }, seed.value)
    },
  }
  if ((options.people ?? 4) > 0) await addPeople(options.people ?? 4)
  const kept = resources.move()
  return { ...rig, [Symbol.asyncDispose]: () => kept.disposeAsync() }
}
