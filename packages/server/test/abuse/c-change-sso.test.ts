import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { type RunningServer, startSso } from '@behalf/playground'
import { createBrowser, type HeadlessBrowser } from '../support/browser.ts'
import { startTestBroker, type TestBroker } from '../support/test-broker.ts'

type Body = Record<string, unknown> & { readonly version?: number; readonly code?: string }

describe('C: changing the SSO', () => {
  const secretOfNew = 'the-secret-of-the-new-sign-in'
  let broker: TestBroker
  let next: RunningServer
  let ada: HeadlessBrowser
  let dev: HeadlessBrowser
  const [ADA, DEV] = [2, 1] as const
  const person = (index: number) => broker.people[index] ?? assert.fail()
  before(async () => {
    broker = await startTestBroker({ env: { BEHALF_OUTBOUND_ALLOW: '127.0.0.1/32 [::1]/128' } })
    next = await startSso({
      port: 0,
      people: broker.people.map(each => ({ ...each, sub: `new-${each.sub}` })),
      clients: [
        {
          clientId: 'behalf-new',
          clientSecret: secretOfNew,
          redirectUris: [`${broker.url}/auth/ssoCallback`],
          postLogoutRedirectUris: [`${broker.url}/auth/signed-out`],
        },
      ],
    })
    ;[ada, dev] = [createBrowser(), createBrowser()]
    for (const [browser, index] of [
      [ada, ADA],
      [dev, DEV],
    ] as const) {
      await browser.signIn(broker.url, person(index))
      const { items = [] } = (await broker.api('/people')).body
      const id = items.find(({ email }) => email === person(index).email)?.['id']
      const given = await broker.api(`/people/${id}/roles`, { method: 'PUT', body: { roles: ['admin'] } })
      assert.equal(given.status, 200)
    }
  })
  after(async () => {
    await next[Symbol.asyncDispose]()
    await broker[Symbol.asyncDispose]()
  })

  /** REST as whoever is signed in to the browser. */
  async function rest(by: HeadlessBrowser, method: string, path: string, body?: unknown, version?: number) {
    const cookie = [...by.cookies(broker.url)].map(([name, value]) => `${name}=${value}`).join('; ')
    const me = (await (await by.visit(`${broker.url}/api/v1/me`)).json()) as { csrf_token: string }
    const response = await fetch(`${broker.url}/api/v1${path}`, {
      method,
      headers: {
        cookie,
        origin: broker.url,
        'sec-fetch-site': 'same-origin',
        'behalf-csrf': me.csrf_token,
        'content-type': 'application/json',
        ...(version === undefined ? {} : { 'if-match': `"${version}"` }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
    return { status: response.status, body: (await response.json()) as Body }
  }
  const settings = (more: Record<string, unknown> = {}) => ({
    issuer: next.url,
    client_id: 'behalf-new',
    client_secret: secretOfNew,
    ...more,
  })
  const tried = async (by: HeadlessBrowser, more?: Record<string, unknown>) => {
    const { status, body } = await rest(by, 'POST', '/organization/sso/trials', settings(more))
    assert.equal(status, 201, JSON.stringify(body))
    return { id: String(body['id']), signInUrl: broker.url + String(body['sign_in_url']) }
  }
  const versionNow = async () => Number((await broker.api('/organization')).body['version'])
  const save = async (by: HeadlessBrowser, trial: string, version?: number) =>
    rest(by, 'PUT', '/organization/sso', { trial }, version ?? (await versionNow()))
  const issuerNow = async () => ((await broker.api('/organization')).body['sso'] as { issuer: string }).issuer
  const stateOf = async (by: HeadlessBrowser, id: string) =>
    (await rest(by, 'GET', `/organization/sso/trials/${id}`)).body
  const callbackOf = (by: HeadlessBrowser, signInUrl: string, index: number) =>
    by.signInAt(signInUrl, person(index), /\/auth\/ssoCallback/)

  it('is refused to a key, and where the new SSO cannot be reached or may not be called', async () => {
    const byKey = await broker.api('/organization/sso/trials', { method: 'POST', body: settings() })
    assert.equal(byKey.body['code'], 'forbidden')
    const refused = async (issuer: string) =>
      (await rest(ada, 'POST', '/organization/sso/trials', settings({ issuer }))).body.code
    assert.equal(await refused('https://169.254.169.254'), 'outbound_refused')
    assert.equal(await refused('http://localhost:1'), 'provider_unavailable')
  })

  it('sends the kept client secret to no issuer but its own', async () => {
    const { client_secret: _, ...without } = settings()
    const answer = await rest(ada, 'POST', '/organization/sso/trials', without)
    assert.deepEqual([answer.status, answer.body.code], [400, 'invalid_request'])
    assert.match(JSON.stringify(answer.body['errors']), /client_secret/)
    const own = { issuer: broker.sso.url, client_id: 'behalf' }
    assert.equal((await rest(ada, 'POST', '/organization/sso/trials', own)).status, 201)
  })

  it('counts nothing before somebody has come back, and says what went wrong where nobody could', async () => {
    const { id, signInUrl } = await tried(ada, { client_secret: 'not-the-one-that-was-agreed' })
    assert.equal((await save(ada, id)).body.code, 'sso_not_tried')
    const done = await ada.visit(await callbackOf(ada, signInUrl, ADA))
    assert.equal(done.headers.get('location'), `/studio/settings/sso?trial=${id}`)
    const trial = await stateOf(ada, id)
    assert.deepEqual([trial['state'], trial['reason'], trial['person']], ['failed', 'invalid_client', null])
    assert.equal((await save(ada, id)).body.code, 'sso_not_tried')
    assert.equal(await issuerNow(), broker.sso.url)
  })

  it('lets nobody see, walk or save the trial of another, be they an admin', async () => {
    const { id, signInUrl } = await tried(dev)
    const absent = await rest(ada, 'GET', `/organization/sso/trials/sst_${'0'.repeat(26)}`)
    assert.deepEqual((await rest(ada, 'GET', `/organization/sso/trials/${id}`)).status, absent.status)
    assert.equal((await ada.visit(signInUrl)).status, 404)
    assert.equal((await createBrowser().visit(signInUrl)).headers.get('location')?.startsWith('/auth/login'), true)
    assert.equal((await save(ada, id)).body.code, 'not_found')
    // Led to a callback that another began, in one's own browser.
    const callback = await callbackOf(dev, signInUrl, DEV)
    assert.equal((await ada.visit(callback)).status, 403)
    assert.equal((await stateOf(dev, id))['state'], 'waiting')
  })

  it('is no sign-in: a browser that is signed out comes back with nothing, and one that is signed in stays who it was', async () => {
    const { id, signInUrl } = await tried(ada)
    const callback = await callbackOf(ada, signInUrl, DEV)
    const jar = ada.cookies(broker.url)
    const session = jar.get('behalf_session') ?? assert.fail()
    jar.delete('behalf_session')
    const out = await ada.visit(callback)
    assert.equal(out.status, 403)
    assert.ok(!out.headers.getSetCookie().some(line => line.startsWith('behalf_session=')))
    jar.set('behalf_session', session)
    assert.equal((await stateOf(ada, id))['state'], 'waiting')
    assert.equal((await ada.visit(callback)).status, 403, 'a callback counts once')
    ada.cookies(next.url).clear()
    await ada.visit(await callbackOf(ada, signInUrl, DEV))
    const trial = await stateOf(ada, id)
    assert.equal((trial['person'] as Body)['email'], person(DEV).email)
    const me = (await (await ada.visit(`${broker.url}/api/v1/me`)).json()) as Body
    assert.equal(me['email'], person(ADA).email)
  })

  it('refuses a save over settings that changed between the test and the save, and a trial that is over', async () => {
    const { id, signInUrl } = await tried(ada)
    await ada.visit(await callbackOf(ada, signInUrl, ADA))
    const version = await versionNow()
    const headers = { 'if-match': `"${version}"` }
    await broker.api('/organization', { method: 'PATCH', body: { name: 'Acme Ltd' }, headers })
    assert.equal((await save(ada, id, version)).body.code, 'version_conflict')
    broker.advance(31 * 60_000)
    assert.equal((await save(ada, id)).body.code, 'not_found')
    assert.equal(await issuerNow(), broker.sso.url)
  })

  it('makes nobody an admin who was suspended between the test and the save', async () => {
    const own = { issuer: broker.sso.url, client_id: 'behalf', client_secret: undefined }
    const { id, signInUrl } = await tried(ada, own)
    ada.cookies(broker.sso.url).clear()
    await ada.visit(await callbackOf(ada, signInUrl, DEV))
    const { subject } = (await stateOf(ada, id))['person'] as Body
    assert.equal((await broker.api(`/people/${subject}/suspend`, { method: 'POST' })).status, 200)
    assert.equal((await save(ada, id)).body.code, 'subject_suspended')
    assert.equal((await broker.api(`/people/${subject}/suspend`, { method: 'DELETE' })).status, 200)
    assert.equal(await issuerNow(), broker.sso.url)
  })

  it('leaves no organization without an admin who can sign in, and says who changed what', async () => {
    const { id, signInUrl } = await tried(ada)
    ada.cookies(next.url).clear()
    await ada.visit(await callbackOf(ada, signInUrl, ADA))
    const before = await stateOf(ada, id)
    assert.deepEqual(before['person'], {
      sub: 'new-ada',
      email: person(ADA).email,
      email_verified: true,
      name: person(ADA).name,
      roles: [],
      subject: null,
    })
    const saved = await save(ada, id)
    assert.equal(saved.status, 200, JSON.stringify(saved.body))
    assert.equal((saved.body['sso'] as Body)['issuer'], next.url)
    assert.equal((await save(ada, id)).body.code, 'not_found', 'a trial is saved once')

    const fresh = createBrowser()
    await fresh.signIn(broker.url, person(ADA))
    const me = (await (await fresh.visit(`${broker.url}/api/v1/me`)).json()) as Body
    assert.deepEqual(me['roles'], ['admin'])
    // Ada and Dev of the former SSO are admins by the book, and can never sign in again.
    const given = await broker.api(`/people/${me['subject']}/roles`, { method: 'PUT', body: { roles: [] } })
    assert.equal(given.body['code'], 'last_admin')

    const events = async (action: string) => (await broker.api(`/audit-events?action=${action}`)).body.items ?? []
    const [changed, ...more] = await events('organization.sso_changed')
    assert.equal(more.length, 0)
    const details = changed?.['details'] as Body
    assert.deepEqual([details['issuer_before'], details['issuer']], [broker.sso.url, next.url])
    const results = (await events('organization.sso_tried')).map(({ result }) => result)
    assert.deepEqual(new Set(results), new Set(['done', 'failed']))
    const text = JSON.stringify([...(await events('organization.sso_tried')), changed, broker.log])
    assert.ok(!text.includes(secretOfNew), 'the secret is in no event and no line')
  })
})
