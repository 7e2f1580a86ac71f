import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import type { CheckResult } from '../../src/domain/check.ts'
import { connect, type HeadlessBrowser } from '../support/browser.ts'
import { certificate } from '../support/certificate.ts'
import { startQuirkBroker } from '../support/quirk-broker.ts'
import { type Answer, startTestBroker, type TestBroker } from '../support/test-broker.ts'

type Auth = Record<string, unknown>

describe('the doctor', () => {
  let broker: TestBroker
  let una: HeadlessBrowser
  let unaId = ''
  before(async () => {
    broker = await startTestBroker()
    una = await connect(broker, broker.people[0] ?? assert.fail())
    const people = (await broker.api('/people')).body.items ?? []
    unaId = String(people.find(({ email }) => email === broker.people[0]?.email)?.['id'])
  })
  after(() => broker[Symbol.asyncDispose]())

  async function make(name: string, auth: Auth = {}, fields: Auth = {}): Promise<void> {
    const body = {
      name,
      base_url: broker.provider.apiUrl,
      approve: true,
      auth: {
        authorization_url: `${broker.provider.url}/auth`,
        token_url: `${broker.provider.url}/token`,
        client_id: 'behalf',
        client_secret: 'not-the-secret',
        scope: ['openid', 'offline_access'],
        ...auth,
      },
      ...fields,
    }
    const made = await broker.api('/connectors', { method: 'POST', body })
    assert.equal(made.status, 201, JSON.stringify(made.body))
  }
  const check = (name: string, body: unknown = {}) => broker.api(`/connectors/${name}/check`, { method: 'POST', body })
  async function findings(answer: Promise<Answer>): Promise<readonly CheckResult[]> {
    const { status, body } = await answer
    assert.equal(status, 200, JSON.stringify(body))
    return body['results'] as readonly CheckResult[]
  }
  const one = (found: readonly CheckResult[], name: string, subject?: string): CheckResult =>
    found.find(each => each.check === name && (subject === undefined || each.subject === subject)) ??
    assert.fail(`${name} ${subject} in ${JSON.stringify(found)}`)
  const tokenRequests = () =>
    broker.provider.requests().filter(({ path, method }) => method === 'POST' && path === '/token').length

  const behalf = (args: readonly string[]) =>
    new Promise<{ code: number; out: string; err: string }>(resolve => {
      const launcher = join(import.meta.dirname, '../../../cli/bin/behalf.js')
      const env = { PATH: process.env['PATH'] ?? '', ...broker.env }
      const child = execFile(process.execPath, [launcher, ...args], { env }, (_, out, err) =>
        resolve({ code: child.exitCode ?? 1, out, err }),
      )
    })

  async function asUna(path: string, body: unknown): Promise<Answer> {
    const cookie = [...una.cookies(broker.url)].map(([name, value]) => `${name}=${value}`).join('; ')
    const me = (await (await una.visit(`${broker.url}/api/v1/me`)).json()) as { csrf_token: string }
    const own = { cookie, origin: broker.url, 'sec-fetch-site': 'same-origin', 'behalf-csrf': me.csrf_token }
    const response = await fetch(`${broker.url}/api/v1${path}`, {
      method: 'POST',
      headers: { ...own, 'content-type': 'application/json' },
      body: JSON.stringify(body),
    })
    return { status: response.status, body: (await response.json()) as Answer['body'], headers: response.headers }
  }

  it('passes a connector that works, with one made-up code, and tells the audit', async () => {
    const before = tokenRequests()
    const answer = await check('orbit')
    const found = await findings(Promise.resolve(answer))
    assert.equal(answer.body['passed'], true)
    assert.deepEqual(
      found.filter(({ outcome }) => outcome === 'failed' || outcome === 'warning'),
      [],
    )
    assert.equal(tokenRequests() - before, 1)
    assert.match(one(found, 'client_authentication').answered ?? '', /^invalid_grant/)
    assert.match(one(found, 'discovery').answered ?? '', /issuer http/)
    assert.equal(one(found, 'redirect_uri').outcome, 'passed')
    assert.equal(one(found, 'revocation').outcome, 'passed')
    assert.deepEqual([one(found, 'pkce').subject, one(found, 'refresh_token').subject], ['S256', 'recipe'])
    assert.equal(one(found, 'health').outcome, 'skipped')
    const [told] = (await broker.api('/audit-events?action=connector.checked')).body.items ?? []
    assert.deepEqual([told?.['target'], told?.['details']], ['orbit', { failed: [] }])
  })

  it('tells a wrong client secret and a redirect URI that nobody registered, in the provider’s words', async () => {
    await make('mistaken')
    const answer = await check('mistaken')
    const found = await findings(Promise.resolve(answer))
    assert.equal(answer.body['passed'], false)
    const authentication = one(found, 'client_authentication', 'client_secret_basic')
    assert.equal(authentication.outcome, 'failed')
    assert.match(authentication.answered ?? '', /^invalid_client/)
    assert.match(authentication.advice ?? '', /client ID and secret/)
    const redirectUri = one(found, 'redirect_uri')
    assert.equal(redirectUri.outcome, 'failed')
    assert.match(redirectUri.advice ?? '', /Register exactly http:\/\/localhost:\d+\/auth\/oauthCallback\/mistaken at/)
    assert.equal(one(found, 'discovery').outcome, 'skipped')
    assert.equal(one(found, 'revocation').outcome, 'warning')
    assert.ok(!JSON.stringify(answer.body).includes('not-the-secret'))
  })

  it('tries the methods it is asked for, one request each, and never more', async () => {
    await make('manifold')
    const before = tokenRequests()
    const asked = ['client_secret_post', 'client_secret_basic', 'none']
    const found = await findings(check('manifold', { client_authentication: asked }))
    const tried = found.filter(each => each.check === 'client_authentication')
    assert.deepEqual(
      tried.map(({ subject, outcome }) => [subject, outcome]),
      [
        ['client_secret_basic', 'failed'],
        ['client_secret_post', 'warning'],
        ['none', 'warning'],
      ],
    )
    assert.equal(tokenRequests() - before, 3)
    for (const methods of [['none', 'none'], ['magic'], Array(5).fill('none')])
      assert.equal((await check('manifold', { client_authentication: methods })).status, 400)
    assert.equal(tokenRequests() - before, 3)
  })

  it('tells what cannot be reached, by endpoint', async () => {
    await make('astray', { token_url: 'https://nowhere.invalid/token', revoke_url: 'https://nowhere.invalid/revoke' })
    const found = await findings(check('astray'))
    const token = one(found, 'reachability', 'token_url')
    assert.equal(token.outcome, 'failed')
    assert.match(token.sent ?? '', /^GET https:\/\/nowhere\.invalid\/token$/)
    assert.match(token.advice ?? '', /host name/)
    assert.equal(one(found, 'reachability', 'revoke_url').outcome, 'failed')
    assert.equal(one(found, 'reachability', 'base_url').outcome, 'passed')
    assert.equal(one(found, 'client_authentication').outcome, 'failed')
  })

  it('leaves out what depends on an answer it was not given', async () => {
    const { port } = new URL(broker.provider.url)
    const variables = { where: { source: 'person', type: 'host', host_suffixes: [`localhost:${port}`] } }
    await make('asking', { token_url: 'http://{where}/token', authorization_url: 'http://{where}/auth' }, { variables })
    const before = tokenRequests()
    const without = await findings(check('asking'))
    assert.equal(one(without, 'reachability', 'token_url').outcome, 'skipped')
    assert.equal(one(without, 'client_authentication').outcome, 'skipped')
    assert.equal(tokenRequests(), before)
    const given = await findings(check('asking', { variables: { where: `localhost:${port}` } }))
    assert.equal(one(given, 'reachability', 'token_url').outcome, 'passed')
    assert.match(one(given, 'client_authentication').answered ?? '', /^invalid_client/)
  })

  it('sends no secret to hosts that no admin approved', async () => {
    await make('fresh', {}, { approve: false })
    await broker.api(`/people/${unaId}/roles`, { method: 'PUT', body: { roles: ['developer'] } })
    const before = tokenRequests()
    const found = await findings(asUna('/connectors/fresh/check', {}))
    for (const name of ['client_authentication', 'redirect_uri', 'health'])
      assert.match(one(found, name).advice ?? '', /approved/)
    assert.equal(tokenRequests(), before)
  })

  it('makes the health call with the developer’s own connection', async () => {
    const version = (await broker.api('/connectors/orbit')).headers.get('etag') ?? ''
    const patch = { method: 'PATCH', headers: { 'if-match': version } }
    const health = { method: 'GET', path: 'contacts', status: [200] }
    const patched = await broker.api('/connectors/orbit', { ...patch, body: { health } })
    assert.equal(patched.status, 200, JSON.stringify(patched.body))
    const healthy = one(await findings(asUna('/connectors/orbit/check', {})), 'health')
    assert.deepEqual([healthy.outcome, healthy.answered], ['passed', 'HTTP 200'])
    assert.doesNotMatch(healthy.sent ?? '', /Bearer/)
    const other = one(await findings(check('orbit')), 'health')
    assert.deepEqual([other.outcome, /of your own/.test(other.advice ?? '')], ['skipped', true])
  })

  it('tells the same on the command line: each finding with what was sent, what came back and what to change', async () => {
    const passing = await behalf(['connector', 'check', 'orbit', '--json'])
    assert.equal(passing.code, 0, passing.err)
    const { connector, passed } = JSON.parse(passing.out) as { connector: string; passed: boolean }
    assert.deepEqual([connector, passed], ['orbit', true])
    await make('wrong')
    const failing = await behalf(['connector', 'check', 'wrong', '--try', 'client_secret_post'])
    assert.equal(failing.code, 1, 'a check that failed')
    const blocks = failing.out.split(/\n(?=\S)/)
    const client = blocks.find(block => /^FAIL {2}client_authentication/.test(block)) ?? assert.fail(failing.out)
    assert.match(client, /\n {6}sent: .*\n {6}answered: invalid_client.*\n {6}change: .+/)
    assert.equal(blocks.filter(block => block.includes('client_secret_post')).length > 0, true)
    assert.doesNotMatch(failing.out, /not-the-secret/)
    const nobody = await behalf(['connector', 'check', 'nothing'])
    assert.equal(nobody.code, 1)
  })

  it('is asked three times at once, then slowly', async () => {
    await make('often')
    const statuses = []
    for (let times = 0; times < 4; times += 1) statuses.push((await check('often')).status)
    assert.deepEqual(statuses, [200, 200, 200, 429])
  })
})

