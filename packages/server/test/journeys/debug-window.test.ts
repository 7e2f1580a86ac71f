import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { connect, type HeadlessBrowser } from '../support/browser.ts'
import { eventually } from '../support/eventually.ts'
import { startSecondNode } from '../support/second-node.ts'
import { type Answer, startTestBroker, type TestBroker } from '../support/test-broker.ts'

type Entry = {
  redaction: string
  content: { path: string; request_body: string | null; response_body: string | null } | null
  removed: { part: string; kind: string }[]
  expires_at: string
  at: string
}

describe('a debug window', () => {
  let broker: TestBroker
  let una: HeadlessBrowser
  let dev: HeadlessBrowser
  let ids: Record<string, string>
  before(async () => {
    broker = await startTestBroker({ engine: 'PostgreSQL' })
    una = await connect(broker, broker.people[0] ?? assert.fail())
    dev = await connect(broker, broker.people[1] ?? assert.fail())
    const people = (await broker.api('/people')).body.items ?? []
    ids = Object.fromEntries(people.map(({ email, id }) => [String(email), String(id)]))
    const devId = ids[broker.people[1]?.email ?? '']
    await broker.api(`/people/${devId}/roles`, { method: 'PUT', body: { roles: ['developer', 'log_viewer'] } })
  })
  after(() => broker[Symbol.asyncDispose]())

  const idOf = (index: number) => ids[broker.people[index]?.email ?? ''] ?? assert.fail()
  async function rest(by: HeadlessBrowser, method: string, path: string, body?: unknown): Promise<Answer> {
    const cookie = [...by.cookies(broker.url)].map(([name, value]) => `${name}=${value}`).join('; ')
    const me = (await (await by.visit(`${broker.url}/api/v1/me`)).json()) as { csrf_token: string }
    const response = await fetch(`${broker.url}/api/v1${path}`, {
      method,
      headers: {
        cookie,
        origin: broker.url,
        'sec-fetch-site': 'same-origin',
        'behalf-csrf': me.csrf_token,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
    return { status: response.status, body: (await response.json()) as Answer['body'], headers: response.headers }
  }
  const ask = (fields: Record<string, unknown> = {}) =>
    rest(dev, 'POST', '/debug-windows', {
      plugin: 'assistant',
      subject: idOf(0),
      reason: 'Contacts come back empty',
      minutes: 15,
      ...fields,
    })
  async function entryOf(call: Promise<Response>): Promise<Entry> {
    const response = await call
    await response.arrayBuffer()
    const id = response.headers.get('request-id')
    const read = async () => (await broker.api(`/call-logs?q=${id}`)).body.items ?? []
    const [entry] = await eventually(read, items => items.length === 1)
    return entry as unknown as Entry
  }
  const called = (init?: RequestInit) => entryOf(broker.gateway('echo?name=Boston', init))
  const setting = async (debug_windows: boolean) => {
    const { body } = await broker.api('/organization')
    const headers = { 'if-match': `"${body['version']}"` }
    assert.equal((await broker.api('/organization', { method: 'PATCH', body: { debug_windows }, headers })).status, 200)
  }
  const page = async () => (await una.visit(`${broker.url}/connections`)).text()
  async function press(answer: string): Promise<void> {
    const text = await page()
    const action = new RegExp(`action="(/debug-windows/\\w+/${answer})"`).exec(text)?.[1] ?? assert.fail(`no ${answer}`)
    const csrf = /name="csrf" value="([0-9a-f]+)"/.exec(text)?.[1] ?? assert.fail()
    assert.equal((await una.visit(broker.url + action, { csrf })).status, 303)
  }

  it('is not to be had until an admin switches it on, and is asked for by a person', async () => {
    assert.equal((await ask()).body['code'], 'debug_windows_off')
    await setting(true)
    const body = { plugin: 'assistant', subject: idOf(0), reason: 'x' }
    assert.equal((await broker.api('/debug-windows', { method: 'POST', body })).body['code'], 'forbidden')
    assert.equal((await ask({ minutes: 61 })).body['code'], 'invalid_request')
    assert.equal((await ask({ redaction: 'strict' })).body['code'], 'invalid_request')
    assert.doesNotMatch(await page(), /debug-window/)
  })

  it('shows the person who asks, why, for which plugin and how long; nothing changes until they agree', async () => {
    const asked = await ask()
    assert.equal(asked.status, 201)
    assert.equal((await ask()).body['code'], 'already_exists')
    const text = await page()
    for (const words of ['Assistant', 'Contacts come back empty', '15 minutes', broker.people[1]?.email ?? ''])
      assert.ok(text.includes(words), words)
    assert.equal((await called()).redaction, 'strict')
    const answers = ['agree', 'decline'].map(answer => `/debug-windows/${asked.body['id']}/${answer}`)
    for (const path of answers) {
      assert.equal((await rest(dev, 'POST', path)).body['code'], 'not_found', 'only whom it is about may answer')
      assert.equal((await broker.api(path, { method: 'POST' })).body['code'], 'not_found')
    }
    assert.equal((await called()).redaction, 'strict')
  })

  it('once agreed to, keeps that person’s calls of that plugin, masked and without secrets, for 14 days', async () => {
    await press('agree')
    const secret = 'Bearer some-secret-of-mine'
    const entry = await called({
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ city: 'Boston', ok: true, mail: 'una@acme.example', password: 'hunter2', note: secret }),
    })
    assert.equal(entry.redaction, 'standard')
    assert.equal(entry.content?.path, '/e*****o?name=B*****n')
    assert.deepEqual(JSON.parse(entry.content?.request_body ?? ''), {
      city: 'B*****n',
      ok: true,
      mail: '<REDACTED>',
      password: '<REDACTED>',
      note: '<REDACTED>',
    })
    assert.equal((JSON.parse(entry.content?.response_body ?? '') as { body: string }).body, '<REDACTED>')
    assert.ok(!JSON.stringify(entry).includes('hunter2'))
    assert.ok(entry.removed.some(({ part, kind }) => part === 'request_body' && kind === 'secret'))
    assert.equal(Date.parse(entry.expires_at) - Date.parse(entry.at), 14 * 86_400_000)
    const other = await entryOf(
      broker.gateway('echo', { headers: { 'behalf-subject': broker.people[1]?.email ?? '' } }),
    )
    assert.deepEqual([other.redaction, other.content], ['strict', null])
    assert.deepEqual(
      other.removed.map(({ kind }) => kind),
      ['content', 'content', 'content', 'content', 'content'],
    )
  })

  it('is ended by the person, on every node, before that is answered', async () => {
    await using node = await startSecondNode(broker, 'PostgreSQL')
    assert.equal((await entryOf(node.gateway('echo'))).redaction, 'standard')
    await press('end')
    assert.equal((await entryOf(node.gateway('echo'))).redaction, 'strict')
    assert.equal((await called()).redaction, 'strict')
    const [last] = (await rest(una, 'GET', '/debug-windows')).body.items ?? []
    assert.deepEqual([last?.['state'], last?.['ended_by']], ['ended', idOf(0)])
  })

  it('is ended by the developer, by time, and by the setting', async () => {
    const again = async () => {
      const { body } = await ask({ redaction: 'permissive' })
      await press('agree')
      const entry = await called()
      assert.deepEqual([entry.redaction, entry.content?.path], ['permissive', '/echo?name=Boston'])
      return String(body['id'])
    }
    assert.equal((await rest(dev, 'DELETE', `/debug-windows/${await again()}`)).status, 200)
    assert.equal((await called()).redaction, 'strict')
    const id = await again()
    broker.advance(15 * 60_000)
    assert.equal((await called()).redaction, 'strict')
    assert.equal((await rest(una, 'POST', `/debug-windows/${id}/agree`)).body['code'], 'debug_window_over')
    await again()
    await setting(false)
    assert.equal((await called()).redaction, 'strict')
    await setting(true)
    assert.equal((await called()).redaction, 'strict')
  })

  it('can be declined, and lapses unanswered; all of it is in the audit', async () => {
    await ask()
    await press('decline')
    const { body } = await ask()
    broker.advance(24 * 3_600_000)
    const read = await broker.api(`/debug-windows/${body['id']}`)
    assert.equal(read.body['state'], 'lapsed')
    const events = (await broker.api('/audit-events?limit=200')).body.items ?? []
    const count = (action: string) => events.filter(event => event['action'] === `debug_window.${action}`).length
    assert.deepEqual(['asked', 'agreed', 'declined', 'ended'].map(count), [6, 4, 1, 3])
  })
})
