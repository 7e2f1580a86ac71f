import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { connect, createBrowser } from '../support/browser.ts'
import { startTestBroker, type TestBroker } from '../support/test-broker.ts'

describe('a plugin and its launches', () => {
  let broker: TestBroker
  const person = (index: number) => broker.people[index] ?? assert.fail()
  before(async () => {
    broker = await startTestBroker()
    await connect(broker, person(0))
    await createBrowser().signIn(broker.url, person(1))
  })
  after(() => broker[Symbol.asyncDispose]())

  const code = async (answer: Response | Promise<Response>): Promise<string> => {
    const response = await answer
    return response.ok ? 'ok' : String(((await response.json()) as { code: string }).code)
  }
  const call = (path = 'me', init: RequestInit = {}) => code(broker.gateway(path, init))
  const launch = (body: Record<string, unknown>) =>
    broker.api('/plugins/assistant/launches', { method: 'POST', body: { reason: 'a test', ...body } })
  const toPeople = (...people: string[]) => ({ launch_audience: { kind: 'people', people } })
  const unlaunch = () => broker.api('/plugins/assistant/launches?reason=over', { method: 'DELETE' })
  const edit = async (body: Record<string, unknown>) => {
    const { version } = (await broker.api('/plugins/assistant')).body
    return broker.api('/plugins/assistant', { method: 'PATCH', body, headers: { 'if-match': `"${version}"` } })
  }
  const publish = async () => (await broker.api('/plugins/assistant/versions', { method: 'POST' })).body['version']

  it('is live for nobody once it is unlaunched, when that has answered', async () => {
    assert.equal(await call(), 'ok')
    assert.equal((await unlaunch()).status, 204)
    assert.equal(await call(), 'plugin_not_launched')
    assert.equal((await unlaunch()).body['code'], 'plugin_not_launched')
  })

  it('is live for those its launch names, by e-mail in any case, and for nobody else', async () => {
    const { email } = person(0)
    assert.equal((await launch(toPeople(email.toUpperCase()))).status, 201)
    assert.equal(await call(), 'ok')
    const other = { headers: { 'behalf-subject': person(1).email } }
    assert.equal(await call('me', other), 'subject_not_allowed')
    const known = (await broker.api('/people')).body.items?.find(item => item['email'] === person(1).email)
    await edit({ trusted: { subjects: [known?.['id']] } })
    assert.equal(await call('me', other), 'not_in_launch_audience')
    await edit({ trusted: 'launch_audience' })
    const about = `person=${encodeURIComponent(person(1).email)}`
    const told = await broker.api(`/plugins/assistant/launches/explain?${about}`)
    assert.equal(told.body['live'], false)
    const link = { subject: known?.['id'], connector: 'orbit', plugin: 'assistant' }
    const refused = await broker.api('/connect-links', { method: 'POST', body: link })
    assert.equal(refused.body['code'], 'not_in_launch_audience')
    const page = createBrowser()
    await page.signIn(broker.url, person(1))
    assert.doesNotMatch(await (await page.visit(`${broker.url}/connections`)).text(), /Orbit CRM/)
  })

  it('does not go live by being saved or published', async () => {
    await edit({ connectors: [{ connector: 'orbit', scope: ['contacts.read'], methods: ['POST'] }] })
    assert.equal(await call(), 'ok')
    const version = await publish()
    assert.equal(await call(), 'ok')
    assert.equal(await publish(), version, 'a draft that is published already is its version')
    await launch({ ...toPeople(person(0).email), version, replace: true })
    assert.equal(await call(), 'target_not_allowed')
    await launch({ ...toPeople(person(0).email), version: 1 })
    assert.equal(await call(), 'ok', 'the newest launch says the version')
    await unlaunch()
  })

  it('reaches the paths of its manifest and nothing beside them, however they are spelled', async () => {
    const paths = { connector: 'orbit', scope: [], path_prefixes: ['/contacts', '/v1/a'] }
    await edit({ connectors: [paths] })
    await publish()
    await launch(toPeople(person(0).email))
    assert.equal(await call('contacts'), 'ok')
    assert.equal(await call('contacts?limit=1'), 'ok')
    for (const path of [
      'me',
      'contactsx',
      'contact',
      'CONTACTS',
      'contacts;x=1',
      '%63ontacts',
      'contacts%2f..%2fme',
      'contacts/../me',
      'v1',
      'v1/ab',
    ])
      assert.equal(await call(path), 'target_not_allowed', path)
    await unlaunch()
    await edit({ connectors: [{ connector: 'orbit', scope: ['contacts.read'] }] })
    await publish()
  })

  it('keeps the history of who launched and ended what, and why', async () => {
    await launch({ ...toPeople(person(0).email), reason: 'to see it there' })
    await broker.api('/plugins/assistant/launches?reason=seen%20enough', { method: 'DELETE' })
    const [last] = (await broker.api('/plugins/assistant/launches')).body.items ?? []
    assert.equal(last?.['reason'], 'to see it there')
    assert.equal(last?.['end_reason'], 'seen enough')
    assert.match(String(last?.['launched_by']), /^key_/)
    assert.equal(last?.['live'], false)
    const audit = (await broker.api('/audit-events?action=launch.created')).body.items ?? []
    assert.equal((audit[0]?.['details'] as { reason?: string } | undefined)?.reason, 'to see it there')
  })

  it('tells each faulty line of the people it is to be launched to', async () => {
    const answer = await launch(toPeople('a@x.example', 'not an address', 'A@x.example'))
    assert.equal(answer.status, 400)
    const pointers = (answer.body['errors'] as { pointer: string }[]).map(({ pointer }) => pointer)
    assert.deepEqual(pointers, ['/launch_audience/people/1', '/launch_audience/people/2'])
    const rule = await launch({ launch_audience: { kind: 'rule', rule: 'department = "IT"' } })
    assert.match(JSON.stringify(rule.body['errors']), /character 12/)
  })

  it('says beforehand whom a launch would reach and how much of their calls would be kept', async () => {
    const ask = (launch_audience: unknown) =>
      broker.api('/plugins/assistant/launches/preview', { method: 'POST', body: { launch_audience } })
    const two = await ask({ kind: 'people', people: [person(0).email, 'new@acme.example'] })
    assert.deepEqual(
      [two.body['people'], two.body['not_signed_in'], two.body['effective_redaction'], two.body['open_ended']],
      [2, 1, 'standard', false],
    )
    const permissive = await broker.api('/plugins/assistant/launches/preview', {
      method: 'POST',
      body: { launch_audience: { kind: 'people', people: [person(0).email] }, redaction: 'permissive', replace: true },
    })
    assert.deepEqual(
      [permissive.body['effective_redaction'], permissive.body['redaction_once_agreed']],
      ['standard', 'permissive'],
      'nobody has agreed yet',
    )
    const all = await ask({ kind: 'everyone' })
    assert.equal(all.body['redaction_once_agreed'], 'strict')
    assert.deepEqual(
      [all.body['people'], all.body['effective_redaction'], all.body['why_strict']],
      [2, 'strict', 'open_ended'],
    )
  })
})