describe('what the doctor tells of each thing', () => {
  const METADATA = 'GET /.well-known/openid-configuration'
  const well = (origin: string) => ({
    issuer: origin,
    authorization_endpoint: `${origin}/auth`,
    token_endpoint: `${origin}/token`,
    code_challenge_methods_supported: ['plain'],
    token_endpoint_auth_methods_supported: ['client_secret_post'],
    scopes_supported: ['openid', 'offline_access'],
  })
  const refused = (error: string, error_description: string) => ({ status: 400, body: { error, error_description } })

  it('is what was sent, what came back in the provider’s own words, and what to change, without a secret', async () => {
    const untrusted = createServer(certificate('localhost')).listen(0, '127.0.0.1')
    await once(untrusted, 'listening')
    const { port } = untrusted.address() as AddressInfo
    await using rig = await startQuirkBroker([
      {
        name: 'ailing',
        behaviour: {
          endpoints: {
            [METADATA]: { body: {} },
            'POST /token': { body: { access_token: 'at-canary-1' } },
          },
        },
        definition: () => ({
          health: { path: 'me' },
          auth: {
            scope: ['openid'],
            client_secret: 'cs-canary-1',
            revoke_url: 'http://127.0.0.1:1/revoke',
            userinfo_url: `https://localhost:${port}/userinfo`,
          },
        }),
      },
    ])
    const { broker, provider } = rig
    const origin = provider.origin('ailing')
    await rig.connect('ailing')
    const sick = (endpoints: object) =>
      provider.behave('ailing', { endpoints: { [METADATA]: { body: well(origin) }, ...endpoints } })
    sick({})
    const { body, headers } = await broker.api('/connectors/ailing')
    const saved = await broker.api('/connectors/ailing', {
      method: 'PATCH',
      headers: { 'if-match': headers.get('etag') ?? `"${body['version']}"` },
      body: {
        auth: {
          issuer: origin,
          discovery: 'openid',
          authorization_url: `${origin}/ask`,
        },
      },
    })
    assert.equal(saved.status, 200, JSON.stringify(saved.body))
    sick({
      'POST /token': refused('invalid_client', 'no client has cs-canary-1'),
      'GET /ask': refused('redirect_uri_mismatch', 'the redirect_uri is not one of yours'),
      'GET /api/me': { status: 403, body: { error: { code: 'forbidden', message: 'at-canary-1 lacks the scope me' } } },
    })
    let found = await rig.check('ailing')
    const told = (check: string, subject: string) => {
      const { outcome, sent, answered, advice } =
        found.find(each => each.check === check && each.subject === subject) ?? assert.fail(`${check} ${subject}`)
      return [outcome, sent, answered, advice]
    }
    const redirectUri = `${broker.url}/auth/oauthCallback/ailing`
    assert.deepEqual(told('reachability', 'token_url'), ['passed', `GET ${origin}/token`, 'HTTP 404', null])
    assert.deepEqual(told('reachability', 'userinfo_url'), [
      'failed',
      `GET https://localhost:${port}/userinfo`,
      'connect: DEPTH_ZERO_SELF_SIGNED_CERT',
      'Look at the host name. For a certificate of a private CA, have the operator set NODE_EXTRA_CA_CERTS.',
    ])
    assert.deepEqual(told('client_authentication', 'client_secret_basic'), [
      'failed',
      'POST the token endpoint: grant_type=authorization_code, code=[made up], client by client_secret_basic',
      'invalid_client: no client has [secret]',
      'Look at the client ID and secret, or at the method. The provider publishes client_secret_post.',
    ])
    assert.deepEqual(told('redirect_uri', 'redirect_uri'), [
      'failed',
      `GET the authorization endpoint: redirect_uri=${redirectUri}`,
      'HTTP 400, redirect_uri_mismatch: the redirect_uri is not one of yours',
      `Register exactly ${redirectUri} at the provider.`,
    ])
    assert.deepEqual(told('pkce', 'S256'), [
      'failed',
      `GET the metadata of ${origin}`,
      'code_challenge_methods_supported: plain',
      'The provider does not list S256. It lists plain.',
    ])
    assert.deepEqual(told('refresh_token', 'recipe'), [
      'warning',
      'an authorization request asks: scope=openid',
      null,
      'Ask for the scope offline_access: without it there may be no refresh token, and people must reconnect when the access token ends.',
    ])
    assert.deepEqual(told('revocation', 'revocation'), [
      'failed',
      'GET http://127.0.0.1:1',
      'connect: ECONNREFUSED',
      'Look at the host name. For a certificate of a private CA, have the operator set NODE_EXTRA_CA_CERTS.',
    ])
    assert.deepEqual(told('health', 'health'), [
      'failed',
      'GET me under the base URL, with your own token',
      'HTTP 403, forbidden: [secret] lacks the scope me',
      'It should answer 200: look at the base URL, the scopes and how the token is injected.',
    ])
    assert.doesNotMatch(JSON.stringify(found), /canary/)

    const back = `${redirectUri}?error=invalid_scope&error_description=no%20openid%20here`
    sick({
      [METADATA]: { body: { ...well(origin), issuer: `${origin}/` } },
      'GET /ask': { status: 302, headers: { location: back } },
    })
    found = await rig.check('ailing')
    assert.deepEqual(told('discovery', 'issuer'), [
      'failed',
      `GET the metadata of ${origin}`,
      `The metadata names the issuer "${origin}/"; it must be written so byte for byte.`,
      'Write the issuer exactly as the provider publishes it, or give the endpoints instead.',
    ])
    assert.deepEqual(told('redirect_uri', 'redirect_uri'), [
      'warning',
      `GET the authorization endpoint: redirect_uri=${redirectUri}`,
      'HTTP 302, invalid_scope: no openid here',
      'The redirect URI is registered, and the provider refuses the rest: look at the scopes and parameters.',
    ])
    untrusted.close()
  })
})
