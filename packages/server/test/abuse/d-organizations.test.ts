import assert from 'node:assert/strict'
import { after, before, describe, it, type TestContext } from 'node:test'
import { type OperationId, ROUTES, type Route } from '@behalf/contract'
import { type ScriptedServer, scriptedServer } from '../support/scripted-server.ts'
import { type Answered, startTwoOrganizations, type TwoOrganizations } from '../support/two-organizations.ts'

const [A, B] = ['alpha', 'beta'] as const
const none = (prefix: string) => `${prefix}_${'0'.repeat(26)}`
const operations = Object.entries(ROUTES) as [OperationId, Route][]
/** Whatever else of an answer tells it apart from others: not its time, its ids, its length in bytes of those. */
const VOLATILE: ReadonlySet<string> = new Set(['date', 'request-id', 'keep-alive', 'connection'])
const told = ({ status, headers, text }: Answered) => ({
  status,
  headers: Object.entries(headers).filter(([name]) => !VOLATILE.has(name)),
  text: text.replace(/req_\w{26}/g, 'req'),
})

describe('D: two organizations, and people of one', () => {
  let both: TwoOrganizations
  let provider: ScriptedServer
  let sent = 0
  /** Things of each organization that exist, by the kind of id a path may hold. */
  const things = new Map<string, Record<string, string>>()
  before(async () => {
    provider = await scriptedServer()
    const started = await startTwoOrganizations([A, B])
    both = {
      ...started,
      send(...request) {
        sent += 1
        return started.send(...request)
      },
    }
    for (const org of [A, B]) things.set(org, await furnish(org))
  })
  after(async () => {
    await both[Symbol.asyncDispose]()
    await provider[Symbol.asyncDispose]()
  })

  /** A case that says how many requests it tried. */
  const counted = (run: () => Promise<void>) => async (test: TestContext) => {
    const before = sent
    await run()
    test.diagnostic(`${sent - before} requests`)
  }
  const admin = (org: string, method: string, path: string, body?: unknown, headers: Record<string, string> = {}) =>
    both.send(org, method, `/api/v1${path}`, { ...both.key(org), ...headers }, body)
  const of = (org: string): Record<string, string> => things.get(org) ?? assert.fail(org)
  const connectorOf = (org: string) => ({
    name: `${org}-crm`,
    display_name: `canary-${org}-connector`,
    base_url: `${provider.url}/api`,
    approve: true,
    open_to_all: true,
    auth: {
      authorization_url: `${provider.url}/a`,
      token_url: `${provider.url}/t`,
      client_id: `canary-${org}-client`,
      client_secret: 'x',
      scope: [],
    },
  })

  async function furnish(org: string): Promise<Record<string, string>> {
    const id = async (made: Promise<Answered>) => {
      const { body, text, status } = await made
      assert.ok(status < 300, text)
      return String(body['id'])
    }
    await id(admin(org, 'POST', '/connectors', connectorOf(org)))
    const plugin = {
      name: `${org}-plugin`,
      display_name: `canary-${org}-plugin`,
      connectors: [{ connector: `${org}-crm` }],
      trusted: 'launch_audience',
    }
    await id(admin(org, 'POST', '/plugins', plugin))
    const key = await admin(org, 'POST', `/plugins/${org}-plugin/keys`, { label: `canary-${org}-label` })
    await admin(org, 'POST', `/plugins/${org}-plugin/versions`)
    const launch = { launch_audience: { kind: 'everyone' }, reason: `canary-${org}-reason` }
    const launched = await id(admin(org, 'POST', `/plugins/${org}-plugin/launches`, launch))
    const webhook = await id(admin(org, 'POST', '/webhooks', { url: `${provider.url}/hook-canary-${org}` }))
    const delivery = await id(admin(org, 'POST', `/webhooks/${webhook}/test`))
    const apiKey = await id(admin(org, 'POST', '/api-keys', { label: `canary-${org}-label`, roles: ['auditor'] }))
    const { body: organization } = await admin(org, 'GET', '/organization')
    await admin(org, 'PATCH', '/organization', { debug_windows: true }, { 'if-match': `"${organization['version']}"` })
    const [dev, nobody] = [both.person(org, 'developer'), both.person(org, 'nobody')]
    const asked = { plugin: `${org}-plugin`, subject: nobody.subject, reason: `canary-${org}-reason` }
    const window = await id(both.send(org, 'POST', '/api/v1/debug-windows', dev.headers, asked))
    return {
      connector: `${org}-crm`,
      plugin: `${org}-plugin`,
      pluginKey: String(key.body['id']),
      bearer: String(key.body['key']),
      launch: launched,
      webhook,
      delivery,
      apiKey,
      window,
      person: nobody.subject,
      session: nobody.session,
      call: both.callOf(org),
      connection: none('con'),
    }
  }

  /** The ids a path takes, out of an organization's things; undefined where it takes none. */
  function idsFor(
    operation: OperationId,
    { path }: Route,
    own: Record<string, string>,
  ): Record<string, string> | undefined {
    if (!path.includes('{')) return undefined
    const id = /webhook/i.test(operation)
      ? own['webhook']
      : /DebugWindow/.test(operation)
        ? own['window']
        : path.startsWith('/sessions')
          ? own['session']
          : path.startsWith('/api-keys')
            ? own['apiKey']
            : path.startsWith('/call-logs')
              ? own['call']
              : own['person']
    const name = path.startsWith('/connectors')
      ? own['connector']
      : path.startsWith('/plugins')
        ? own['plugin']
        : 'none'
    const given = {
      id,
      name,
      key: own['pluginKey'],
      launch: own['launch'],
      delivery: own['delivery'],
      connection: own['connection'],
    }
    return given as Record<string, string>
  }
  const MISSING = {
    connector: 'none',
    plugin: 'none',
    pluginKey: none('pky'),
    launch: none('lch'),
    webhook: none('whk'),
    delivery: none('whd'),
    apiKey: none('key'),
    window: none('dbg'),
    person: none('sub'),
    session: none('ses'),
    call: none('cal'),
    connection: none('con'),
  }
  const pathOf = ({ path }: Route, ids: Record<string, string> = {}) =>
    `/api/v1${path.replace(/\{(\w+)\}/g, (_, name: string) => ids[name] ?? 'missing')}`
  const ask = (org: string, route: Route, ids: Record<string, string> | undefined, headers: Record<string, string>) =>
    both.send(
      org,
      route.method.toUpperCase(),
      pathOf(route, ids),
      { ...headers, ...(route.versioned ? { 'if-match': '"1"' } : {}) },
      route.body === undefined ? undefined : {},
    )

  // First, while nobody has written down a name of the other organization by asking for it.
  it('D-10 shows nothing of another organization in a list, a search, a filter, an export or a page', async test => {
    const canaries = [
      'canary-beta',
      'beta-crm',
      'beta-plugin',
      'beta nobody',
      ...Object.entries(of(B))
        .filter(([name]) => name !== 'connection')
        .map(([, id]) => id),
    ]
    const words = ['beta', 'canary-beta', '%', '_', '*', 'beta%']
    const lists = operations
      .filter(([, route]) => route.method === 'get' && !route.path.includes('{'))
      .map(([, { path }]) => path)
    const searched = words.flatMap(word => [
      `/call-logs?q=${encodeURIComponent(word)}`,
      `/call-logs/export?q=${encodeURIComponent(word)}`,
    ])
    const paths = [
      ...lists,
      ...searched,
      '/call-logs?plugin=beta-plugin',
      '/audit-events?action=webhook.created',
      `/plugins/${A}-plugin/keys`,
      `/plugins/${A}-plugin/launches`,
    ]
    let inputs = 0
    for (const path of paths)
      for (const headers of [both.key(A), both.person(A, 'admin').headers]) {
        const { status, text } = await both.send(A, 'GET', `/api/v1${path}`, headers)
        // A few name a thing that has to be given.
        assert.ok(status === 200 || status === 400, `${path}: ${status}`)
        for (const canary of canaries) assert.ok(!text.includes(String(canary)), `${canary} in ${path}`)
        inputs += 1
      }
    for (const path of [
      '/connections',
      '/connections?q=beta',
      '/history',
      '/sessions',
      `/connectors/${B}-crm/connect`,
    ]) {
      const { text } = await both.send(A, 'GET', path, { ...both.person(A, 'nobody').headers, accept: 'text/html' })
      assert.ok(!text.includes('canary-beta'), path)
      inputs += 1
    }
    assert.ok(inputs > 50, `${inputs} inputs`)
    test.diagnostic(`${inputs} inputs`)
  })

  it('D-01 answers for every id of another organization, or of another person, as for one that does not exist; and does nothing', async test => {
    const snapshot = async () => {
      const lists = [
        '/people',
        '/sessions',
        '/api-keys',
        '/webhooks',
        '/debug-windows',
        '/connectors',
        '/plugins',
        `/plugins/${B}-plugin/keys`,
        `/plugins/${B}-plugin/launches`,
      ]
      return Promise.all(
        lists.map(async path => (await admin(B, 'GET', path)).text.replace(/"last_(?:seen|used)_at":[^,}]*/g, '')),
      )
    }
    const unharmed = await snapshot()
    let inputs = 0
    for (const [operation, route] of operations) {
      const foreign = idsFor(operation, route, of(B))
      const missing = idsFor(operation, route, MISSING)
      if (foreign === undefined) continue
      const visitors = [
        both.key(A),
        both.person(A, 'admin').headers,
        ...(route.own ? [both.person(A, 'nobody').headers] : []),
      ]
      for (const headers of visitors) {
        const answer = told(await ask(A, route, foreign, headers))
        assert.deepEqual(answer, told(await ask(A, route, missing, headers)), operation)
        assert.ok(answer.status >= 400, `${operation}: ${answer.status}`)
        inputs += 1
      }
      if (!route.own) continue
      // Of the same organization, and another person's.
      const theirs = idsFor(operation, route, {
        ...of(A),
        person: both.person(A, 'admin').subject,
        session: both.person(A, 'admin').session,
      })
      const developer = both.person(A, 'log_viewer').headers
      if (operation !== 'runAction')
        assert.deepEqual(
          told(await ask(A, route, theirs, developer)),
          told(await ask(A, route, missing, developer)),
          operation,
        )
      inputs += 1
    }
    assert.deepEqual(await snapshot(), unharmed, 'nothing of theirs changed')
    assert.ok(inputs > 60, `${inputs} inputs`)
    test.diagnostic(`${inputs} inputs`)
  })

  it(
    'D-02 never mixes one’s own organization with an id of another in a body, a query or a header',
    counted(async () => {
      const theirs = of(B)
      const before = provider.seen.length
      const refused: readonly [string, string, unknown][] = [
        ['POST', '/connect-links', { subject: theirs['person'], connector: of(A)['connector'] }],
        ['POST', '/connect-links', { subject: of(A)['person'], connector: theirs['connector'] }],
        [
          'POST',
          '/connect-links',
          { subject: of(A)['person'], connector: of(A)['connector'], plugin: theirs['plugin'] },
        ],
        ['POST', '/plugins', { name: 'mixed', connectors: [{ connector: theirs['connector'] }] }],
      ]
      for (const [method, path, body] of refused) {
        const { status, text } = await admin(A, method, path, body)
        assert.ok(status >= 400 && status < 500 && !text.includes('canary-beta'), `${path}: ${status} ${text}`)
      }
      const dev = both.person(A, 'developer').headers
      const window = { plugin: of(A)['plugin'], subject: theirs['person'], reason: 'x' }
      assert.equal((await both.send(A, 'POST', '/api/v1/debug-windows', dev, window)).status, 404)
      for (const query of [
        `/connections?subject=${theirs['person']}`,
        `/usage?subject=${theirs['person']}`,
        `/call-logs?subject=${theirs['person']}`,
        `/call-logs?connector=${theirs['connector']}`,
        `/audit-events?subject=${theirs['person']}`,
        `/sessions?subject=${theirs['person']}`,
        `/usage?connection=${none('con')}`,
      ])
        assert.deepEqual((await admin(A, 'GET', query)).body.items, [], query)
      for (const name of [
        'behalf-organization',
        'x-organization',
        'x-org-id',
        'x-tenant-id',
        'x-forwarded-host',
        'forwarded',
      ])
        assert.ok(
          !(await admin(A, 'GET', '/plugins', undefined, { [name]: `beta.localhost:${both.port}` })).text.includes(
            'canary-beta',
          ),
          name,
        )
      const call = { authorization: `Bearer ${of(A)['bearer']}`, 'behalf-subject': String(theirs['person']) }
      assert.equal(
        (await both.send(A, 'GET', `/gateway/${of(A)['connector']}/me`, call)).body['code'],
        'subject_not_allowed',
      )
      assert.equal(provider.seen.length, before, 'nothing was sent')
    }),
  )

  it(
    'D-03 refuses a key of another organization on every route, before anything is opened or sent',
    counted(async () => {
      const before = provider.seen.length
      const theirs = { authorization: `Bearer ${of(B)['bearer']}`, 'behalf-subject': 'nobody@same.example' }
      const routes: readonly [string, string][] = [
        ['GET', `/gateway/${of(A)['connector']}/me`],
        ['GET', `/gateway/${of(B)['connector']}/me`],
        ['POST', '/oauth/token'],
        ['POST', `/api/v1/plugins/${of(A)['plugin']}/actions/any/run`],
        ['POST', `/api/v1/plugins/${of(B)['plugin']}/actions/any/run`],
        ['POST', `/api/v1/connectors/${of(A)['connector']}/call`],
        ['POST', `/api/v1/connectors/${of(A)['connector']}/check`],
        ['GET', '/api/v1/connections'],
      ]
      for (const [method, path] of routes) {
        const { status } = await both.send(A, method, path, theirs, method === 'POST' ? { input: {} } : undefined)
        assert.ok(status === 401 || (path === '/oauth/token' && status === 400), `${path}: ${status}`)
      }
      const own = { authorization: `Bearer ${of(A)['bearer']}`, 'behalf-subject': 'nobody@same.example' }
      assert.equal(
        (await both.send(A, 'GET', `/gateway/${of(B)['connector']}/me`, own)).body['code'],
        'connector_not_found',
      )
      assert.equal(
        (await both.send(A, 'POST', `/api/v1/plugins/${of(B)['plugin']}/actions/any/run`, own, { input: {} })).body[
          'code'
        ],
        'plugin_not_found',
      )
      assert.equal(provider.seen.length, before, 'no request at the provider')
    }),
  )

  it(
    'D-04 takes a callback at the host of the organization that began it, with its session, and nowhere else',
    counted(async () => {
      const mine = both.person(A, 'nobody')
      const page = `/connectors/${A}-crm/connect`
      const csrf = String(mine.headers['behalf-csrf'])
      const form = { ...mine.headers, 'content-type': 'application/x-www-form-urlencoded' }
      const begun = await both.send(A, 'POST', page, form, `csrf=${csrf}`)
      const state = /state=([\w-]+)/.exec(begun.text)?.[1] ?? assert.fail(begun.text)
      const browser = String(([] as string[]).concat(begun.headers['set-cookie'] ?? []).at(0)).split(';')[0] ?? ''
      const cookieOf = (headers: Record<string, string>) => ({ cookie: `${headers['cookie']}; ${browser}` })
      const tokens = () => provider.seen.filter(({ url }) => url === '/t').length
      for (const [org, headers] of [
        [B, both.person(B, 'nobody').headers],
        [B, mine.headers],
        [A, both.person(B, 'nobody').headers],
        [A, both.person(A, 'developer').headers],
      ] as const)
        for (const path of [`/auth/oauthCallback/${A}-crm`, `/auth/oauthCallback/${B}-crm`, '/auth/oauthCallback']) {
          const answer = await both.send(org, 'GET', `${path}?state=${state}&code=canary-code`, cookieOf(headers))
          assert.ok(
            answer.status >= 400 || /\/auth\/login/.test(answer.headers['location'] ?? ''),
            `${org} ${path}: ${answer.status}`,
          )
          assert.equal(tokens(), 0, `${org} ${path}`)
        }
      await both.send(A, 'GET', `/auth/oauthCallback/${A}-crm?state=${state}&code=canary-code`, cookieOf(mine.headers))
      assert.equal(tokens(), 1, 'where it belongs, it still counts')
    }),
  )

  it('D-06 refuses fields that are nobody’s to write, on every write', async test => {
    const everywhere = [
      'id',
      'role',
      'orgId',
      'org_id',
      'ownerId',
      'author',
      'createdAt',
      'created_at',
      'verified',
      'isAdmin',
      'is_admin',
      'tokens',
      'secret',
      'hash',
    ]
    let inputs = 0
    for (const [operation, route] of operations) {
      if (route.body === undefined) continue
      const ids = idsFor(operation, route, of(A))
      // A webhook's status is its owner's to write: active or paused.
      const fields = /Webhook/.test(operation) ? everywhere : [...everywhere, 'status']
      const body = Object.fromEntries(fields.map(field => [field, 'x']))
      const headers = route.own && !/run|Connection/.test(operation) ? both.person(A, 'nobody').headers : both.key(A)
      const patched = await both.send(
        A,
        route.method.toUpperCase(),
        pathOf(route, ids),
        { ...headers, ...(route.versioned ? { 'if-match': `"${await versionOf(route, ids)}"` } : {}) },
        body,
      )
      if (patched.body['code'] === 'forbidden') continue
      assert.equal(patched.body['code'], 'invalid_request', `${operation}: ${patched.text}`)
      const pointers = ((patched.body['errors'] ?? []) as { pointer: string; reason: string }[])
        .filter(({ reason }) => reason === 'unknown field')
        .map(({ pointer }) => pointer)
      for (const field of fields) assert.ok(pointers.includes(`/${field}`), `${operation} ${field}: ${pointers}`)
      inputs += fields.length
    }
    assert.ok(inputs > 150, `${inputs} inputs`)
    test.diagnostic(`${inputs} inputs`)
    assert.ok(!(await admin(A, 'GET', `/plugins/${A}-plugin`)).text.includes('isAdmin'))

    async function versionOf(route: Route, ids: Record<string, string> | undefined): Promise<unknown> {
      return (await both.send(A, 'GET', pathOf(route, ids), both.key(A))).body['version']
    }
  })

  it(
    'D-07 refuses what a role does not hold, and writes each refusal down',
    counted(async () => {
      const refused = [
        'createConnector',
        'listAuditEvents',
        'createApiKey',
        'putRoles',
        'createWebhook',
        'listCallLogs',
      ] as const
      for (const role of ['nobody', 'auditor'] as const) {
        const { subject, headers } = both.person(A, role)
        for (const operation of refused) {
          const route: Route = ROUTES[operation]
          const mayRead = role === 'auditor' && operation === 'listAuditEvents'
          const { status } = await ask(A, route, idsFor(operation, route, of(A)), headers)
          assert.equal(status, mayRead ? 200 : role === 'nobody' ? 404 : 403, `${role} ${operation}`)
        }
        const { body } = await admin(A, 'GET', '/audit-events?action=access.refused&limit=200')
        const its = (body.items ?? []).filter(event => event['principal'] === subject).map(event => event['target'])
        for (const operation of refused)
          assert.equal(
            its.includes(operation),
            !(role === 'auditor' && operation === 'listAuditEvents'),
            `${role} ${operation}`,
          )
      }
    }),
  )

  it(
    'D-11 keeps people of one e-mail, keys of one label and plugins of one name apart',
    counted(async () => {
      for (const org of [A, B]) {
        const { body } = await admin(org, 'GET', '/people?limit=200')
        const found = (body.items ?? []).filter(({ email }) => email === 'nobody@same.example').map(({ id }) => id)
        assert.deepEqual(found, [both.person(org, 'nobody').subject])
        const label = { label: 'the same', roles: ['auditor'] }
        assert.equal((await admin(org, 'POST', '/api-keys', label)).status, 201)
        assert.equal((await admin(org, 'POST', '/plugins', { name: 'twin', display_name: `of ${org}` })).status, 201)
        assert.equal((await admin(org, 'GET', '/plugins/twin')).body['display_name'], `of ${org}`)
        const call = { authorization: `Bearer ${of(org)['bearer']}`, 'behalf-subject': 'nobody@same.example' }
        const link = String((await both.send(org, 'GET', `/gateway/${org}-crm/me`, call)).body['connect_url'])
        assert.ok(link.startsWith(`http://${org}.localhost:${both.port}/connect/`), link)
      }
    }),
  )

  it(
    'D-13 speaks for those alone whom an admin let the plugin speak for',
    counted(async () => {
      const { body } = await admin(A, 'GET', `/plugins/${A}-plugin`)
      const trust = async (trusted: unknown, version: unknown) =>
        (await admin(A, 'PATCH', `/plugins/${A}-plugin`, { trusted }, { 'if-match': `"${version}"` })).body['version']
      const only = both.person(A, 'nobody').subject
      const code = async (subject: string) => {
        const headers = { authorization: `Bearer ${of(A)['bearer']}`, 'behalf-subject': subject }
        return (await both.send(A, 'GET', `/gateway/${A}-crm/me`, headers)).body['code']
      }
      const version = await trust({ subjects: [only] }, body['version'])
      assert.equal(await code(only), 'connection_required')
      for (const other of [
        both.person(A, 'admin').subject,
        'admin@same.example',
        both.person(B, 'nobody').subject,
        '*',
        'everyone',
        "' OR 1=1 --",
        '',
      ])
        assert.ok(['subject_not_allowed', 'invalid_request'].includes(String(await code(other))), other)
      await trust('nobody', version)
      assert.equal(await code(only), 'subject_not_allowed')
      const developer = both.person(A, 'developer').headers
      const raised = await both.send(A, 'POST', '/api/v1/plugins', developer, {
        name: 'raised',
        trusted: 'launch_audience',
      })
      assert.equal(raised.body['code'], 'forbidden')
    }),
  )

  it('D-15 takes injected SQL, in any parameter, path or body, for text that fits nothing', async test => {
    const payloads = [
      "'",
      "' OR '1'='1",
      '" OR ""="',
      "'; DROP TABLE people; --",
      "1' AND (SELECT 1 FROM pg_sleep(0))--",
      "x' UNION SELECT sso_client_secret FROM organizations--",
      "%' OR 1=1 --",
      '\\',
      '{"$gt":""}',
      '1;SELECT load_extension(1)',
      "json_extract('$.a')",
    ]
    let inputs = 0
    const sound = ({ status, text }: Answered, what: string) => {
      inputs += 1
      assert.ok(status < 500, `${what}: ${status}`)
      // An answer may repeat what was asked for, a refusal may not.
      if (status >= 400) assert.doesNotMatch(text, /sqlite|syntax error|pg_|relation |kysely|SELECT |near "/i, what)
    }
    for (const [operation, route] of operations) {
      const ids = idsFor(operation, route, of(A))
      for (const name of route.method === 'get' ? Object.keys(route.query?.shape ?? {}) : [])
        for (const payload of payloads) {
          const answer = await both.send(
            A,
            'GET',
            `${pathOf(route, ids)}?${name}=${encodeURIComponent(payload)}`,
            both.key(A),
          )
          sound(answer, `${operation} ${name}=${payload}`)
          if (answer.status === 200 && (name === 'q' || name === 'action'))
            assert.ok((answer.body.items ?? []).length === 0, `${operation} ${name}=${payload}`)
        }
      for (const param of Object.keys(route.params?.shape ?? {}))
        sound(
          await both.send(
            A,
            route.method.toUpperCase(),
            pathOf(route, { ...ids, [param]: encodeURIComponent(payloads[1] ?? '') }),
            both.key(A),
            route.body === undefined ? undefined : {},
          ),
          `${operation} {${param}}`,
        )
    }
    for (const payload of payloads) {
      sound(await admin(A, 'POST', '/api-keys', { label: payload, roles: ['auditor'] }), 'label')
      sound(
        await both.send(A, 'GET', `/connections?q=${encodeURIComponent(payload)}`, both.person(A, 'nobody').headers),
        'page',
      )
    }
    const { body } = await admin(A, 'GET', '/api-keys?limit=200')
    const labels = (body.items ?? []).map(({ label }) => label)
    for (const payload of payloads) assert.ok(labels.includes(payload), `${payload} is a label like any other`)
    assert.ok(inputs > 300, `${inputs} inputs`)
    test.diagnostic(`${inputs} inputs`)
  })
})
