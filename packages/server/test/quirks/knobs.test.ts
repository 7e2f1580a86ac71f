import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { connectorDefinition } from '@behalf/contract'
import { createFreshToken } from '../../src/flows/token/fresh-token.ts'
import type { ProviderClient } from '../../src/ports/provider-client.ts'
import { eventually } from '../support/eventually.ts'
import { flowRig } from '../support/flow-rig.ts'
import { type Quirk, type QuirkBroker, startQuirkBroker } from '../support/quirk-broker.ts'

const HOUR_MS = 3_600_000
const plain = { access_token: 'at', refresh_token: 'rt', expires_in: 3600 }
const QUIRKS: readonly Quirk[] = [
  {
    name: 'wrapped',
    behaviour: {
      endpoints: {
        'POST /token': [
          { body: { code: 0, data: { access_token: 'at-1', refresh_token: 'rt-1', expires_in: 60, scope: 'read' } } },
          { body: { code: 40, message: 'later', data: { access_token: 'never' } } },
          { body: { code: 0, data: { access_token: 'at-2', refresh_token: 'rt-2', expires_in: 60 } } },
        ],
      },
    },
    definition: () => ({
      auth: {
        token_response: {
          data: '/data',
          success: [{ pointer: '/code', equals: [0] }],
          error: '/code',
          error_classes: { '40': 'unavailable' },
        },
      },
    }),
  },
  {
    name: 'raw',
    behaviour: { endpoints: { 'POST /token': { body: plain } } },
    definition: () => ({
      auth: {
        authorization_request: { raw: ['audience'] },
        authorization_params: [
          { name: 'audience', value: 'https://a.example/x,y&z#1 %' },
          { name: 'other', value: 'https://a.example/' },
        ],
      },
    }),
  },
  {
    name: 'resources',
    asked: { region: 'eu west' },
    behaviour: { endpoints: { 'POST /token': { body: { ...plain, expires_in: 60 } } } },
    definition: () => ({
      variables: { region: { source: 'person' } },
      auth: { resource: ['{base_origin}/', 'urn:api:{region}'] },
    }),
  },
  {
    name: 'viewer',
    asked: { shop: 'a"b\\c' },
    behaviour: {
      endpoints: {
        'POST /token': { body: plain },
        'POST /graphql': { body: { data: { viewer: { id: 7, name: 'Una', company: { name: 'Acme' } } } } },
      },
    },
    definition: origin => ({
      variables: { shop: { source: 'person' } },
      account: {
        from: 'request',
        request: {
          url: `${origin}/graphql`,
          method: 'POST',
          body: '{"query":"{ viewer { id name } }","shop":"{shop}","client":"{client_id}"}',
        },
        id: '/data/viewer/id',
        label: ['/data/viewer/name'],
        organization: '/data/viewer/company/name',
      },
    }),
  },
  {
    name: 'stubborn',
    behaviour: { endpoints: { 'POST /token': { body: plain }, 'POST /revoke': { status: 503 } } },
    definition: origin => ({
      auth: {
        revocation: {
          steps: [{ token: 'refresh_token', url: `${origin}/revoke`, retry: { attempts: 2, first_delay_s: 60 } }],
        },
      },
    }),
  },
  {
    name: 'hasty',
    behaviour: { endpoints: { 'POST /token': { body: plain }, 'POST /revoke': { status: 503 } } },
    definition: origin => ({
      auth: {
        revocation: {
          steps: [{ token: 'refresh_token', url: `${origin}/revoke`, retry: { for_s: 600, first_delay_s: 60 } }],
        },
      },
    }),
  },
  {
    name: 'impatient',
    behaviour: {
      endpoints: {
        'POST /token': { body: plain },
        'GET /api/silent': { stalls: 'before_head' },
        'GET /api/stuck': { body: 'a beginning', stalls: 'after_body' },
      },
    },
    definition: () => ({ gateway: { limits: { head_s: 1, idle_s: 1 } } }),
  },
  {
    name: 'spent',
    behaviour: {
      endpoints: { 'POST /token': [{ body: plain }, { body: { access_token: 'at-2', expires_in: 3600 } }] },
    },
    definition: () => ({ auth: { refresh: { rotation: 'rotates' } } }),
  },
  {
    name: 'staged',
    behaviour: {
      endpoints: {
        'POST /live/token': { body: plain },
        'POST /sandbox/token': { body: { access_token: 'sandboxed' } },
      },
    },
    definition: origin => ({
      base_url: `${origin}/api/{stage}`,
      variables: { stage: { value: 'live' } },
      environments: { sandbox: { stage: 'sandbox' } },
      auth: { token_url: `${origin}/{stage}/token` },
    }),
  },
  {
    name: 'bounded',
    behaviour: {
      endpoints: { 'POST /token': { body: plain }, 'GET /api/long': { body: 'x'.repeat(5_000) }, 'POST /api/me': {} },
    },
    definition: () => ({ gateway: { limits: { request_bytes: 100, response_bytes: 1_000 } } }),
  },
  {
    name: 'throttled',
    behaviour: {
      endpoints: {
        'POST /token': { body: plain },
        'GET /api/busy': { body: { ok: false, error: 'throttled', wait: { ms: 4_200 } } },
        'GET /api/calm': { body: { ok: true } },
        'GET /api/long': { body: { ok: false, error: 'throttled', rows: 'x'.repeat(40_000) } },
      },
    },
    definition: () => ({
      gateway: {
        rate_limit: {
          body: {
            when: [{ status: [200], pointer: '/error', equals: ['throttled'] }],
            retry_after: '/wait/ms',
            unit: 'milliseconds',
          },
        },
      },
    }),
  },
  {
    name: 'stepwise',
    behaviour: { endpoints: { 'POST /token': { body: { ...plain, scope: 'read' } } } },
    definition: () => ({ auth: { optional_scope: ['extra'], step_up_scope: ['admin'], refresh_scope: ['offline'] } }),
  },
  {
    name: 'again',
    behaviour: {
      endpoints: { 'POST /token': { body: plain }, 'POST /api/odd': { status: 401 }, 'GET /api/odd': { status: 401 } },
    },
    definition: () => ({ gateway: { retryable_methods: ['POST'] } }),
  },
  ...(['reauthorize', 'none'] as const).map(
    (strategy): Quirk => ({
      name: strategy,
      behaviour: { endpoints: { 'POST /token': { body: plain } } },
      definition: () => ({ auth: { refresh: { strategy } } }),
    }),
  ),
  {
    name: 'details',
    asked: { region: 'eu' },
    behaviour: {
      endpoints: {
        'POST /token': [
          { body: { ...plain, expires_in: 60 } },
          { status: 401, body: { error: 'invalid_client' } },
          { body: plain },
        ],
      },
    },
    definition: () => ({
      schema_version: 1,
      documentation_url: 'https://docs.example.com/api',
      variables: { region: { source: 'person', enum: ['eu', 'us'] } },
      auth: {
        client_authentication: 'client_secret_post',
        secrets: { previous_client_secret: 'old-secret' },
        pkce_verifier_length: 128,
        scope_descriptions: { read: 'Look at your contacts' },
        refresh_request: { send_scope: true },
      },
    }),
  },
  {
    name: 'private',
    behaviour: {
      endpoints: {
        'POST /token': { body: plain },
        'GET /api/me': { headers: { 'x-badge': 'badge-4711' }, body: { plate: 'B-XY 1', colour: 'crimson' } },
      },
    },
    definition: () => ({ gateway: { redact: ['Plate', 'x-badge', 'vin'] } }),
  },
]

