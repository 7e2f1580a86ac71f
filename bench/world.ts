import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { createServer } from 'node:http'
import { join } from 'node:path'
import type { ConnectionId, ConnectorId, LaunchId, OrgId, SessionId, SubjectId } from '@behalf/contract'
import { exportJWK, generateKeyPair, SignJWT } from 'jose'
import { readConfig, reveal, secret } from '../packages/server/src/config/config.ts'
import { tokenPlace } from '../packages/server/src/domain/places.ts'
import { newAuditEvent } from '../packages/server/src/flows/audit/new-audit-event.ts'
import { createCsrfToken } from '../packages/server/src/flows/login/csrf-token.ts'
import { openDesk } from '../packages/server/src/main.ts'
import { systemClock } from '../packages/server/src/platform/clock.ts'
import { createEntropy } from '../packages/server/src/platform/entropy.ts'
import type { Statement } from '../packages/server/src/store/engine.ts'
import { createInsertRows } from '../packages/server/src/store/insert-rows.ts'
import { openStore } from '../packages/server/src/store/store.ts'
import type { Tables } from '../packages/server/src/store/tables.ts'
import { createVault } from '../packages/server/src/vault/vault.ts'
import { launchedOverRest } from '../test/support/launched-over-rest.ts'
import { connectionRow, personRow } from '../test/support/rows.ts'
import { CORES, ended, on } from './programs.ts'

const CLI = join(import.meta.dirname, '..', 'packages', 'cli')
const FLAGS = ['--max-semi-space-size=4']
const CONNECTOR = 'api'
/** People made in one transaction. */
const BATCH = 2_000
/** `BENCH_PROFILE=FOLDER` leaves a CPU profile of the broker there, which then runs from its sources, so that it names them. */
const profileTo = process.env['BENCH_PROFILE']
const profiling = profileTo === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${profileTo}`]
/** The program as the image holds it. */
const LAUNCHER = join(CLI, profileTo === undefined ? 'dist' : 'bin', 'behalf.js')

/** An SSO that publishes one key, for subject tokens. */
export async function startKeys(alg: 'RS256' | 'ES256') {
  const { privateKey, publicKey } = await generateKeyPair(alg)
  const jwk = { ...(await exportJWK(publicKey)), kid: 'bench', alg, use: 'sig' }
  const server = createServer((request, response) => {
    const at = `http://127.0.0.1:${(server.address() as { port: number }).port}`
    const described = {
      issuer: at,
      authorization_endpoint: `${at}/auth`,
      token_endpoint: `${at}/token`,
      jwks_uri: `${at}/keys`,
    }
    response.setHeader('content-type', 'application/json')
    response.end(JSON.stringify(request.url === '/keys' ? { keys: [jwk] } : described))
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const issuer = `http://127.0.0.1:${(server.address() as { port: number }).port}`
  const sign = (sub: string) =>
    new SignJWT({ sub, aud: 'bench' })
      .setProtectedHeader({ alg, kid: 'bench' })
      .setIssuer(issuer)
      .setIssuedAt()
      .setExpirationTime('1h')
      .sign(privateKey)
  return { alg, issuer, sign, [Symbol.asyncDispose]: async () => void server.close() }
}

export type World = AsyncDisposable & {
  readonly pid: number
  readonly readyMs: number
  readonly pluginKey: string
  /** What a browser of the first person sends to begin a connect. */
  readonly form: { readonly cookie: string; readonly csrf: string }
  /** More people, each with a connection; there are this many in all afterwards. */
  grow(people: number): Promise<void>
  /** Asks the broker's REST API with an admin's key. */
  call(path: string, body?: unknown): Promise<Record<string, unknown>>
  /** Has the first people agree to what a launch would keep of their calls. */
  agree(launch: LaunchId, people: number): Promise<void>
  /** Another broker over the same database. */
  another(env: Readonly<Record<string, string>>, core: number): Promise<AsyncDisposable>
  /** Persons spread over all that there are. */
  subjects(count: number): readonly string[]
}

