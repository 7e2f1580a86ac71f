import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { createBrowser } from '../support/browser.ts'
import { startTestBroker, type TestBroker } from '../support/test-broker.ts'

/**
 * The vendor's words: "All plugins launched to more than 10 users will be enforced to have strict log reduction. If a developer wants to debug a
 * plugin launched to more than 10 users, they would have to: unlaunch the plugin and launch to only 10 users; reproduce the error; view the logs;
 * fix the issue. After doing so, they can republish the plugin to more than 10 users which will then enforce strict log reduction."
 */
describe('the debugging procedure, in the order of its steps', () => {
  let broker: TestBroker
  let developer = ''
  const una = () => broker.people[0] ?? assert.fail()
  const colleagues = (count: number) => Array.from({ length: count }, (_, index) => `colleague${index}@acme.example`)
  const audienceOf = (count: number) => ({ kind: 'people', people: [una().email, ...colleagues(count - 1)] })
  const api = (path: string, init: Parameters<TestBroker['api']>[1] = {}, key = developer) =>
    broker.api(path, { ...init, headers: { authorization: `Bearer ${key}`, ...init.headers } })
  const post = (path: string, body?: unknown, key?: string) =>
    api(`/plugins/assistant${path}`, { method: 'POST', ...(body === undefined ? {} : { body }) }, key)
  const launch = (count: number, reason: string, key?: string) =>
    post('/launches', { launch_audience: audienceOf(count), reason }, key)
  const addContact = () =>
    api('/plugins/assistant/actions/add-contact/run', {
      method: 'POST',
      body: { input: { name: 'Mira Holt' } },
      headers: { authorization: `Bearer ${broker.pluginKey}`, 'behalf-subject': una().email },
    })
  const logs = async () => (await broker.api('/call-logs?plugin=assistant')).body.items ?? []
  const save = async (body: Record<string, unknown>) => {
    const { version } = (await broker.api('/plugins/assistant')).body
    const saved = await broker.api('/plugins/assistant', {
      method: 'PATCH',
      body,
      headers: { 'if-match': `"${version}"` },
    })
    assert.equal(saved.status, 200, JSON.stringify(saved.body))
    assert.equal((await post('/versions')).status, 201)
  }
  const action = (body: Record<string, string>) => ({
    actions: [
      {
        name: 'add-contact',
        description: 'Adds a contact.',
        connector: 'orbit',
        method: 'POST',
        path: '/contacts',
        body,
        input: { type: 'object', properties: { name: { type: 'string' } }, required: ['name'] },
        output: { type: 'object', properties: { name: { type: 'string' } }, required: ['name'] },
      },
    ],
  })
  const scope = ['openid', 'email', 'offline_access', 'contacts.read', 'contacts.write']

  before(async () => {
    broker = await startTestBroker({ connector: { scope } })
    const browser = createBrowser()
    await browser.signIn(broker.url, una())
    const callback = await browser.consent(await browser.begin(broker.url, 'orbit'), una(), { scopes: scope.slice(1) })
    assert.equal((await browser.visit(callback)).status, 303)
    const key = await broker.api('/api-keys', { method: 'POST', body: { label: 'dev', roles: ['developer'] } })
    developer = String(key.body['key'])
    // A plugin with a fault in it, which nobody but the system's own answer tells.
    await save(action({ nme: '{name}' }))
    assert.equal((await broker.api('/plugins/assistant/launches?reason=fresh', { method: 'DELETE' })).status, 204)
  })
  after(() => broker[Symbol.asyncDispose]())

  it('launched to 11 people by an admin: strict, so that the error shows and its cause does not', async () => {
    const launched = await launch(11, 'for the sales team', broker.apiKey)
    assert.equal(launched.status, 201, JSON.stringify(launched.body))
    assert.deepEqual(
      [launched.body['redaction'], launched.body['effective_redaction'], launched.body['why_strict']],
      ['standard', 'strict', 'over_threshold'],
    )
    assert.equal((await addContact()).body['code'], 'provider_invalid_response')
    const [entry] = await logs()
    assert.deepEqual([entry?.['status'], entry?.['redaction'], entry?.['content']], [201, 'strict', null])
  })

  it('unlaunches the plugin', async () => {
    const ended = await api('/plugins/assistant/launches?reason=an%20error%20to%20look%20into', { method: 'DELETE' })
    assert.equal(ended.status, 204)
    assert.equal((await addContact()).body['code'], 'plugin_not_launched')
  })

  it('launches to only 10 people: exactly ten is free', async () => {
    const launched = await launch(10, 'to reproduce it')
    assert.equal(launched.status, 201, JSON.stringify(launched.body))
    assert.deepEqual([launched.body['effective_redaction'], launched.body['why_strict']], ['standard', null])
  })

  it('reproduces the error', async () => {
    assert.equal((await addContact()).body['code'], 'provider_invalid_response')
  })

  it('views the logs, where the fault is, and the person’s data is not', async () => {
    const [entry] = await logs()
    assert.equal(entry?.['redaction'], 'standard')
    const content = JSON.stringify(entry?.['content'])
    assert.match(content, /nme/)
    assert.doesNotMatch(content, /Mira|Holt/)
    const before = (await logs()).find(({ redaction, status }) => redaction === 'strict' && status === 201)
    assert.equal(before?.['content'], null, 'what was strict shows nothing later')
  })

  it('fixes the issue, which goes live for the ten by a launch alone', async () => {
    await save(action({ name: '{name}' }))
    assert.equal((await addContact()).body['code'], 'provider_invalid_response')
    await post('/launches', { launch_audience: audienceOf(10), reason: 'with the fix', replace: true })
    const ran = await addContact()
    assert.deepEqual(ran.body['output'], { name: 'Mira Holt' })
  })

  it('launches to 11 people again, now as the developer, which is strict again', async () => {
    assert.equal((await api('/plugins/assistant/launches?reason=fixed', { method: 'DELETE' })).status, 204)
    const launched = await launch(11, 'with the fix')
    assert.equal(launched.status, 201, JSON.stringify(launched.body))
    assert.equal(launched.body['effective_redaction'], 'strict')
    assert.equal((await addContact()).status, 200)
    const [entry] = await logs()
    assert.deepEqual([entry?.['status'], entry?.['redaction'], entry?.['content']], [201, 'strict', null])
  })
})
