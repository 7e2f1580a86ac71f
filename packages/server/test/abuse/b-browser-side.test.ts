import assert from 'node:assert/strict'
import { request } from 'node:http'
import { after, before, describe, it } from 'node:test'
import { safeReturnTo } from '../../src/domain/return-to.ts'
import { readCookie, setCookie } from '../../src/http/cookies.ts'
import { createBrowser, type HeadlessBrowser } from '../support/browser.ts'
import { startTestBroker, type TestBroker } from '../support/test-broker.ts'

/** One request whose Host and other headers are ours to choose; fetch would not let them be. */
function raw(url: string, headers: Record<string, string>): Promise<{ status: number; location: string }> {
  return new Promise((resolve, reject) => {
    request(url, { headers }, response => {
      response.resume()
      resolve({ status: response.statusCode ?? 0, location: response.headers.location ?? '' })
    })
      .on('error', reject)
      .end()
  })
}

describe('B and C: redirects, headers, cookies, sessions', () => {
  let broker: TestBroker
  let browser: HeadlessBrowser
  const una = () => broker.people[0] ?? assert.fail()
  before(async () => {
    broker = await startTestBroker()
    browser = createBrowser()
    await browser.signIn(broker.url, una())
  })
  after(() => broker[Symbol.asyncDispose]())

  it('B-01 builds the redirect URI from the configured URL, whatever the headers say', async () => {
    for (const name of [
      'host',
      'x-forwarded-host',
      'x-forwarded-proto',
      'x-forwarded-port',
      'x-forwarded-prefix',
      'forwarded',
      'x-original-url',
      'x_forwarded_host',
    ]) {
      const value = name === 'forwarded' ? 'host=evil.example;proto=https' : 'evil.example'
      const { location } = await raw(`${broker.url}/auth/login`, { [name]: value })
      assert.equal(new URL(location).searchParams.get('redirect_uri'), `${broker.url}/auth/ssoCallback`, name)
    }
  })

  it('B-03 leads nowhere else by return_to', () => {
    const payloads = [
      '//e.example',
      '///e.example',
      '/\\e.example',
      '\\/\\/e.example',
      '/%09/e.example',
      '/%2f%2fe.example',
      '/%5ce.example',
      'https:e.example',
      'https:/e.example',
      'https://e.example',
      'javascript:alert(1)',
      'data:text/html,x',
      '/\t/e.example',
      '/\r\nSet-Cookie: a=b',
      '/%0d%0aSet-Cookie:a',
      ' //e.example',
      '@e.example',
      'http://localhost@e.example',
      '/a//b',
      '/auth/logout',
      '',
      '/．．/e',
      '/\u2028',
      `/${'a'.repeat(3000)}`,
      '/..//e.example',
      '/./\\e',
    ]
    for (const payload of payloads) assert.equal(safeReturnTo(payload), '/connections', payload)
    assert.equal(safeReturnTo('/connectors/orbit/connect?plugin=a'), '/connectors/orbit/connect?plugin=a')
    assert.equal(safeReturnTo(undefined), '/connections')
  })

  it('B-06 renders hostile provider words inert, and links only to http and https', async () => {
    const begun = new URL(await browser.begin(broker.url, 'orbit'))
    const script = '<script>alert(1)</script>"><img src=x onerror=alert(1)>'
    const query = new URLSearchParams({
      state: begun.searchParams.get('state') ?? '',
      iss: broker.provider.url,
      error: 'server_error',
      error_description: script,
      error_uri: 'javascript:alert(1)',
    })
    const done = await browser.visit(`${broker.url}/auth/oauthCallback/orbit?${query}`)
    const text = await (await browser.visit(`${broker.url}${done.headers.get('location')}`)).text()
    assert.ok(text.includes('&lt;script&gt;alert(1)'))
    const ours = text.replace(/<script src="\/assets\/pages\.[0-9a-f]{12}\.js" defer><\/script>/, '')
    assert.ok(!/<script|<img|onerror=alert\(1\)>|javascript:/i.test(ours))
  })

  it('B-07, B-08 sends the same strict headers with every page, answer and error', async () => {
    const paths = [
      '/connections',
      '/auth/signed-out',
      '/nowhere',
      '/api/docs',
      '/api/v1/openapi.json',
      '/api/v1/connectors',
      '/api/v1/nothing',
      '/auth/oauthCallback/orbit',
      '/connectors/none/connect',
      '/auth/ssoCallback?state=x',
    ]
    for (const path of paths) {
      const { headers, status } = await browser.visit(`${broker.url}${path}`)
      const policy = headers.get('content-security-policy') ?? ''
      for (const part of [
        "default-src 'none'",
        "object-src 'none'",
        "base-uri 'none'",
        "form-action 'self'",
        "frame-ancestors 'none'",
      ])
        assert.ok(policy.includes(part), `${path} ${status} ${part}`)
      assert.match(
        policy,
        /(^|; )script-src 'self'(;|$)/,
        'files of our own, nothing inline and nothing from elsewhere',
      )
      assert.match(policy, /; require-trusted-types-for 'script'; trusted-types 'none'$/)
      assert.ok(!/unsafe|nonce|eval/.test(policy))
      assert.equal(headers.get('x-content-type-options'), 'nosniff', path)
      assert.equal(headers.get('referrer-policy'), 'no-referrer', path)
      assert.equal(headers.get('cache-control'), 'no-store', path)
      assert.equal(headers.get('server'), null)
      assert.equal(headers.get('access-control-allow-origin'), null)
      if (status !== 303) assert.match(headers.get('content-type') ?? '', /charset=utf-8/i, path)
    }
  })

  it('B-09 refuses every unsafe form and call of a cookie session that another site could send', async () => {
    const page = await (await browser.visit(`${broker.url}/connectors/orbit/connect`)).text()
    const csrf = /name="csrf" value="([0-9a-f]+)"/.exec(page)?.[1] ?? assert.fail()
    const target = `${broker.url}/connectors/orbit/connect`
    const attacks: Record<string, string>[] = [
      { origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' },
      { origin: 'null', 'sec-fetch-site': 'cross-site' },
      { origin: 'null', 'sec-fetch-site': 'none' },
      { origin: `${broker.url}.evil.example`, 'sec-fetch-site': 'same-origin' },
      { origin: broker.url, 'sec-fetch-site': 'same-site' },
      { origin: '', 'sec-fetch-site': '' },
    ]
    for (const headers of attacks)
      assert.equal((await browser.visit(target, { csrf }, headers)).status, 403, JSON.stringify(headers))
    assert.equal((await browser.visit(target, { csrf: 'no' })).status, 403)
    assert.equal((await browser.visit(target, { csrf }, { 'content-type': 'text/plain' })).status, 415)
    assert.equal((await browser.visit(target, { csrf })).status, 200, 'the form itself works')
    const cookie = [...browser.cookies(broker.url)].map(([name, value]) => `${name}=${value}`).join('; ')
    const rest = await fetch(`${broker.url}/api/v1/sessions/ses_${'0'.repeat(26)}`, {
      method: 'DELETE',
      headers: { cookie, origin: broker.url },
    })
    assert.equal(((await rest.json()) as { code: string }).code, 'csrf_rejected')
  })

  it('B-11, A-13 signs nobody in with a finished callback of another browser', async () => {
    const mallory = createBrowser()
    const login = await mallory.follow(`${broker.url}/auth/login`, /\/interaction\//)
    const text = await (await mallory.visit(login)).text()
    const action = /<form method="post" action="([^"]+)"/.exec(text)?.[1] ?? assert.fail()
    const person = broker.people[1] ?? assert.fail()
    const callback = await mallory.follow(new URL(action, login).href, /\/auth\/ssoCallback/, {
      email: person.email,
      password: person.password,
    })
    const victim = createBrowser()
    await victim.visit(`${broker.url}/auth/login`)
    const answer = await victim.visit(callback)
    assert.equal(answer.status, 403)
    assert.deepEqual([...victim.cookies(broker.url).keys()], ['behalf_browser'])
  })

  it('B-12 allows no other origin, and answers no preflight', async () => {
    for (const origin of ['https://evil.example', 'null', `${broker.url}.evil.example`]) {
      const answer = await fetch(`${broker.url}/api/v1/connectors`, {
        method: 'OPTIONS',
        headers: { origin, 'access-control-request-method': 'GET' },
      })
      assert.equal(answer.headers.get('access-control-allow-origin'), null)
      assert.ok(answer.status >= 400)
    }
  })

  it('C-01 sets cookies with every flag, and with the prefix where they can be Secure', () => {
    assert.equal(
      setCookie('session', 'a'.repeat(43), { secure: true, maxAgeMs: 5_000 }),
      `__Host-behalf_session=${'a'.repeat(43)}; Path=/; HttpOnly; SameSite=Lax; Max-Age=5; Secure`,
    )
    const twice = `__Host-behalf_session=${'a'.repeat(43)}; __Host-behalf_session=${'b'.repeat(43)}`
    assert.equal(readCookie(twice, 'session', true), undefined, 'a cookie that came twice is nobody’s')
    assert.equal(readCookie(`behalf_session=${'a'.repeat(43)}`, 'session', true), undefined)
  })

  it('C-02 gives a new session at sign-in, and takes no planted one', async () => {
    const fresh = createBrowser()
    fresh.cookies(broker.url).set('behalf_session', 'planted'.repeat(6))
    await fresh.signIn(broker.url, una())
    const first = fresh.cookies(broker.url).get('behalf_session') ?? ''
    assert.notEqual(first, 'planted'.repeat(6))
    await fresh.follow(`${broker.url}/auth/login`, /\/connections$/)
    assert.notEqual(fresh.cookies(broker.url).get('behalf_session'), first)
    const replayed = await fetch(`${broker.url}/connections`, {
      redirect: 'manual',
      headers: { cookie: `behalf_session=${first}` },
    })
    assert.match(replayed.headers.get('location') ?? '', /\/auth\/login/, 'the session before is dead')
  })

  it('C-03 ends a session on the server at sign-out', async () => {
    const leaving = createBrowser()
    await leaving.signIn(broker.url, una())
    const session = leaving.cookies(broker.url).get('behalf_session') ?? ''
    const csrf =
      /name="csrf" value="([0-9a-f]+)"/.exec(await (await leaving.visit(`${broker.url}/connections`)).text())?.[1] ??
      assert.fail()
    const out = await (await leaving.visit(`${broker.url}/auth/logout`, { csrf })).text()
    assert.ok(
      out.includes(`client_id=behalf`) && !out.includes('id_token_hint'),
      'B-05: the client is named, the person is not',
    )
    const answer = await fetch(`${broker.url}/api/v1/sessions`, { headers: { cookie: `behalf_session=${session}` } })
    assert.equal(answer.status, 401)
  })

  it('C-04 ends a session that idles, and a busy one at its absolute limit', async () => {
    const busy = createBrowser()
    await busy.signIn(broker.url, una())
    for (let hours = 0; hours < 23; hours += 1) {
      broker.advance(3_600_000)
      assert.equal((await busy.visit(`${broker.url}/connections`)).status, 200, `${hours} h`)
    }
    broker.advance(3_600_000)
    assert.equal((await busy.visit(`${broker.url}/connections`)).status, 303)
    const idle = createBrowser()
    await idle.signIn(broker.url, una())
    broker.advance(8 * 3_600_000)
    assert.equal((await idle.visit(`${broker.url}/connections`)).status, 303)
  })

  it('C-06 refuses a suspended person at once: sessions, plugin calls, and a new sign-in', async () => {
    const suspended = createBrowser()
    await suspended.signIn(broker.url, una())
    const { body } = await broker.api('/people')
    const person = body.items?.find(item => item['email'] === una().email)
    assert.equal(
      (await broker.api(`/people/${person?.['id']}/suspend`, { method: 'POST' })).body['status'],
      'suspended',
    )
    assert.equal((await suspended.visit(`${broker.url}/connections`)).status, 303)
    assert.equal(((await (await broker.gateway('me')).json()) as { code: string }).code, 'subject_suspended')
    await assert.rejects(createBrowser().signIn(broker.url, una()), /stuck at .*ssoCallback.* HTTP 403/)
    await broker.api(`/people/${person?.['id']}/suspend`, { method: 'DELETE' })
    await createBrowser().signIn(broker.url, una())
  })
})