/** A broker on its own core with one organization, connector, plugin and as many connections as it is grown to. */
export async function startWorld(options: {
  readonly env: Readonly<Record<string, string>>
  readonly url: string
  readonly providerUrl: string
  readonly issuer: string
  /** What starts the broker; the command line unless said otherwise. */
  readonly program?: readonly string[]
}): Promise<World> {
  const program = options.program ?? [LAUNCHER, 'start']
  const env: Readonly<Record<string, string>> = { ...options.env, BEHALF_URL: options.url }
  const config = readConfig(env)
  const created = await (async () => {
    await using desk = await openDesk(config)
    return await desk.createOrganization({
      slug: 'bench',
      name: 'Bench',
      ssoIssuer: options.issuer,
      ssoClientId: 'behalf',
      ssoClientSecret: secret('bench-client-secret'),
    })
  })()
  // As when the image is built: what is measured starts from compiled code.
  const { status, stderr } = spawnSync(process.execPath, [join(CLI, 'build.ts')], { encoding: 'utf8' })
  if (status !== 0) throw new Error(`the program was not built: ${stderr}`)
  spawnSync(process.execPath, [...FLAGS, LAUNCHER, '--help'], { stdio: 'ignore' })
  const { child, readyMs } = await startBroker(env, program)
  const store = await openStore(config)
  const vault = createVault({ rootKeys: [secret(env['BEHALF_ROOT_KEY'] ?? '')], dataKeys: store.dataKeys })
  const [clock, entropy] = [systemClock, createEntropy(systemClock)]
  const { organization } = created
  const call = async (path: string, body?: unknown): Promise<Record<string, unknown>> => {
    const response = await fetch(`${options.url}/api/v1${path}`, {
      headers: { authorization: `Bearer ${reveal(created.apiKey)}`, 'content-type': 'application/json' },
      ...(body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) }),
    })
    const text = await response.text()
    if (!response.ok) throw new Error(`${path}: ${response.status} ${text}`)
    return JSON.parse(text) as Record<string, unknown>
  }
  const auth = {
    authorization_url: `${options.providerUrl}/auth`,
    token_url: `${options.providerUrl}/token`,
    client_id: 'bench',
    client_secret: 'bench-client-secret',
    scope: ['read'],
  }
  const plugin = { name: 'bench', subject_token_audiences: ['bench'], token_release: [CONNECTOR] }
  const api = { name: CONNECTOR, base_url: options.providerUrl, auth }
  const pluginKey = await launchedOverRest(call, api, plugin, 'measured')
  const connector = (await store.connectors.byName(organization.id, CONNECTOR))?.id
  if (connector === undefined) throw new Error('the connector is not there')

  let people = 0
  const inserts = new Map<'people' | 'connections', (rows: readonly never[]) => readonly Statement[]>()
  const insert = <Name extends 'people' | 'connections'>(table: Name, rows: readonly Tables[Name][]) => {
    const columns = Object.keys(rows[0] ?? {}) as (keyof Tables[Name] & string)[]
    const into = inserts.get(table) ?? createInsertRows(store.engine, table, columns)
    inserts.set(table, into as never)
    return (into as (rows: readonly Tables[Name][]) => readonly Statement[])(rows)
  }
  const grow = async (wanted: number): Promise<void> => {
    while (people < wanted) {
      const count = Math.min(BATCH, wanted - people)
      const rows = await Promise.all(
        Array.from({ length: count }, (_, index) => row(organization.id, connector, people + index)),
      )
      await store.engine.write([
        ...insert(
          'people',
          rows.map(({ person }) => person),
        ),
        ...insert(
          'connections',
          rows.map(({ connection }) => connection),
        ),
      ])
      people += count
    }
  }

  async function row(orgId: OrgId, connectorId: ConnectorId, at: number) {
    const [subject, id] = [entropy.newId<SubjectId>('sub'), entropy.newId<ConnectionId>('con')]
    const sealed = await vault.seal(tokenPlace(orgId, id, 'access_token', 1), secret(`bench-access-token-${at}`))
    const somebody = {
      orgId,
      subjectId: subject,
      issuer: options.issuer,
      sub: subOf(at),
      domain: 'bench.example',
      now: clock.now(),
    }
    const person = personRow(somebody)
    const connection = connectionRow(somebody, {
      id,
      connectorId,
      accessToken: sealed,
      refreshToken: null,
      lifeMs: 86_400_000,
      apiOrigin: new URL(options.providerUrl).origin,
      tokenEndpoint: `${options.providerUrl}/token`,
    })
    return { person, connection }
  }

  const settle = async (): Promise<void> => {
    // What autovacuum does within a minute: plans made for an empty table scan a full one.
    if (env['DATABASE_URL'] !== undefined) await store.engine.write([{ sql: 'ANALYZE', parameters: [] }])
  }
  await grow(1_000)
  await settle()
  return {
    pid: child.pid ?? 0,
    readyMs,
    pluginKey,
    form: await signedIn(),
    call,
    async agree(launch, count) {
      const context = { organization }
      for (let at = 0; at < count; at += 1) {
        const person = await store.people.byIssuerSub(organization.id, options.issuer, subOf(at))
        const audit = newAuditEvent({ clock, entropy }, context, 'system', 'launch.agreed')
        if (
          person === undefined ||
          !(await store.launches.agree(organization.id, launch, person.id, clock.now(), audit))
        )
          throw new Error('nobody was asked')
      }
    },
    async grow(wanted) {
      await grow(wanted)
      await settle()
    },
    async another(its, core) {
      const { child: second } = await startBroker({ ...env, ...its }, program, core)
      return { [Symbol.asyncDispose]: () => ended(second) }
    },
    subjects: count => Array.from({ length: count }, (_, index) => subOf(Math.floor((index * people) / count))),
    async [Symbol.asyncDispose]() {
      await store[Symbol.asyncDispose]()
      await ended(child)
    },
  }

  async function signedIn(): Promise<World['form']> {
    const person = await store.people.byIssuerSub(organization.id, options.issuer, subOf(0))
    if (person === undefined) throw new Error('nobody is there')
    const [token, sessionId, now] = [entropy.randomToken(32), entropy.newId<SessionId>('ses'), clock.now()]
    const context = { organization, requestId: 'bench', address: null }
    const session = {
      id: sessionId,
      orgId: organization.id,
      hash: entropy.sha256(token),
      subjectId: person.id,
      createdAt: now,
      lastSeenAt: now,
      expiresAt: now + 3_600_000,
      userAgent: null,
    }
    await store.sessions.create(
      session,
      null,
      newAuditEvent({ clock, entropy }, context, 'system', 'sign_in.completed'),
    )
    const csrf = await createCsrfToken({ vault })(context, { kind: 'session', sessionId, person, roles: [] })
    return { cookie: `behalf_session=${token}`, csrf }
  }
}

const subOf = (at: number): string => `person-${at}`

async function startBroker(
  env: Readonly<Record<string, string>>,
  program: readonly string[],
  core: number = CORES.measured,
): Promise<{ child: ChildProcess; readyMs: number }> {
  const [command, args] = on(core, process.execPath, [...FLAGS, ...profiling, ...program])
  const begun = performance.now()
  const child = spawn(command, [...args], {
    env: { ...process.env, ...env, BEHALF_LOG_LEVEL: 'error', MALLOC_ARENA_MAX: '1' },
    stdio: ['ignore', 'inherit', 'pipe'],
  })
  let said = ''
  const readyMs = await new Promise<number>((resolve, reject) => {
    child.stderr.on('data', chunk => {
      said += String(chunk)
      if (said.includes('ready at')) resolve(performance.now() - begun)
    })
    child.once('exit', code => reject(new Error(`the broker ended with ${code}: ${said}`)))
  })
  child.stderr.on('data', chunk => process.stderr.write(chunk))
  return { child, readyMs }
}
