import assert from 'node:assert/strict'
import { existsSync, globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { PROBLEMS, type ProblemCode } from '@behalf/contract'
import { BrokerError } from '../../src/domain/broker-error.ts'
import { toProblem } from '../../src/http/problem.ts'
import { openStore } from '../../src/store/store.ts'
import { connect, createBrowser, type HeadlessBrowser } from '../support/browser.ts'
import { flowRig } from '../support/flow-rig.ts'
import { startTestBroker, type TestBroker } from '../support/test-broker.ts'

const ROOT = join(import.meta.dirname, '..', '..', '..', '..')
const where = { baseUrl: 'https://acme.example', requestId: 'req_1' }

describe('problems', () => {
  let broker: TestBroker
  let browser: HeadlessBrowser
  const una = () => broker.people[0] ?? assert.fail()
  before(async () => {
    broker = await startTestBroker()
    browser = await connect(broker, una())
  })
  after(() => broker[Symbol.asyncDispose]())

  const codeOf = async (answer: Response | Promise<Response>): Promise<string> => {
    const response = await answer
    assert.match(response.headers.get('content-type') ?? '', /^application\/problem\+json/)
    const body = (await response.json()) as { code: ProblemCode; type: string; status: number; request_id: string }
    assert.equal(body.status, response.status)
    assert.equal(body.request_id, response.headers.get('request-id'))
    assert.ok(body.type.endsWith(`/api/docs/problems/${body.code}`))
    assert.equal(PROBLEMS[body.code]?.[0], response.status)
    return body.code
  }
  const rest = (path: string, init: RequestInit = {}) =>
    fetch(`${broker.url}/api/v1${path}`, {
      ...init,
      headers: { authorization: `Bearer ${broker.apiKey}`, ...(init.headers as Record<string, string>) },
    })
  const json = { 'content-type': 'application/json' }
  const page = async (url: string, by: HeadlessBrowser = browser) =>
    /<code>(\w+)<\/code>, <code>req/.exec(await (await by.visit(url)).text())?.[1]

  it('have a page each, and a test that produces each', () => {
    const tests = globSync('{packages/*/test,test}/**/*.test.ts', { cwd: ROOT })
      .map(file => readFileSync(join(ROOT, file), 'utf8'))
      .join('\n')
    const codes = Object.keys(PROBLEMS)
    assert.deepEqual(
      codes.filter(code => !existsSync(join(ROOT, 'docs', 'problems', `${code}.md`))),
      [],
      'without a page',
    )
    assert.deepEqual(
      codes.filter(code => !tests.includes(`'${code}'`)),
      [],
      'without a test',
    )
    assert.deepEqual(
      globSync('docs/problems/*.md', { cwd: ROOT })
        .map(file => file.replace(/.*\/(\w+)\.md/, '$1'))
        .filter(code => !codes.includes(code)),
      [],
      'a page without its code',
    )
  })

  it('serves the page of a problem at its type', async () => {
    const answer = await fetch(`${broker.url}/api/docs/problems/connection_required`)
    assert.equal(answer.status, 200)
    assert.match(await answer.text(), /Send the person to connect_url/)
    assert.equal((await fetch(`${broker.url}/api/docs/problems/constructor`)).status, 404)
  })

  it('answer REST requests that do not fit', async () => {
    assert.equal(await codeOf(rest('/people?cursor=%2F%2F')), 'invalid_cursor')
    assert.equal(await codeOf(rest(`/connections/con_${'0'.repeat(26)}`)), 'connection_not_found')
    assert.equal(await codeOf(rest('/plugins/none')), 'plugin_not_found')
    assert.equal(await codeOf(rest('/connectors/none')), 'connector_not_found')
    assert.equal(await codeOf(rest('/nothing')), 'not_found')
    assert.equal(await codeOf(rest('/connectors', { method: 'PUT' })), 'method_not_allowed')
    assert.equal(
      await codeOf(
        rest('/plugins', { method: 'POST', headers: json, body: JSON.stringify({ name: 'x'.repeat(300_000) }) }),
      ),
      'body_too_large',
    )
    assert.equal(
      await codeOf(rest('/plugins', { method: 'POST', headers: { 'content-type': 'text/plain' }, body: '{}' })),
      'unsupported_media_type',
    )
    assert.equal(await codeOf(rest('/plugins', { method: 'POST', headers: json, body: '{' })), 'invalid_request')
    assert.equal(
      await codeOf(rest('/plugins', { method: 'POST', headers: json, body: `${'['.repeat(50)}${']'.repeat(50)}` })),
      'invalid_request',
    )
    assert.equal(await codeOf(fetch(`${broker.url}/api/v1/plugins`)), 'unauthenticated')
    assert.equal(
      await codeOf(fetch(`${broker.url}/api/v1/plugins`, { headers: { cookie: `behalf_session=${'x'.repeat(43)}` } })),
      'session_expired',
    )
  })

  it('answer gateway calls that may not be made', async () => {
    assert.equal(await codeOf(broker.gateway('a%2f..%2fb')), 'target_not_allowed')
    assert.equal(
      await codeOf(broker.gateway('me', { headers: { 'behalf-subject': 'nobody@acme.example' } })),
      'subject_not_allowed',
    )
    const { body } = await broker.api('/plugins/assistant')
    const rights = { subject_token_audiences: ['agents'] }
    await broker.api('/plugins/assistant', {
      method: 'PATCH',
      body: rights,
      headers: { 'if-match': `"${body['version']}"` },
    })
    const headers = { authorization: `Bearer ${broker.pluginKey}`, 'behalf-subject-token': 'not.a.jwt' }
    assert.equal(await codeOf(fetch(`${broker.url}/gateway/orbit/me`, { headers })), 'subject_token_invalid')
  })

  it('tell people what went wrong with a link or a callback, in words, with the code for the IT team', async () => {
    assert.equal(await page(`${broker.url}/connect/${'0'.repeat(40)}`), 'link_expired')
    const people = (await broker.api('/people')).body.items ?? []
    const dev = createBrowser()
    await dev.signIn(broker.url, broker.people[1] ?? assert.fail())
    const mine = people.find(item => item['email'] === una().email)?.['id']
    const link = await broker.api('/connect-links', { method: 'POST', body: { subject: mine, connector: 'orbit' } })
    assert.equal(await page(String(link.body['url']), dev), 'wrong_person')
    const callback = await browser.consent(await browser.begin(broker.url, 'orbit'), una())
    const other = createBrowser()
    await other.signIn(broker.url, una())
    assert.equal(await page(callback, other), 'wrong_browser')
    broker.advance(700_000)
    assert.equal(await page(callback), 'authorization_request_used')
  })

  it('say that an e-mail names more than one person', async () => {
    await using store = await openStore({ dataDir: broker.dataDir, databaseUrl: broker.database.directUrl })
    const [organization] = await store.organizations.all()
    const orgId = organization?.id ?? assert.fail()
    const known = (await store.people.byVerifiedEmail(orgId, una().email))[0] ?? assert.fail()
    await store.people.recordSignIn({
      ...known,
      id: `sub_${'1'.repeat(26)}` as typeof known.id,
      sub: 'una-again',
      version: 1,
    })
    assert.equal(await codeOf(broker.gateway('me')), 'subject_ambiguous')
  })

  it('hide what was not meant for the caller: a bug is internal, and its cause is not sent', () => {
    const { status, body } = toProblem(new Error('SELECT secret FROM x at /srv/app.ts'), where)
    assert.deepEqual([status, body.code, body.detail], [500, 'internal', undefined])
    const told = toProblem(
      new BrokerError('release_not_allowed', { cause: new Error('inner'), retryAfterMs: 1_500 }),
      where,
    )
    assert.equal(told.headers['retry-after'], '2')
    assert.ok(!JSON.stringify(told).includes('inner'))
  })

  it('come from a store that is closed and a vault without its key', async () => {
    const rig = await flowRig()
    const { store, ports, context } = rig
    await assert.rejects(
      ports.vault.mac('org_none' as typeof context.organization.id, 'csrf', new Uint8Array(1)),
      error => error instanceof BrokerError && error.code === 'vault_unavailable',
    )
    await rig[Symbol.asyncDispose]()
    await assert.rejects(
      store.audit.add([
        {
          id: 'aud_x' as never,
          orgId: context.organization.id,
          at: 1,
          action: 'audit.exported',
          result: 'done',
          principal: 'x',
          onBehalfOf: null,
          target: null,
          address: null,
          requestId: null,
          details: {},
        },
      ]),
      error => error instanceof BrokerError && error.code === 'shutting_down',
    )
  })
})
