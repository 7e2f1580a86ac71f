import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { connect, createBrowser } from '../support/browser.ts'
import { eventually } from '../support/eventually.ts'
import { type Answer, startTestBroker, type TestBroker } from '../support/test-broker.ts'

const text = { type: 'string', maxLength: 100 }
const object = (properties: Record<string, unknown>, required: readonly string[] = []) => ({
  type: 'object',
  properties,
  required,
  additionalProperties: false,
})
const action = (name: string, change: Record<string, unknown>) => ({
  name,
  description: 'for a test',
  connector: 'orbit',
  method: 'POST',
  path: '/echo',
  ...change,
})
const CONTACTS = {
  type: 'array',
  items: object({ id: { type: 'integer' }, name: text, company: text }, ['id', 'name']),
}
const ACTIONS = [
  action('list-contacts', { method: 'GET', path: '/contacts', read_only: true, output: CONTACTS }),
  action('find', {
    method: 'GET',
    path: '/contacts/{id}/x',
    input: object({ id: text }, ['id']),
  }),
  action('echo', {
    query: { q: '{q}', fixed: 'a b&c', many: '{many}', left: '{left}' },
    headers: { 'X-Trace': 'run-{trace}' },
    body: { text: 'Dear {q}, {{sic}}', count: '{count}', left: '{left}', list: ['{count}'] },
    input: object(
      { q: text, count: { type: 'integer' }, many: { type: 'array', items: text }, left: text, trace: text },
      ['q'],
    ),
  }),
  action('wrong', { method: 'GET', path: '/me', output: object({ nothing: text }, ['nothing']) }),
]

