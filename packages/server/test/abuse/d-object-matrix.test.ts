import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { request } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import {
  type ConnectionId,
  type ConnectorId,
  type OperationId,
  type OrgId,
  ROUTES,
  type Role,
  type Route,
  type SessionId,
  type SubjectId,
} from '@behalf/contract'
import { freePorts } from '../../../../test/support/ports.ts'
import { readConfig, reveal, secret } from '../../src/config/config.ts'
import type { Connection } from '../../src/domain/connection.ts'
import { tokenPlace } from '../../src/domain/places.ts'
import { createCreateApiKey } from '../../src/flows/admin/create-api-key.ts'
import { newAuditEvent } from '../../src/flows/audit/new-audit-event.ts'
import { createCsrfToken } from '../../src/flows/login/csrf-token.ts'
import { type Broker, openDesk, start } from '../../src/main.ts'
import { systemClock } from '../../src/platform/clock.ts'
import { createEntropy } from '../../src/platform/entropy.ts'
import { openStore } from '../../src/store/store.ts'
import { createVault } from '../../src/vault/vault.ts'

/** Who may do what, said again here so that a slip in the permission table shows. `own`: everyone for what is theirs. */
const ALLOWED: Readonly<Record<OperationId, readonly Role[]>> = {
  readOrganization: ['developer', 'log_viewer', 'auditor', 'admin'],
  readAttention: ['developer', 'log_viewer', 'auditor', 'admin'],
  updateOrganization: ['admin'],
  trySso: ['admin'],
  readSsoTrial: ['admin'],
  putSso: ['admin'],
  checkConnector: ['developer', 'admin'],
  listPresets: ['developer', 'admin'],
  readPreset: ['developer', 'admin'],
  listConnectors: ['developer', 'admin'],
  createConnector: ['developer', 'admin'],
  readConnector: ['developer', 'admin'],
  updateConnector: ['developer', 'admin'],
  deleteConnector: ['developer', 'admin'],
  approveConnector: ['admin'],
  previewConnectorDefinition: ['developer', 'admin'],
  previewConnector: ['developer', 'admin'],
  listConnectorVersions: ['developer', 'admin'],
  restoreConnectorVersion: ['developer', 'admin'],
  putLogo: ['admin'],
  deleteLogo: ['admin'],
  putConnectorIcon: ['developer', 'admin'],
  deleteConnectorIcon: ['developer', 'admin'],
  callConnector: ['developer', 'admin'],
  listConnections: ['auditor', 'admin'],
  readConnection: ['auditor', 'admin'],
  deleteConnection: ['admin'],
  createConnectLink: ['developer', 'admin'],
  listPlugins: ['developer', 'admin'],
  createPlugin: ['developer', 'admin'],
  readPlugin: ['developer', 'admin'],
  updatePlugin: ['developer', 'admin'],
  deletePlugin: ['developer', 'admin'],
  listPluginKeys: ['developer', 'admin'],
  createPluginKey: ['developer', 'admin'],
  revokePluginKey: ['developer', 'admin'],
  readMe: ['developer', 'log_viewer', 'auditor', 'admin'],
  runAction: [],
  publishPlugin: ['developer', 'admin'],
  listPluginVersions: ['developer', 'admin'],
  listLaunches: ['developer', 'admin'],
  launchPlugin: ['developer', 'admin'],
  previewLaunch: ['developer', 'admin'],
  explainLaunches: ['developer', 'admin'],
  unlaunchPlugin: ['developer', 'admin'],
  endLaunch: ['developer', 'admin'],
  listPeople: ['auditor', 'admin'],
  listImportedPeople: ['auditor', 'admin'],
  importRoster: ['admin'],
  readPerson: ['auditor', 'admin'],
  putRoles: ['admin'],
  suspendPerson: ['admin'],
  resumePerson: ['admin'],
  listSessions: ['admin'],
  endSession: ['admin'],
  listApiKeys: ['admin'],
  createApiKey: ['admin'],
  revokeApiKey: ['admin'],
  listAuditEvents: ['auditor', 'admin'],
  exportAuditEvents: ['auditor', 'admin'],
  readAuditVerdict: ['auditor', 'admin'],
  listCallLogs: ['log_viewer', 'admin'],
  exportCallLogs: ['log_viewer', 'admin'],
  readCallLog: ['log_viewer', 'admin'],
  listUsage: ['auditor', 'admin'],
  listUsageDays: ['auditor', 'admin'],
  exportUsage: ['auditor', 'admin'],
  seeUsage: ['auditor', 'admin'],
  listWebhooks: ['admin'],
  createWebhook: ['admin'],
  readWebhook: ['admin'],
  updateWebhook: ['admin'],
  deleteWebhook: ['admin'],
  rotateWebhookSecret: ['admin'],
  testWebhook: ['admin'],
  listWebhookDeliveries: ['admin'],
  replayWebhookDelivery: ['admin'],
  listDebugWindows: ['developer', 'admin'],
  createDebugWindow: ['developer', 'admin'],
  readDebugWindow: ['developer', 'admin'],
  agreeToDebugWindow: ['developer', 'admin'],
  declineDebugWindow: ['developer', 'admin'],
  endDebugWindow: ['developer', 'admin'],
}
const ROLES: readonly Role[] = ['developer', 'log_viewer', 'auditor', 'admin']
const OWN: readonly OperationId[] = [
  'runAction',
  'readMe',
  'listConnections',
  'readConnection',
  'deleteConnection',
  'readPerson',
  'listSessions',
  'endSession',
  'listUsage',
  'listUsageDays',
  'exportUsage',
  'seeUsage',
  'listDebugWindows',
  'readDebugWindow',
  'agreeToDebugWindow',
  'declineDebugWindow',
  'endDebugWindow',
]
const MISSING: Readonly<Record<string, string>> = {
  id: `sub_${'0'.repeat(26)}`,
  connection: `con_${'0'.repeat(26)}`,
  key: `pky_${'0'.repeat(26)}`,
  launch: `lch_${'0'.repeat(26)}`,
  name: 'missing',
}