describe('what a definition can say, and an odd provider receives', () => {
  let quirks: QuirkBroker
  before(async () => {
    quirks = await startQuirkBroker(QUIRKS)
  })
  after(() => quirks[Symbol.asyncDispose]())
  const connected = async (name: string) => assert.match(await quirks.connect(name), /^\/connections\/result\/\S+ 200/)
  const tokenRequests = (name: string) =>
    quirks.provider.seen(name, 'POST /token').map(({ body }) => new URLSearchParams(body))

  it('reads tokens where they are wrapped, and errors from the whole answer', async () => {
    await connected('wrapped')
    assert.equal((await quirks.call('wrapped')).status, 200)
    quirks.broker.advance(HOUR_MS)
    assert.equal((await quirks.call('wrapped')).status, 503, 'code 40 is an error, whatever else the answer holds')
    quirks.broker.advance(HOUR_MS)
    assert.equal((await quirks.call('wrapped')).status, 200)
    assert.deepEqual(
      quirks.provider.seen('wrapped', 'GET /api/me').map(({ headers }) => headers.authorization),
      ['Bearer at-1', 'Bearer at-2'],
    )
    assert.deepEqual(
      tokenRequests('wrapped').map(body => body.get('refresh_token')),
      [null, 'rt-1', 'rt-1'],
    )
  })

  it('leaves the parameters it names raw, but for what would end them', async () => {
    await connected('raw')
    const [{ url } = assert.fail()] = quirks.provider.seen('raw', 'GET /auth')
    assert.match(url, /[?&]audience=https:\/\/a\.example\/x,y%26z%231%20%25(&|$)/)
    assert.match(url, /[?&]other=https%3A%2F%2Fa\.example%2F(&|$)/)
  })

  it('names resources by variables and by the origin of the API, at every step', async () => {
    await connected('resources')
    quirks.broker.advance(HOUR_MS)
    assert.equal((await quirks.call('resources')).status, 200)
    const wanted = [`http://${quirks.provider.host}/`, 'urn:api:eu west']
    const [{ query } = assert.fail()] = quirks.provider.seen('resources', 'GET /auth')
    assert.deepEqual(query.getAll('resource'), wanted)
    const bodies = tokenRequests('resources')
    assert.deepEqual(
      bodies.map(body => body.get('grant_type')),
      ['authorization_code', 'refresh_token'],
    )
    for (const body of bodies) assert.deepEqual(body.getAll('resource'), wanted)
  })

  it('fills the body of an account request as JSON, and tells the company behind the account', async () => {
    await connected('viewer')
    const [{ body } = assert.fail()] = quirks.provider.seen('viewer', 'POST /graphql')
    assert.deepEqual(JSON.parse(body), { query: '{ viewer { id name } }', shop: 'a"b\\c', client: 'cid' })
    assert.equal((await quirks.connection('viewer'))['account_label'], 'Una (Acme)')
  })

  it('repeats a failed revocation as often, and for as long, as its step says', async () => {
    const names = ['stubborn', 'hasty']
    for (const name of names) await connected(name)
    await Promise.all(names.map(quirks.disconnect))
    const tries = async () => names.map(name => quirks.provider.seen(name, 'POST /revoke').length)
    const both = async () => Promise.all(names.map(async name => (await quirks.connection(name))['status']))
    assert.deepEqual(await tries(), [1, 1])
    quirks.broker.advance(70_000)
    await eventually(tries, ([often, long]) => often === 2 && long === 2)
    await eventually(both, ([often, long]) => often === 'disconnected_unconfirmed' && long === 'disconnecting')
    quirks.broker.advance(530_000)
    await eventually(both, ([, long]) => long === 'disconnected_unconfirmed')
    assert.deepEqual(await tries(), [2, 3], 'once more at the end, and then the token is gone')
  })

  it('waits for the beginning of an answer, and between its pieces, as long as a connector says', async () => {
    await connected('impatient')
    const [silent, stuck] = await Promise.all([quirks.call('impatient', 'silent'), quirks.call('impatient', 'stuck')])
    assert.deepEqual([silent.status, ((await silent.json()) as { code: string }).code], [504, 'provider_timeout'])
    assert.equal(stuck.status, 200)
    await assert.rejects(stuck.text(), 'what was cut does not look whole')
  })

  it('asks for optional scopes and misses none, and for step-up scopes only where a link names them', async () => {
    const { broker, browser, provider } = quirks
    const me = (await (await browser.visit(`${broker.url}/api/v1/me`)).json()) as { subject: string }
    const asked = () => provider.seen('stepwise', 'GET /auth').at(-1)?.query.get('scope')
    await connected('stepwise')
    assert.equal(asked(), 'read extra offline')
    const made = await broker.api('/connect-links', {
      method: 'POST',
      body: { subject: me.subject, connector: 'stepwise', scope: ['admin'] },
    })
    const url = String(made.body['url'])
    const csrf = /name="csrf" value="([0-9a-f]+)"/.exec(await (await browser.visit(url)).text())?.[1] ?? assert.fail()
    const done = await browser.visit(await browser.follow(url, /\/auth\/oauthCallback\//, { csrf }))
    assert.equal(asked(), 'read extra offline admin')
    const result = await (await browser.visit(broker.url + (done.headers.get('location') ?? ''))).text()
    assert.match(result, /admin/, 'what was asked for by name is missed')
    assert.doesNotMatch(result, /extra|offline/)
  })

  it('sends again what a connector calls retryable, after one renewal, and nothing else', async () => {
    await connected('again')
    assert.equal((await quirks.call('again', 'odd')).status, 401)
    assert.equal(quirks.provider.seen('again', 'GET /api/odd').length, 1)
    assert.equal((await quirks.call('again', 'odd', { method: 'POST' })).status, 401)
    assert.equal(quirks.provider.seen('again', 'POST /api/odd').length, 2)
    assert.equal(tokenRequests('again').length, 2)
  })

  it('renews nothing where people must be asked again, and says so once the token has ended', async () => {
    for (const name of ['reauthorize', 'none']) {
      await connected(name)
      assert.equal((await quirks.call(name)).status, 200)
    }
    quirks.broker.advance(HOUR_MS)
    for (const name of ['reauthorize', 'none']) {
      const answer = await quirks.call(name)
      assert.deepEqual([answer.status, ((await answer.json()) as { code: string }).code], [409, 'reconnect_required'])
      assert.equal(tokenRequests(name).length, 1)
    }
  })

  it('says scopes in words, takes one of the choices, and tries the former secret at a refresh', async () => {
    const { broker, browser } = quirks
    const url = `${broker.url}/connectors/details/connect`
    const page = await (await browser.visit(url)).text()
    assert.match(page, /Look at your contacts/)
    const csrf = /name="csrf" value="([0-9a-f]+)"/.exec(page)?.[1] ?? assert.fail()
    assert.equal((await browser.visit(url, { csrf, 'variable.region': 'cn' })).status, 400)
    await connected('details')
    quirks.broker.advance(HOUR_MS)
    assert.equal((await quirks.call('details')).status, 200)
    const [exchange, refused, refreshed] = tokenRequests('details')
    assert.equal(exchange?.get('code_verifier')?.length, 128)
    assert.deepEqual(
      [exchange, refused, refreshed].map(body => body?.get('client_secret')),
      ['csecret', 'csecret', 'old-secret'],
    )
    assert.deepEqual([exchange?.has('scope'), refreshed?.get('scope')], [false, 'read'])
    const { body } = await broker.api('/connectors/details')
    assert.deepEqual([body['documentation_url'], body['schema_version']], ['https://docs.example.com/api', 1])
  })

  it('gives the token endpoint no longer than a connector says', async () => {
    await using rig = await flowRig('SQLite', { auth: { refresh: { timeout_s: 7 } } })
    const given: number[] = []
    const provider: ProviderClient = {
      ...rig.provider,
      refresh(client, old, options) {
        given.push(options.deadlineMs)
        return rig.provider.refresh(client, old, options)
      },
    }
    await createFreshToken({ ...rig.ports, provider })(rig.context, rig.connection.id)
    assert.equal(given.length, 1)
    assert.ok((given[0] ?? 0) <= 7_000)
  })

  it('never sends a spent refresh token again where a refresh rotates and none came back', async () => {
    await connected('spent')
    quirks.broker.advance(HOUR_MS)
    assert.equal((await quirks.call('spent')).status, 200)
    quirks.broker.advance(HOUR_MS)
    const answer = await quirks.call('spent')
    assert.equal(answer.status, 409)
    assert.equal(((await answer.json()) as { code: string }).code, 'reconnect_required')
    assert.equal(tokenRequests('spent').length, 2)
  })

  it('takes every host and path of the chosen environment, and asks for consent anew after a change', async () => {
    await connected('staged')
    assert.equal((await quirks.call('staged')).status, 200)
    const { body: before } = await quirks.broker.api('/connectors/staged')
    const changed = await quirks.broker.api('/connectors/staged', {
      method: 'PATCH',
      headers: { 'if-match': `"${before['version']}"` },
      body: { environment: 'sandbox' },
    })
    assert.equal(changed.status, 200, JSON.stringify(changed.body))
    assert.equal((await quirks.call('staged')).status, 409, 'a live token goes to no sandbox')
    await connected('staged')
    assert.equal((await quirks.call('staged')).status, 200)
    const [{ headers } = assert.fail()] = quirks.provider.seen('staged', 'GET /api/sandbox/me')
    assert.equal(headers.authorization, 'Bearer sandboxed')
    assert.equal(quirks.provider.seen('staged', 'GET /api/live/me').length, 1)
  })

  it('holds calls and answers to the sizes a connector allows', async () => {
    await connected('bounded')
    const fits = await quirks.call('bounded', 'me', { method: 'POST', body: 'x'.repeat(100) })
    assert.equal(fits.status, 200)
    const declared = await quirks.call('bounded', 'me', { method: 'POST', body: 'x'.repeat(101) })
    assert.equal(declared.status, 413)
    const stream = new ReadableStream({
      start(controller) {
        controller.enqueue(new Uint8Array(60))
        controller.enqueue(new Uint8Array(60))
        controller.close()
      },
    })
    const silent = { method: 'POST', body: stream, duplex: 'half' } as RequestInit
    assert.equal((await quirks.call('bounded', 'me', silent)).status, 413)
    await assert.rejects(async () => (await quirks.call('bounded', 'long')).text(), 'the answer is cut')
    assert.equal(quirks.provider.seen('bounded', 'POST /api/me').length, 1)
  })

  it('reads a rate limit out of the body, and passes the body on as it was', async () => {
    await connected('throttled')
    const busy = await quirks.call('throttled', 'busy')
    assert.equal(busy.headers.get('retry-after'), '5')
    assert.equal(busy.headers.get('behalf-rate-limit'), 'reset=5')
    assert.deepEqual(await busy.json(), { ok: false, error: 'throttled', wait: { ms: 4_200 } })
    const calm = await quirks.call('throttled', 'calm')
    assert.equal(calm.headers.get('retry-after'), null)
    assert.deepEqual(await calm.json(), { ok: true })
    const long = await quirks.call('throttled', 'long')
    assert.equal(long.headers.get('retry-after'), null, 'too long to be held')
    assert.equal((await long.text()).length, 40_042)
  })

  it('writes down nothing that a connector wants in no log, under the loosest policy that a launch can have', async () => {
    await connected('private')
    const { broker } = quirks
    const person = broker.people[0] ?? assert.fail()
    const plugin = { name: 'loose', connectors: [{ connector: 'private' }], trusted: 'launch_audience' }
    await broker.api('/plugins', { method: 'POST', body: plugin })
    await broker.api('/plugins/loose/versions', { method: 'POST' })
    const launched = await broker.api('/plugins/loose/launches', {
      method: 'POST',
      body: { launch_audience: { kind: 'people', people: [person.email] }, redaction: 'standard', reason: 'a test' },
    })
    assert.equal(launched.status, 201, JSON.stringify(launched.body))
    const { body: made } = await broker.api('/plugins/loose/keys', { method: 'POST', body: { label: 'test' } })
    const headers = { authorization: `Bearer ${made['key']}` }
    assert.equal((await quirks.call('private', 'me?vin=WVW1234', { headers })).status, 200)
    const form = new URLSearchParams({ plate: 'M-AB 22', colour: 'emerald' })
    assert.equal((await quirks.call('private', 'cars', { method: 'POST', headers, body: form })).status, 200)
    const entries = async () => (await broker.api('/call-logs?plugin=loose')).body.items ?? []
    const text = JSON.stringify(await eventually(entries, ({ length }) => length === 2))
    assert.match(text, /c\*{5}n/, 'other values are masked')
    for (const value of ['B-XY', 'badge-4711', 'B*****1', 'b*****1', 'WVW', 'W*****4', 'M-AB', 'M*****2'])
      assert.ok(!text.includes(value), `${value} in ${text}`)
  })

  it('refuses what cannot be: an unknown environment, a set that names no variable of the organization, a resource twice', () => {
    const faults = (more: { auth?: object } & Record<string, unknown>) => {
      const { auth, ...rest } = more
      const ends = { authorization_url: 'https://a.example/a', token_url: 'https://a.example/t' }
      const whole = {
        name: 'odd',
        base_url: 'https://a.example',
        ...rest,
        auth: { ...ends, client_id: 'c', scope: [], ...auth },
      }
      return connectorDefinition.safeParse(whole).error?.issues.map(({ path }) => path.join('/'))
    }
    assert.deepEqual(faults({ environment: 'sandbox' }), ['environment'])
    assert.deepEqual(faults({ environments: { sandbox: { stage: 'x' } } }), ['environments/sandbox/stage'])
    assert.deepEqual(faults({ auth: { resource: ['https://a.example', 'https://a.example'] } }), ['auth/resource'])
    assert.deepEqual(faults({ auth: { resource: ['https://a.example/#x'] } }), ['auth/resource/0'])
    assert.deepEqual(faults({ auth: { resource: ['{nothing}'] } }), ['auth/resource/0'])
  })
})
