import assert from 'node:assert/strict'
import { createHmac } from 'node:crypto'
import { after, before, describe, it } from 'node:test'
import { webhookEventType } from '@behalf/contract'
import { connect, createBrowser } from '../support/browser.ts'
import { eventually } from '../support/eventually.ts'
import { type ScriptedServer, type SeenScript, scriptedServer } from '../support/scripted-server.ts'
import { startSecondNode } from '../support/second-node.ts'
import { startTestBroker, type TestBroker } from '../support/test-broker.ts'

type Message = { type: string; timestamp: string; data: Record<string, unknown> }
const HOUR_MS = 3_600_000

describe('webhooks', () => {
  let broker: TestBroker
  let receiver: ScriptedServer
  let webhook: { id: string; secret: string; version: number }
  before(async () => {
    receiver = await scriptedServer()
    broker = await startTestBroker({ engine: 'PostgreSQL', env: { BEHALF_OUTBOUND_ALLOW: '127.0.0.1/32 [::1]/128' } })
  })
  after(async () => {
    await broker[Symbol.asyncDispose]()
    await receiver[Symbol.asyncDispose]()
  })

  const register = async (body: Record<string, unknown> = {}) =>
    broker.api('/webhooks', { method: 'POST', body: { url: `${receiver.url}/hook?key=receivers-own`, ...body } })
  const post = async (path: string, body?: unknown) => (await broker.api(path, { method: 'POST', body })).body
  const signaturesOf = ({ headers }: SeenScript) => String(headers['webhook-signature']).split(' ')
  /** Standard Webhooks, as its specification says it. */
  const signature = ({ headers, body }: SeenScript, secret: string) =>
    `v1,${createHmac('sha256', Buffer.from(secret.replace(/^whsec_/, ''), 'base64'))
      .update(`${headers['webhook-id']}.${headers['webhook-timestamp']}.${body}`)
      .digest('base64')}`
  const messages = (type: string) =>
    receiver.seen.map(({ body }) => JSON.parse(body) as Message).filter(message => message.type === type)
  const arrived = async (type: string, count = 1) =>
    (
      await eventually(
        async () => messages(type),
        found => found.length >= count,
      )
    ).at(-1) ?? assert.fail()
  const deliveries = async (query = '') =>
    (await broker.api(`/webhooks/${webhook.id}/deliveries${query}`)).body.items ?? []

  const disconnect = async () => {
    const [connection] = (await broker.api('/connections')).body.items ?? []
    return broker.api(`/connections/${connection?.['id']}`, { method: 'DELETE' })
  }

  it('are registered for addresses that may be called, and show their secret once', async () => {
    for (const url of ['https://10.0.0.1/x', 'http://example.com/x', 'https://user@example.com', 'ftp://example.com'])
      assert.equal((await register({ url })).body['code'], 'invalid_request', url)
    const made = await register()
    assert.equal(made.status, 201)
    assert.match(String(made.body['secret']), /^whsec_[A-Za-z0-9+/]{43}=$/)
    webhook = made.body as typeof webhook
    const read = await broker.api(`/webhooks/${webhook.id}`)
    assert.ok(!JSON.stringify(read.body).includes(webhook.secret))
    for (const bytes of await broker.database.atRest())
      assert.ok(!bytes.includes(webhook.secret.slice(6)), 'the secret is sealed at rest')
  })

  it('receive a test message, signed as Standard Webhooks says', async () => {
    const delivery = await post(`/webhooks/${webhook.id}/test`)
    assert.deepEqual([delivery['status'], delivery['last_status'], delivery['attempts']], ['delivered', 200, 1])
    const [seen] = receiver.seen
    assert.ok(seen)
    assert.deepEqual(signaturesOf(seen), [signature(seen, webhook.secret)])
    assert.equal(seen.headers['webhook-id'], delivery['message_id'])
    assert.ok(Math.abs(Number(seen.headers['webhook-timestamp']) * 1000 - Date.now()) < 60_000)
    assert.equal((JSON.parse(seen.body) as Message).type, 'webhook.test')
  })

  it('are told of connections and launches, each once however many nodes there are, and never of a secret or content', async () => {
    await using node = await startSecondNode(broker, 'PostgreSQL')
    await connect(broker, broker.people[0] ?? assert.fail())
    const created = await arrived('connection.created')
    const [connection] = (await broker.api('/connections')).body.items ?? []
    assert.deepEqual(
      [created.data['connection'], created.data['connector'], created.data['subject'], created.data['organization']],
      [connection?.['id'], 'orbit', connection?.['subject'], 'acme'],
    )
    assert.deepEqual(created.data['scope'], connection?.['granted_scope'])
    await node.gateway('contacts')
    assert.equal((await arrived('connection.first_used')).data['plugin'], 'assistant')
    await connect(broker, broker.people[0] ?? assert.fail())
    await broker.api(`/connections/${connection?.['id']}`, { method: 'DELETE' })
    assert.equal((await arrived('connection.disconnected')).data['connection'], connection?.['id'])
    const outcome = (await arrived('connection.revocation', 2)).data
    assert.deepEqual([outcome['outcome'], typeof outcome['token']], ['revoked', 'string'])
    await broker.api('/plugins/assistant/launches', {
      method: 'POST',
      body: { launch_audience: { kind: 'everyone' }, reason: 'again' },
    })
    assert.equal((await arrived('launch.started')).data['plugin'], 'assistant')
    const ids = receiver.seen.map(({ headers }) => headers['webhook-id'])
    assert.equal(new Set(ids).size, ids.length, 'no message came twice')
    assert.equal(messages('connection.created').length, 1, 'a reconnect with the same rights is no news')
    const everything = JSON.stringify(receiver.seen)
    for (const secret of [...broker.secrets, ...broker.people.map(({ email }) => email), 'hash'])
      assert.ok(!everything.includes(secret), secret)
  })

  it('are told of every kind of fact there is, each message signed', async () => {
    const una = broker.people[0] ?? assert.fail()
    await connect(broker, una)
    const browser = createBrowser()
    await browser.signIn(broker.url, una)
    // Without offline_access there is nothing to renew with.
    const fewer = { scopes: ['email', 'contacts.read'] }
    await browser.visit(await browser.consent(await browser.begin(broker.url, 'orbit'), una, fewer))
    assert.ok(!String((await arrived('connection.scopes_changed')).data['scope']).includes('offline_access'))
    broker.advance(301_000)
    assert.equal((await broker.gateway('me')).status, 409)
    assert.equal(typeof (await arrived('connection.reconnect_required')).data['reason'], 'string')
    await connect(broker, una)
    assert.equal((await arrived('connection.recovered')).data['scopes_changed'], true)

    const me = { name: 'me', description: 'who', connector: 'orbit', method: 'GET', path: '/me' }
    const { version } = (await broker.api('/plugins/assistant')).body
    const headers = { 'if-match': `"${version}"` }
    await broker.api('/plugins/assistant', { method: 'PATCH', body: { actions: [me] }, headers })
    await post('/plugins/assistant/versions')
    const everyone = { launch_audience: { kind: 'everyone' }, reason: 'with an action', replace: true }
    await post('/plugins/assistant/launches', everyone)
    assert.equal((await arrived('launch.ended')).data['plugin'], 'assistant')
    await disconnect()
    const waiting = broker.api('/plugins/assistant/actions/me/run', {
      method: 'POST',
      body: {},
      headers: { authorization: `Bearer ${broker.pluginKey}`, 'behalf-subject': una.email, prefer: 'wait=60' },
    })
    const { run } = (await arrived('run.waiting')).data
    await connect(broker, una)
    assert.equal((await waiting).status, 200)
    for (const type of ['run.resumed', 'run.ended']) assert.equal((await arrived(type)).data['run'], run)

    await disconnect()
    for (const type of webhookEventType.options) assert.ok(messages(type).length > 0, type)
    for (const seen of receiver.seen) assert.deepEqual(signaturesOf(seen), [signature(seen, webhook.secret)])
  })

  it('are signed by both secrets while one is being changed, and by the new one alone afterwards', async () => {
    const rotated = await post(`/webhooks/${webhook.id}/secret`, { keep_previous_for: 3600 })
    const test = async () => {
      await post(`/webhooks/${webhook.id}/test`)
      return receiver.seen.at(-1) ?? assert.fail()
    }
    const both = await test()
    const fresh = String(rotated['secret'])
    assert.deepEqual(signaturesOf(both), [signature(both, fresh), signature(both, webhook.secret)])
    broker.advance(HOUR_MS)
    const one = await test()
    assert.deepEqual(signaturesOf(one), [signature(one, fresh)])
  })

  it('are tried again for days, then listed as dead, and replayed as the same message', async () => {
    receiver.reply({ status: 302, headers: { location: `${receiver.url}/elsewhere` } })
    const before = receiver.seen.length
    await connect(broker, broker.people[0] ?? assert.fail())
    await eventually(
      async () => receiver.seen.length,
      count => count > before,
    )
    assert.ok(!receiver.seen.some(({ url }) => url === '/elsewhere'), 'a redirect is not followed')
    receiver.reply({ status: 500 })
    const [dead] = await eventually(
      async () => {
        broker.advance(30 * HOUR_MS)
        return deliveries('?status=dead')
      },
      found => found.some(({ type }) => type === 'connection.created'),
    )
    assert.deepEqual([dead?.['attempts'], dead?.['last_status'], dead?.['last_error']], [10, 500, null])
    receiver.reply({ status: 204 })
    await post(`/webhooks/${webhook.id}/deliveries/${dead?.['id']}/replay`)
    const last = async () => receiver.seen.at(-1)?.headers['webhook-id']
    await eventually(last, id => id === dead?.['message_id'])
    await eventually(
      () => deliveries('?status=dead'),
      found => !found.some(({ id }) => id === dead?.['id']),
    )
  })

  it('say what came of an attempt without an answer, are paused, and end where the receiver says they are gone', async () => {
    const { body: read } = await broker.api(`/webhooks/${webhook.id}`)
    const patch = (body: unknown, version: unknown) =>
      broker.api(`/webhooks/${webhook.id}`, { method: 'PATCH', body, headers: { 'if-match': `"${version}"` } })
    const moved = await patch({ url: 'http://127.0.0.1:9/closed' }, read['version'])
    const failed = await post(`/webhooks/${webhook.id}/test`)
    assert.deepEqual(
      [failed['status'], failed['last_status'], failed['last_error']],
      ['dead', null, 'provider_unavailable'],
    )
    const paused = await patch({ url: `${receiver.url}/hook`, status: 'paused' }, moved.body['version'])
    const disconnected = messages('connection.disconnected').length
    const [connection] = (await broker.api('/connections')).body.items ?? []
    await broker.api(`/connections/${connection?.['id']}`, { method: 'DELETE' })
    await patch({ status: 'active' }, paused.body['version'])
    receiver.reply({ status: 410 })
    await connect(broker, broker.people[0] ?? assert.fail())
    const status = async () => (await broker.api(`/webhooks/${webhook.id}`)).body['status']
    assert.equal(await eventually(status, now => now === 'gone'), 'gone')
    assert.equal(messages('connection.disconnected').length, disconnected, 'nothing is told of the time of the pause')
    assert.equal((await broker.api(`/webhooks/${webhook.id}`, { method: 'DELETE' })).status, 204)
    assert.equal((await broker.api(`/webhooks/${webhook.id}`)).body['code'], 'not_found')
  })
})