type Answer = { readonly status: number; readonly code: string; readonly text: string }

describe('D: every route × every role × own, another’s, another organization’s', () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'behalf-matrix-'))
  const people = new Map<
    string,
    { cookie: string; csrf: string; subject: SubjectId; session: SessionId; connection: ConnectionId }
  >()
  const keys = new Map<string, string>()
  let broker: Broker
  let port = 0
  before(async () => {
    ;[port = 0] = await freePorts(1)
    const rootKey = randomBytes(32).toString('base64')
    const config = readConfig({
      BEHALF_URL: `http://{org}.localhost:${port}`,
      BEHALF_LISTEN: `127.0.0.1:${port}`,
      BEHALF_METRICS_LISTEN: 'off',
      BEHALF_DATA: dataDir,
      BEHALF_ROOT_KEY: rootKey,
      BEHALF_LOG_LEVEL: 'silent',
      BEHALF_OUTBOUND_ALLOW: '127.0.0.1/32 [::1]/128',
    })
    for (const slug of ['alpha', 'beta']) {
      await using desk = await openDesk(config)
      await desk.createOrganization({
        slug,
        name: slug,
        ssoIssuer: 'http://localhost:1',
        ssoClientId: 'x',
        ssoClientSecret: secret('s'.repeat(20)),
      })
    }
    await seed(rootKey)
    broker = await start(config)
  })
  after(async () => {
    await broker[Symbol.asyncDispose]()
    rmSync(dataDir, { recursive: true, force: true })
  })

  async function seed(rootKey: string): Promise<void> {
    await using store = await openStore({ dataDir })
    const [clock, entropy] = [systemClock, createEntropy(systemClock)]
    const vault = createVault({ rootKeys: [secret(rootKey)], dataKeys: store.dataKeys })
    for (const organization of await store.organizations.all()) {
      const context = { organization, requestId: 'req', address: null }
      const connected = async (orgId: OrgId, subjectId: SubjectId) => {
        const id = entropy.newId<ConnectionId>('con')
        const audit = newAuditEvent({ clock, entropy }, context, 'system', 'connect.completed')
        const secretVersion = 1
        const accessToken = {
          sealed: await vault.seal(tokenPlace(orgId, id, 'access_token', secretVersion), secret('token')),
          secretVersion,
        }
        const now = clock.now()
        const connection: Connection = {
          id,
          orgId,
          connectorId: `ctr_${'1'.repeat(26)}` as ConnectorId,
          subjectId,
          status: 'connected',
          generation: 1,
          tokenVersion: 1,
          connectorVersion: 1,
          accessToken,
          refreshToken: null,
          receivedAt: now,
          expiresAt: null,
          grantedScope: null,
          requestedScope: [],
          accountLabel: null,
          accountId: null,
          accountIcon: null,
          variables: {},
          extraTokens: null,
          refreshExpiresAt: null,
          refreshEpoch: 0,
          granted: { apiOrigin: 'https://api.example', tokenEndpoint: 'https://as.example/t', baseHosts: [] },
          connectedAt: now,
          lastUsedAt: null,
          dismissedGeneration: null,
          reason: null,
        }
        assert.ok(await store.connections.connect(connection, 0, [], [audit]))
        return id
      }
      for (const role of [...ROLES, undefined]) {
        const orgId: OrgId = organization.id
        const subject = entropy.newId<SubjectId>('sub')
        const name = `${organization.slug}/${role ?? 'nobody'}`
        const grantedRoles = role === undefined ? [] : [role]
        const now = clock.now()
        await store.people.recordSignIn({
          id: subject,
          orgId,
          issuer: 'http://localhost:1',
          sub: name,
          email: null,
          emailVerified: false,
          name,
          status: 'active',
          grantedRoles,
          claimRoles: [],
          claims: { groups: [], attributes: {} },
          imported: { groups: [], attributes: {} },
          lastProofAt: now,
          createdAt: now,
          version: 1,
        })
        const token = entropy.randomToken(32)
        const session = entropy.newId<SessionId>('ses')
        const row = {
          id: session,
          orgId,
          hash: entropy.sha256(token),
          subjectId: subject,
          createdAt: now,
          lastSeenAt: now,
          expiresAt: now + 3_600_000,
          userAgent: null,
        }
        await store.sessions.create(
          row,
          null,
          newAuditEvent({ clock, entropy }, context, 'system', 'sign_in.completed'),
        )
        const person = await store.people.byId(orgId, subject)
        assert.ok(person)
        const csrf = await createCsrfToken({ vault })(context, {
          kind: 'session',
          sessionId: session,
          person,
          roles: [],
        })
        const connection = await connected(orgId, subject)
        people.set(name, { cookie: `behalf_session=${token}`, csrf, subject, session, connection })
        if (role !== undefined) {
          const { key } = await createCreateApiKey({ ...store, clock, entropy })(context, 'system', {
            label: 'x',
            expiresAt: null,
            roles: [role],
          })
          keys.set(name, reveal(key))
        }
      }
    }
  }

  function send(
    org: string,
    method: string,
    path: string,
    headers: Record<string, string>,
    body?: unknown,
  ): Promise<Answer> {
    return new Promise((resolve, reject) => {
      const text = body === undefined ? undefined : JSON.stringify(body)
      const host = `${org}.localhost:${port}`
      const sent = {
        host,
        ...(text === undefined
          ? {}
          : { 'content-type': 'application/json', 'content-length': String(Buffer.byteLength(text)) }),
        ...headers,
      }
      const outgoing = request({ host: '127.0.0.1', port, method, path, headers: sent }, response => {
        let answer = ''
        response.on('data', chunk => (answer += String(chunk)))
        response.on('end', () =>
          resolve({
            status: response.statusCode ?? 0,
            code: (response.statusCode ?? 0) < 400 ? '' : (/"code":"(\w+)"/.exec(answer)?.[1] ?? ''),
            text: answer.replace(/req_\w{26}/g, 'req'),
          }),
        )
      })
      outgoing.on('error', reject)
      outgoing.end(text)
    })
  }

  const asPerson = (org: string, name: string): Record<string, string> => {
    const person = people.get(name) ?? assert.fail(name)
    return {
      cookie: person.cookie,
      'behalf-csrf': person.csrf,
      origin: `http://${org}.localhost:${port}`,
      'sec-fetch-site': 'same-origin',
    }
  }
  const asKey = (name: string): Record<string, string> => ({
    authorization: `Bearer ${keys.get(name) ?? assert.fail(name)}`,
  })
  const pathOf = (route: Route, ids: Readonly<Record<string, string>>) =>
    `/api/v1${route.path.replace(/\{(\w+)\}/g, (_, name: string) => ids[name] ?? MISSING[name] ?? 'x')}`
  const missingFor = (operation: OperationId): Record<string, string> => {
    if (operation === 'endSession') return { id: `ses_${'0'.repeat(26)}` }
    if (operation.includes('Webhook')) return { id: `whk_${'0'.repeat(26)}`, delivery: `whd_${'0'.repeat(26)}` }
    if (operation.endsWith('DebugWindow')) return { id: `dbg_${'0'.repeat(26)}` }
    if (operation === 'readSsoTrial') return { id: `sst_${'0'.repeat(26)}` }
    if (operation === 'readCallLog') return { id: `cal_${'0'.repeat(26)}` }
    return operation === 'revokeApiKey' ? { id: `key_${'0'.repeat(26)}` } : {}
  }
  const operations = Object.entries(ROUTES) as [OperationId, Route][]
  // Without a version or a whole body an allowed request is stopped by a later check, so that the grid changes nothing.
  const callWith = (
    org: string,
    operation: OperationId,
    route: Route,
    headers: Record<string, string>,
    ids = missingFor(operation),
  ) =>
    send(
      org,
      route.method.toUpperCase(),
      pathOf(route, ids),
      headers,
      route.body === undefined ? undefined : { not_a_field: true },
    )

  for (const [operation, route] of operations) {
    it(`${operation}: nobody, each role by session and by key, another organization's admin`, async () => {
      assert.equal((await callWith('alpha', operation, route, {})).status, 401, 'no sign-in')
      assert.equal(
        (await callWith('alpha', operation, route, { authorization: 'Bearer bhp_nonsense' })).status,
        401,
        'no key',
      )
      assert.equal(
        (await callWith('alpha', operation, route, asKey('beta/admin'))).status,
        401,
        'key of another organization',
      )
      assert.equal(
        (await callWith('alpha', operation, route, asPerson('alpha', 'beta/admin'))).status,
        401,
        'session of another organization',
      )
      for (const role of ROLES) {
        const allowed = ALLOWED[operation].includes(role)
        const byKey = await callWith('alpha', operation, route, asKey(`alpha/${role}`))
        const bySession = await callWith('alpha', operation, route, asPerson('alpha', `alpha/${role}`))
        assert.equal(byKey.code === 'forbidden', !allowed, `${role} by key: ${byKey.status} ${byKey.code}`)
        assert.equal(
          bySession.code === 'forbidden',
          !allowed && !OWN.includes(operation),
          `${role} by session: ${bySession.status} ${bySession.code}`,
        )
        assert.ok(byKey.status < 500 && bySession.status < 500)
      }
      const nobody = await callWith('alpha', operation, route, asPerson('alpha', 'alpha/nobody'))
      if (!OWN.includes(operation))
        assert.deepEqual(
          [nobody.status, nobody.code],
          [404, 'not_found'],
          'for people without a role it does not exist',
        )
    })
  }

  it('reads what is another’s and what does not exist alike, to the letter', async () => {
    const mine = people.get('alpha/nobody') ?? assert.fail()
    const other = people.get('alpha/admin') ?? assert.fail()
    const foreign = people.get('beta/nobody') ?? assert.fail()
    const alike = async (
      method: string,
      path: (id: string) => string,
      mineId: string,
      others: readonly string[],
      missing: string,
    ) => {
      const absent = await send('alpha', method, path(missing), asPerson('alpha', 'alpha/nobody'))
      assert.equal(absent.status, 404)
      for (const id of others)
        assert.deepEqual(await send('alpha', method, path(id), asPerson('alpha', 'alpha/nobody')), absent)
      return send('alpha', method, path(mineId), asPerson('alpha', 'alpha/nobody'))
    }
    const person = await alike(
      'GET',
      id => `/api/v1/people/${id}`,
      mine.subject,
      [other.subject, foreign.subject],
      MISSING['id'] ?? '',
    )
    assert.equal(person.status, 200, 'one’s own is there')
    const session = await alike(
      'DELETE',
      id => `/api/v1/sessions/${id}`,
      mine.session,
      [other.session, foreign.session],
      `ses_${'0'.repeat(26)}`,
    )
    assert.equal(session.status, 204)
  })

  it('lets a person see and end their own connection alone, an auditor see all and end none, an admin both', async () => {
    const at = (name: string) => `/api/v1/connections/${(people.get(name) ?? assert.fail()).connection}`
    const nowhere = `/api/v1/connections/con_${'0'.repeat(26)}`
    const own = asPerson('alpha', 'alpha/developer')
    for (const method of ['GET', 'DELETE']) {
      const absent = await send('alpha', method, nowhere, own)
      assert.deepEqual([absent.status, absent.code], [404, 'connection_not_found'])
      for (const name of ['alpha/auditor', 'beta/developer'])
        assert.deepEqual(await send('alpha', method, at(name), own), absent, `${method} ${name}`)
      for (const headers of [asPerson('alpha', 'alpha/admin'), asKey('alpha/admin'), asKey('alpha/auditor')])
        assert.ok((await send('alpha', method, at('beta/developer'), headers)).status >= 403)
    }
    const auditor = asPerson('alpha', 'alpha/auditor')
    assert.equal((await send('alpha', 'GET', at('alpha/developer'), auditor)).status, 200)
    assert.equal((await send('alpha', 'DELETE', at('alpha/developer'), auditor)).status, 404)
    assert.equal((await send('alpha', 'DELETE', at('alpha/developer'), asKey('alpha/auditor'))).code, 'forbidden')
    assert.equal((await send('alpha', 'GET', at('alpha/developer'), own)).status, 200)
    const listed = await send('alpha', 'GET', '/api/v1/connections', own)
    assert.equal(listed.text.match(/"con_\w{26}"/g)?.length, 1, 'a list holds what is one’s own')
    assert.equal((await send('alpha', 'DELETE', at('alpha/developer'), own)).status, 200)
    assert.equal((await send('alpha', 'DELETE', at('alpha/log_viewer'), asPerson('alpha', 'alpha/admin'))).status, 200)
    assert.ok(
      !(await send('alpha', 'GET', '/api/v1/connections', asKey('alpha/admin'))).text.includes(at('beta/admin')),
    )
  })

  it('lets an admin see nothing of another organization, by id, list or count', async () => {
    const foreign = people.get('beta/nobody') ?? assert.fail()
    for (const path of [
      '/api/v1/people',
      '/api/v1/sessions',
      '/api/v1/audit-events',
      '/api/v1/connections',
      '/api/v1/api-keys',
    ]) {
      const { text, status } = await send('alpha', 'GET', path, asKey('alpha/admin'))
      assert.equal(status, 200)
      assert.ok(!text.includes(foreign.subject) && !text.includes('beta/'), path)
    }
    assert.equal((await send('alpha', 'GET', `/api/v1/people/${foreign.subject}`, asKey('alpha/admin'))).status, 404)
    assert.equal(
      (await send('alpha', 'POST', `/api/v1/people/${foreign.subject}/suspend`, asKey('alpha/admin'))).status,
      404,
    )
  })

  it('D-07 lets nobody raise themselves, approve without being an admin, or remove the last admin', async () => {
    const dev = people.get('alpha/developer') ?? assert.fail()
    const admin = people.get('alpha/admin') ?? assert.fail()
    assert.equal(
      (
        await send('alpha', 'PUT', `/api/v1/people/${dev.subject}/roles`, asPerson('alpha', 'alpha/developer'), {
          roles: ['admin'],
        })
      ).code,
      'forbidden',
    )
    assert.equal(
      (
        await send('alpha', 'PUT', `/api/v1/people/${admin.subject}/roles`, asPerson('alpha', 'alpha/admin'), {
          roles: ['admin', 'auditor'],
        })
      ).code,
      'forbidden',
    )
    assert.equal(
      (await send('alpha', 'PUT', `/api/v1/people/${admin.subject}/roles`, asKey('alpha/admin'), { roles: [] })).code,
      'last_admin',
    )
    assert.equal(
      (await send('alpha', 'POST', `/api/v1/people/${admin.subject}/suspend`, asKey('alpha/admin'))).code,
      'last_admin',
    )
    const connector = {
      name: 'crm',
      base_url: 'https://api.example.com',
      auth: {
        authorization_url: 'https://as.example.com/a',
        token_url: 'https://as.example.com/t',
        client_id: 'x',
        client_secret: 'y',
        scope: [],
      },
    }
    assert.equal(
      (await send('alpha', 'POST', '/api/v1/connectors', asKey('alpha/developer'), { ...connector, approve: true }))
        .code,
      'forbidden',
    )
    assert.equal(
      (await send('alpha', 'POST', '/api/v1/connectors', asKey('alpha/developer'), { ...connector, open_to_all: true }))
        .code,
      'forbidden',
    )
    assert.equal(
      (
        await send('alpha', 'POST', '/api/v1/plugins', asKey('alpha/developer'), {
          name: 'p1',
          trusted: 'launch_audience',
        })
      ).code,
      'forbidden',
    )
  })

  it('H-08, H-10, H-11 shows a key once, masks secrets, and never stores a mask', async () => {
    const made = JSON.parse(
      (await send('alpha', 'POST', '/api/v1/api-keys', asKey('alpha/admin'), { label: 'x', roles: ['auditor'] })).text,
    ) as { key: string; id: string }
    assert.match(made.key, /^bhf_[\w-]{43}[A-Za-z0-9]{6}$/)
    assert.ok(!(await send('alpha', 'GET', '/api/v1/api-keys', asKey('alpha/admin'))).text.includes(made.key))
    assert.equal((await send('alpha', 'GET', '/api/v1/people', { authorization: `Bearer ${made.key}` })).status, 200)
    assert.equal((await send('alpha', 'DELETE', `/api/v1/api-keys/${made.id}`, asKey('alpha/admin'))).status, 204)
    assert.equal((await send('alpha', 'GET', '/api/v1/people', { authorization: `Bearer ${made.key}` })).status, 401)

    const connector = {
      name: 'masked',
      base_url: 'https://api.example.com',
      auth: {
        authorization_url: 'https://as.example.com/a',
        token_url: 'https://as.example.com/t',
        client_id: 'x',
        client_secret: 'a-very-secret-value',
        scope: [],
      },
    }
    const created = await send('alpha', 'POST', '/api/v1/connectors', asKey('alpha/admin'), connector)
    assert.ok(!created.text.includes('a-very-secret-value'))
    const before = JSON.parse(created.text) as { auth: { client_secret: { updated_at: string } } }
    const patched = await send(
      'alpha',
      'PATCH',
      '/api/v1/connectors/masked',
      { ...asKey('alpha/admin'), 'if-match': '"1"' },
      { display_name: 'Masked', auth: { client_secret: '••••' } },
    )
    assert.equal(patched.status, 200, patched.text)
    assert.deepEqual((JSON.parse(patched.text) as typeof before).auth.client_secret, before.auth.client_secret)
    assert.equal(
      (await send('alpha', 'PATCH', '/api/v1/connectors/masked', asKey('alpha/admin'), { display_name: 'X' })).code,
      'version_required',
    )
    assert.equal(
      (
        await send(
          'alpha',
          'PATCH',
          '/api/v1/connectors/masked',
          { ...asKey('alpha/admin'), 'if-match': '"1"' },
          { display_name: 'X' },
        )
      ).code,
      'version_conflict',
    )
  })

  it('repeats an answer for an Idempotency-Key, and refuses the key for another request', async () => {
    const headers = { ...asKey('alpha/admin'), 'idempotency-key': 'once-1' }
    const first = await send('alpha', 'POST', '/api/v1/api-keys', headers, { label: 'once', roles: ['auditor'] })
    assert.deepEqual(
      await send('alpha', 'POST', '/api/v1/api-keys', headers, { label: 'once', roles: ['auditor'] }),
      first,
    )
    assert.equal(
      (await send('alpha', 'POST', '/api/v1/api-keys', headers, { label: 'other', roles: ['auditor'] })).code,
      'idempotency_conflict',
    )
  })

  it('refuses a connector with a JSON pointer to each fault', async () => {
    const bad = {
      name: 'Bad Name',
      base_url: 'http://api.example.com',
      surprise: 1,
      auth: {
        authorization_url: 'https://as.example.com/a?state=1',
        token_url: 'ftp://as.example.com',
        client_id: 'x',
        scope: ['a b'],
        authorization_params: [{ name: 'redirect_uri', value: 'x' }],
        revoke_url: 'https://user@as.example.com',
        revoke: { headers: { Authorization: 'x' } },
      },
    }
    const { text, code } = await send('alpha', 'POST', '/api/v1/connectors', asKey('alpha/admin'), bad)
    assert.equal(code, 'invalid_request')
    const pointers = (JSON.parse(text) as { errors: { pointer: string }[] }).errors.map(({ pointer }) => pointer)
    for (const pointer of [
      '/name',
      '/base_url',
      '/surprise',
      '/auth/token_url',
      '/auth/scope/0',
      '/auth/authorization_params/0/name',
      '/auth/revoke_url',
    ])
      assert.ok(pointers.includes(pointer), `${pointer} of ${pointers}`)
    const inside = {
      name: 'inside',
      base_url: 'https://10.0.0.1',
      auth: {
        authorization_url: 'https://as.example.com/a',
        token_url: 'https://169.254.169.254/t',
        client_id: 'x',
        scope: [],
      },
    }
    const refused = await send('alpha', 'POST', '/api/v1/connectors', asKey('alpha/admin'), inside)
    assert.deepEqual(
      (JSON.parse(refused.text) as { errors: { pointer: string }[] }).errors.map(({ pointer }) => pointer),
      ['/base_url', '/auth/token_url'],
    )
  })
})