describe('a run of an action', () => {
  let broker: TestBroker
  const una = () => broker.people[0] ?? assert.fail()
  const run = async (name: string, input: unknown = {}, headers: Record<string, string> = {}): Promise<Answer> =>
    broker.api(`/plugins/assistant/actions/${name}/run`, {
      method: 'POST',
      body: { input },
      headers: { authorization: `Bearer ${broker.pluginKey}`, 'behalf-subject': una().email, ...headers },
    })
  const edit = async (body: Record<string, unknown>) => {
    const { version } = (await broker.api('/plugins/assistant')).body
    return broker.api('/plugins/assistant', { method: 'PATCH', body, headers: { 'if-match': `"${version}"` } })
  }
  const goLive = async (body: Record<string, unknown>) => {
    assert.equal((await edit(body)).status, 200)
    await broker.api('/plugins/assistant/versions', { method: 'POST' })
    const launch = { launch_audience: { kind: 'everyone' }, reason: 'a test', replace: true }
    assert.equal((await broker.api('/plugins/assistant/launches', { method: 'POST', body: launch })).status, 201)
  }
  before(async () => {
    broker = await startTestBroker()
    await connect(broker, una())
    await goLive({ actions: ACTIONS })
  })
  after(() => broker[Symbol.asyncDispose]())

  it('answers what the provider said, judged by the schema, under a run id that the call log has too', async () => {
    const { status, body } = await run('list-contacts')
    assert.equal(status, 200, JSON.stringify(body))
    assert.equal(body['status'], 200)
    assert.deepEqual((body['output'] as unknown[]).length, 2)
    assert.match(String(body['run_id']), /^run_/)
    const found = await broker.api(`/call-logs?run=${body['run_id']}`)
    assert.deepEqual(
      found.body.items?.map(entry => [entry['action'], entry['path_template'], entry['redaction']]),
      [['list-contacts', '/contacts', 'strict']],
    )
  })

  it('fills path, query, headers and body from typed input, each encoded for its place', async () => {
    const { body } = await run('echo', { q: 'ä/?&"\\', count: 3, many: ['1', '2&'], trace: 't' })
    const seen = body['output'] as { url: string; headers: Record<string, string>; body: string }
    assert.equal(seen.headers['x-trace'], 'run-t')
    const url = new URL(seen.url, 'http://x')
    assert.deepEqual(
      [...url.searchParams],
      [
        ['q', 'ä/?&"\\'],
        ['fixed', 'a b&c'],
        ['many', '1'],
        ['many', '2&'],
      ],
    )
    assert.deepEqual(JSON.parse(seen.body), { text: 'Dear ä/?&"\\, {sic}', count: 3, list: [3] })
  })

  it('lets no input out of its place', async () => {
    for (const id of ['..', '.', '../x', 'a/b', 'a\\b', '', 'a\u0000', '%2e%2e', 'a\ud800']) {
      const { status, body } = await run('find', { id })
      assert.ok(status === 400 || body['code'] === 'target_not_allowed', `${JSON.stringify(id)}: ${status}`)
    }
    const header = await run('echo', { q: 'a', trace: 'a\r\nX-Evil: 1' })
    assert.deepEqual([header.status, header.body['code']], [400, 'invalid_request'])
    assert.equal((await run('find', { id: '7' })).body['status'], 404, 'a segment is filled')
  })

  it('refuses input that does not fit with a pointer to each fault, and never with what it holds', async () => {
    const { status, body } = await run('echo', { q: 4711, stray: 'secret-value', count: 'x' })
    assert.equal(status, 400)
    const pointers = (body['errors'] as { pointer: string }[]).map(({ pointer }) => pointer).sort()
    assert.deepEqual(pointers, ['/input/count', '/input/q', '/input/stray'])
    assert.doesNotMatch(JSON.stringify(body), /4711|secret-value/)
    assert.deepEqual((await run('find')).body['errors'], [{ pointer: '/input/id', reason: 'required' }])
    assert.equal((await run('no-such')).body['code'], 'action_not_found')
    assert.equal((await run('wrong')).body['code'], 'provider_invalid_response')
  })

  it('is for plugin keys and for people themselves, and an API key runs nothing', async () => {
    const byApiKey = await run('list-contacts', {}, { authorization: `Bearer ${broker.apiKey}` })
    assert.equal(byApiKey.body['code'], 'forbidden')
    const browser = createBrowser()
    await browser.signIn(broker.url, una())
    const csrf = /name="csrf" value="([0-9a-f]+)"/.exec(
      await (await browser.visit(`${broker.url}/connections`)).text(),
    )?.[1]
    const cookie = [...browser.cookies(broker.url)].map(([name, value]) => `${name}=${value}`).join('; ')
    const answer = await fetch(`${broker.url}/api/v1/plugins/assistant/actions/list-contacts/run`, {
      method: 'POST',
      body: '{}',
      headers: { 'content-type': 'application/json', origin: broker.url, cookie, 'behalf-csrf': csrf ?? '' },
    })
    assert.equal(answer.status, 200, await answer.clone().text())
  })

  it('refuses a manifest whose actions reach beyond it or cannot be filled', async () => {
    const wrong = [
      [action('aa', { connector: 'crm' }), '/connector'],
      [action('aa', { path: '/x/{id}' }), '/path'],
      [action('aa', { path: '/x/{id}', input: object({ id: text }) }), '/path'],
      [action('aa', { path: '/x/{id}', input: object({ id: { type: 'object' } }, ['id']) }), '/path'],
      [action('aa', { path: '/../x' }), '/path'],
      [action('aa', { query: { a: '{' } }), '/query/a'],
      [action('aa', { body: { a: { b: '{nothing}' } } }), '/body/a/b'],
      [action('aa', { input: { type: 'string' } }), '/input/type'],
      [action('aa', { headers: { Authorization: 'x' } }), '/headers/Authorization'],
      [action('aa', { input: { type: 'object', properties: { a: { pattern: '(a+)+$' } } } }), '/input/properties/a'],
      [action('aa', { output: { $ref: 'https://evil.example/schema.json' } }), '/output'],
    ] as const
    for (const [one, pointer] of wrong) {
      const { status, body } = await edit({ actions: [one] })
      assert.equal(status, 400, pointer)
      assert.equal((body['errors'] as { pointer: string }[])[0]?.pointer, `/actions/0${pointer}`)
    }
  })

  it('checks every connection before anything runs, waits for all of them, and goes on by itself', async () => {
    const [, providerSecret] = broker.secrets
    const {
      auth,
      display_name: _,
      ...rest
    } = (await broker.api('/connectors/orbit')).body as {
      auth: Record<string, unknown>
      display_name: string
    }
    const other = {
      name: 'other',
      display_name: 'Other',
      base_url: (rest as { base_url?: string }).base_url,
      approve: true,
      auth: {
        authorization_url: auth['authorization_url'],
        token_url: auth['token_url'],
        client_id: 'behalf',
        client_secret: providerSecret,
        scope: auth['scope'],
        authorization_params: auth['authorization_params'],
        issuer: auth['issuer'],
        iss_required: true,
      },
    }
    assert.equal((await broker.api('/connectors', { method: 'POST', body: other })).status, 201)
    const entry = (connector: string) => ({ connector, scope: ['contacts.read'] })
    await goLive({ connectors: [entry('orbit'), entry('other')] })
    const [mine] = (await broker.api('/connections')).body.items ?? []
    await broker.api(`/connections/${mine?.['id']}`, { method: 'DELETE' })
    const before = broker.provider.requests().length
    const { status, body } = await run('list-contacts')
    assert.equal(status, 409)
    assert.deepEqual(
      (body['missing'] as { connector: string }[]).map(({ connector }) => connector),
      ['orbit', 'other'],
    )
    assert.equal(broker.provider.requests().length, before, 'nothing ran')
    const again = await run('list-contacts')
    assert.equal(again.body['connect_url'], body['connect_url'], 'asked again, it is the same link')

    const waiting = run('list-contacts', {}, { prefer: 'wait=60' })
    const browser = createBrowser()
    await browser.signIn(broker.url, una())
    const opened = await browser.visit(String(body['connect_url']))
    assert.equal(opened.status, 303)
    const list = new URL(opened.headers.get('location') ?? '', broker.url).href
    for (const connector of ['orbit', 'other']) {
      const page = await (await browser.visit(list)).text()
      assert.match(page, new RegExp(`/connectors/${connector}/connect\\?plugin=assistant`))
      const callback = await browser.consent(await browser.begin(broker.url, connector), una())
      assert.equal((await browser.visit(callback)).status, 303)
    }
    assert.match(await (await browser.visit(list)).text(), /has all it needs/)
    const resumed = await waiting
    assert.equal(resumed.status, 200, JSON.stringify(resumed.body))
    assert.equal(resumed.body['waited'], true)
    const events = (await broker.api('/audit-events?limit=200')).body.items ?? []
    const told = events.filter(event => event['target'] === resumed.body['run_id'])
    assert.deepEqual(
      told.map(event => event['action']).sort(),
      ['run.ended', 'run.resumed', 'run.waiting'],
      'webhooks hear of it',
    )
    const stranger = createBrowser()
    await stranger.signIn(broker.url, broker.people[1] ?? assert.fail())
    assert.equal((await stranger.visit(list)).status, 403)
  })

  it('counts what an upload holds that does not say so beforehand', async () => {
    const chunks = async function* () {
      yield new TextEncoder().encode('seven b')
      yield new TextEncoder().encode('five.')
    }
    const body = ReadableStream.from(chunks()) as unknown as RequestInit['body']
    const sent = await broker.gateway('echo', { method: 'POST', body, duplex: 'half' } as unknown as RequestInit)
    assert.equal(((await sent.json()) as { body: string }).body, 'seven bfive.')
    const found = await broker.api(`/call-logs?q=${sent.headers.get('request-id')}`)
    assert.equal(found.body.items?.[0]?.['request_bytes'], 12)
  })

  it('that waits is answered before its node goes, and told as ended', async () => {
    const [mine] = (await broker.api('/connections?connector=orbit')).body.items ?? []
    await broker.api(`/connections/${mine?.['id']}`, { method: 'DELETE' })
    const events = async (action: string) => (await broker.api(`/audit-events?action=${action}`)).body.items ?? []
    const before = (await events('run.waiting')).length
    const waiting = run('list-contacts', {}, { prefer: 'wait=60' })
    await eventually(
      () => events('run.waiting'),
      found => found.length > before,
    )
    await broker.stop()
    const answered = await waiting
    assert.deepEqual([answered.status, answered.body['code']], [503, 'shutting_down'])
    await broker.restart()
    const [ended] = await events('run.ended')
    assert.equal((ended?.['details'] as { code?: string } | undefined)?.code, 'shutting_down')
  })
})
