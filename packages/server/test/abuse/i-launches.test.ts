import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { connect, createBrowser } from '../support/browser.ts'
import { startTestBroker, type TestBroker } from '../support/test-broker.ts'

describe('I: launches', () => {
  let broker: TestBroker
  let developer = ''
  const una = () => broker.people[0] ?? assert.fail()
  const named = (count: number, prefix: string) =>
    Array.from({ length: count }, (_, index) => `${prefix}${index}@acme.example`)
  const people = (...list: string[]) => ({ kind: 'people', people: list })
  const launch = (launch_audience: unknown, more: Record<string, unknown> = {}, key = broker.apiKey) =>
    broker.api('/plugins/assistant/launches', {
      method: 'POST',
      body: { launch_audience, reason: 'an attack', redaction: 'permissive', ...more },
      headers: { authorization: `Bearer ${key}` },
    })
  const effective = async () =>
    ((await broker.api('/plugins/assistant/launches')).body.items ?? [])
      .filter(({ live }) => live === true)
      .map(item => item['effective_redaction'])
  const written = async () => {
    assert.equal((await broker.gateway('contacts')).status, 200)
    const [entry] = (await broker.api('/call-logs?plugin=assistant&limit=1')).body.items ?? []
    return entry?.['redaction']
  }
  const clear = () => broker.api('/plugins/assistant/launches?reason=next', { method: 'DELETE' })
  const organization = async (body: Record<string, unknown>) => {
    const { version } = (await broker.api('/organization')).body
    return broker.api('/organization', { method: 'PATCH', body, headers: { 'if-match': `"${version}"` } })
  }
  before(async () => {
    broker = await startTestBroker()
    await connect(broker, una())
    const key = await broker.api('/api-keys', { method: 'POST', body: { label: 'dev', roles: ['developer'] } })
    developer = String(key.body['key'])
    await clear()
  })
  after(() => broker[Symbol.asyncDispose]())

  it('two launches of ten: the union counts, for both, also for calls of the first', async () => {
    assert.equal((await launch(people(una().email, ...named(9, 'a')), { redaction: 'standard' })).status, 201)
    assert.deepEqual(await effective(), ['standard'])
    assert.equal(await written(), 'standard')
    await launch(people(...named(10, 'b')), { redaction: 'standard' })
    assert.deepEqual(await effective(), ['strict', 'strict'])
    assert.equal(await written(), 'strict')
    await clear()
    const ten = people(una().email, ...named(9, 'a'))
    const both = await Promise.all([launch(ten, {}, developer), launch(people(...named(10, 'b')), {}, developer)])
    assert.equal(both.filter(({ status }) => status === 201).length, 1, 'two at once are judged one after the other')
    const [won] = both.filter(({ status }) => status === 201)
    assert.equal(
      (await launch(people('one.more@acme.example'), {}, developer)).status,
      403,
      'developers: ten altogether',
    )
    assert.equal(won?.body['effective_redaction'], 'standard', 'nobody agreed to permissive')
    await clear()
  })

  it('redaction downgrade: nothing loosens what is launched to many, beside it, by replacing, by a setting or by a part of it', async () => {
    await launch({ kind: 'everyone' })
    assert.deepEqual(await effective(), ['strict'])
    await launch(people(una().email), { redaction: 'permissive' })
    assert.deepEqual(await effective(), ['strict', 'strict'], 'a looser launch beside it')
    assert.equal(await written(), 'strict')
    assert.equal((await organization({ strict_above: 11 })).status, 400)
    assert.equal((await organization({ strict_above: 5 })).status, 200)
    assert.equal((await organization({ strict_above: 10 })).status, 400, 'lowered is lowered')
    await launch(people(una().email, ...named(5, 'a')), { replace: true, redaction: 'standard' })
    assert.deepEqual(await effective(), ['strict'], 'six are over five')
    const patched = await broker.api('/plugins/assistant/launches', {
      method: 'POST',
      body: { launch_audience: people(una().email), reason: 'x', redaction: 'none' },
    })
    assert.equal(patched.status, 400)
    const smuggled = await launch(people(una().email), { effective_redaction: 'permissive', why_strict: null })
    assert.equal(smuggled.status, 400)
    await clear()
    await launch(people(una().email), { redaction: 'permissive' })
    assert.equal(await written(), 'standard', 'permissive takes the person’s own agreement')
    assert.deepEqual(await effective(), ['standard'], 'and the list says so')
    const browser = createBrowser()
    await browser.signIn(broker.url, una())
    const answer = async (by: typeof browser, words: string) => {
      const page = await (await by.visit(`${broker.url}/connections`)).text()
      const action = new RegExp(`action="(/launches/lch_[^"]+/${words})"`).exec(page)?.[1]
      const csrf = /name="csrf" value="([0-9a-f]+)"/.exec(page)?.[1] ?? ''
      return action === undefined ? undefined : (await by.visit(broker.url + action, { csrf })).status
    }
    assert.equal(await answer(browser, 'agree'), 303)
    assert.equal(await written(), 'permissive')
    assert.deepEqual(await effective(), ['permissive'])
    assert.equal(await answer(browser, 'withdraw'), 303)
    assert.equal(await written(), 'standard', 'taken back')
    const stranger = createBrowser()
    await stranger.signIn(broker.url, broker.people[2] ?? assert.fail())
    assert.equal(await answer(stranger, 'agree'), undefined, 'asked of those the launch names alone')
    assert.equal(await answer(browser, 'agree'), 303)
    await launch({ kind: 'groups', groups: [] }, { redaction: 'permissive' })
    await launch({ kind: 'everyone' }, { redaction: 'permissive' })
    assert.equal(await written(), 'strict', 'an agreement loosens nothing that is forced')
    await clear()
  })

  it('audience-rule injection: a rule is compared and never run, and tells its faults', async () => {
    const rules = [
      'true',
      '1 == 1',
      '"a" == "a"',
      'department == "x" or 1 == 1',
      'department == "IT"; process.exit()',
      'constructor.constructor("return process")() == 1',
      'department == `x`',
      "department == 'IT'",
      'department == "IT\\" or true == "x',
      'department == "IT" -- ',
      'department == "IT" /* x */',
      'department matches "(a+)+$"',
      '#{department} == "x"',
      'department == "IT" OR 1=1',
      `${'('.repeat(500)}a == 1${')'.repeat(500)}`,
      `a in [${Array.from({ length: 600 }, () => '1').join(',')}]`,
    ]
    for (const rule of rules) {
      const { status, body } = await launch({ kind: 'rule', rule })
      assert.equal(status, 400, rule)
      assert.match(JSON.stringify(body['errors']), /launch_audience/)
    }
    const reaching = [
      'proto == "x"',
      'constructor == "x"',
      'department == "x" or not (department == "x")',
      "email == \"' or '1'='1\"",
    ]
    for (const rule of reaching) {
      assert.equal((await launch({ kind: 'rule', rule }, { replace: true })).status, 201, rule)
      assert.equal((await broker.gateway('me')).status, 403, `${rule} reaches nobody`)
    }
    await clear()
  })

  it('roster growth: a launch audience that can grow is strict when it is small, and a moved e-mail takes no launch along', async () => {
    for (const audience of [
      { kind: 'groups', groups: ['testers'] },
      { kind: 'rule', rule: 'department == "none"' },
    ]) {
      const launched = await launch(audience)
      assert.deepEqual([launched.body['effective_redaction'], launched.body['why_strict']], ['strict', 'open_ended'])
      await clear()
    }
    const csv = `email,groups\n${una().email},testers\nnew1@acme.example,testers\n${named(20, 'n').join(',testers\n')},testers`
    const imported = await broker.api('/people/import', { method: 'POST', body: { csv } })
    assert.equal(imported.body['added'], 22, JSON.stringify(imported.body))
    const first = await broker.api('/people/imported?limit=20')
    const rest = await broker.api(`/people/imported?limit=20&cursor=${first.body['next_cursor']}`)
    const listed = [...(first.body.items ?? []), ...(rest.body.items ?? [])]
    assert.equal(listed.length, 21, 'one of the 22 has signed in')
    assert.deepEqual([listed[0]?.['groups'], rest.body['next_cursor']], [['testers'], null])
    await launch({ kind: 'groups', groups: ['testers'] })
    assert.equal((await broker.gateway('me')).status, 200, 'imported into the group')
    assert.equal(await written(), 'strict')
    await clear()

    const [, dev] = broker.people
    assert.ok(dev)
    await launch(people(dev.email))
    const signedIn = createBrowser()
    await signedIn.signIn(broker.url, dev)
    await broker.database.run(`UPDATE people SET email = 'gone@acme.example' WHERE email = '${dev.email}'`)
    await broker.database.run(`UPDATE people SET email = '${dev.email}' WHERE email = '${una().email}'`)
    broker.advance(800)
    const as = await broker.gateway('me', { headers: { 'behalf-subject': dev.email } })
    assert.equal(as.status, 403, 'the e-mail is somebody else’s now, and the launch is not')
    await broker.database.run(`UPDATE people SET email = '${una().email}' WHERE email = '${dev.email}'`)
    await clear()
  })

  it('a developer launches to nobody an admin has not launched to, and to nothing that reaches further', async () => {
    const everyone = { kind: 'everyone' }
    await launch(everyone)
    await clear()
    assert.equal((await launch(everyone, {}, developer)).status, 403, 'an admin took it back')
    assert.equal((await launch({ kind: 'rule', rule: 'department == "IT"' }, {}, developer)).status, 403)
    assert.equal((await launch({ kind: 'groups', groups: ['a'] }, {}, developer)).status, 403)
    assert.equal((await launch(people(...named(11, 'a')), {}, developer)).status, 403)
    assert.equal((await launch(everyone)).status, 201)
    assert.equal((await launch(everyone, { replace: true }, developer)).status, 201, 'approved before')
    const { version, connectors } = (await broker.api('/plugins/assistant')).body
    const wider = {
      connectors: (connectors as object[]).map(entry => ({ ...entry, scope: ['contacts.read', 'contacts.write'] })),
    }
    await broker.api('/plugins/assistant', { method: 'PATCH', body: wider, headers: { 'if-match': `"${version}"` } })
    await broker.api('/plugins/assistant/versions', { method: 'POST' })
    assert.equal((await launch(everyone, { replace: true }, developer)).status, 403, 'it reaches further now')
    assert.equal((await launch(everyone, { replace: true, version: 1 }, developer)).status, 201)
    await clear()
    assert.equal((await launch(everyone, { version: 1 }, developer)).status, 403, 'an admin unlaunched it')
  })
})
