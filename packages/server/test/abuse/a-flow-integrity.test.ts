import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { createBrowser, type HeadlessBrowser } from '../support/browser.ts'
import { startTestBroker, type TestBroker } from '../support/test-broker.ts'

describe('A: flow integrity', () => {
  let broker: TestBroker
  let browser: HeadlessBrowser
  const una = () => broker.people[0] ?? assert.fail()
  const exchanges = () =>
    broker.provider.requests().filter(({ grantType }) => grantType?.startsWith('authorization_code')).length

  before(async () => {
    broker = await startTestBroker()
    browser = createBrowser()
    await browser.signIn(broker.url, una())
  })
  after(() => broker[Symbol.asyncDispose]())

  const page = async (path: string) => {
    const response = await browser.visit(`${broker.url}${path}`)
    return { status: response.status, text: (await response.text()).replace(/req_\w+/g, '') }
  }

  it('A-01, A-02 refuses a callback without state and with any altered state, in the same words, asking the provider nothing', async () => {
    const state = new URL(await browser.begin(broker.url, 'orbit')).searchParams.get('state') ?? ''
    const missing = await page('/auth/oauthCallback/orbit?code=x')
    assert.equal(missing.status, 400)
    const altered = Array.from({ length: 200 }, (_, index) => {
      const at = index % state.length
      if (index % 3 === 0) return state.slice(0, at)
      return state.slice(0, at) + (state[at] === 'A' ? 'B' : 'A') + state.slice(at + 1)
    })
    for (const text of altered) {
      const { status, text: body } = await page(`/auth/oauthCallback/orbit?code=x&state=${text}`)
      assert.equal(status, 400)
      assert.equal(body, missing.text)
    }
    assert.equal(exchanges(), 0)
  })

  it('A-03, A-04 counts a callback only in the browser and for the person that began it, signed in', async () => {
    const callback = await browser.consent(await browser.begin(broker.url, 'orbit'), una())
    const signedOut = createBrowser()
    assert.equal((await signedOut.visit(callback)).status, 401)
    const sameCookieOtherPerson = createBrowser()
    await sameCookieOtherPerson.signIn(broker.url, broker.people[1] ?? assert.fail())
    assert.equal((await sameCookieOtherPerson.visit(callback)).status, 403)
    const samePersonOtherBrowser = createBrowser()
    await samePersonOtherBrowser.signIn(broker.url, una())
    assert.equal((await samePersonOtherBrowser.visit(callback)).status, 403)
    assert.equal(exchanges(), 0)
    const state = new URL(callback).searchParams.get('state') ?? ''
    const victim = await page(`/auth/oauthCallback/orbit?error=access_denied&state=${state.slice(1)}`)
    assert.equal(victim.status, 400, 'A-21: an error needs its state too')
  })

  it('A-07, A-09 makes one token request for a callback seen twice at once and again later, and shows the same result', async () => {
    const callback = await browser.consent(await browser.begin(broker.url, 'orbit'), una())
    const before = exchanges()
    const twins = await Promise.all([browser.visit(callback), browser.visit(callback), browser.visit(callback)])
    const later = await browser.visit(callback)
    const places = new Set([...twins, later].map(answer => answer.headers.get('location')))
    assert.equal(places.size, 1)
    assert.match([...places][0] ?? '', /^\/connections\/result\/[0-9a-f]{64}$/)
    assert.equal(exchanges(), before + 1)
    assert.equal((await broker.api('/connections')).body.items?.[0]?.['status'], 'connected')
  })

  it('A-09 refuses a callback after ten minutes and says so; a fresh start works', async () => {
    const callback = await browser.consent(await browser.begin(broker.url, 'orbit'), una())
    broker.advance(601_000)
    const answer = await browser.visit(callback)
    assert.equal(answer.status, 410)
    assert.match(await answer.text(), /That took too long/)
    const again = await browser.consent(await browser.begin(broker.url, 'orbit'), una())
    assert.equal((await browser.visit(again)).status, 303)
  })

  it('A-10, A-12 sends S256 every time, with challenges and states that never repeat', async () => {
    const starts: URLSearchParams[] = []
    for (let index = 0; index < 40; index += 1)
      starts.push(new URL(await browser.begin(broker.url, 'orbit')).searchParams)
    assert.deepEqual(new Set(starts.map(query => query.get('code_challenge_method'))), new Set(['S256']))
    for (const name of ['code_challenge', 'state']) {
      const values: readonly string[] = starts.map(query => query.get(name) ?? '')
      assert.equal(new Set(values).size, starts.length)
      assert.ok(values.every(value => value.length >= 43))
    }
  })

  it('A-18, A-19 gives each connector its own callback and takes no answer at another one', async () => {
    const other = {
      name: 'other',
      base_url: broker.provider.apiUrl,
      approve: true,
      open_to_all: true,
      auth: {
        authorization_url: `${broker.provider.url}/auth`,
        token_url: `${broker.provider.url}/token`,
        client_id: 'behalf',
        client_secret: 'x'.repeat(20),
        scope: ['openid'],
      },
    }
    const made = await broker.api('/connectors', { method: 'POST', body: other })
    assert.equal(made.body['callback_url'], `${broker.url}/auth/oauthCallback/other`)
    const callback = await browser.consent(await browser.begin(broker.url, 'orbit'), una())
    const before = exchanges()
    for (const path of ['/auth/oauthCallback/other', '/auth/oauthCallback']) {
      assert.equal((await browser.visit(callback.replace('/auth/oauthCallback/orbit', path))).status, 400)
    }
    assert.equal(exchanges(), before)
    assert.equal((await browser.visit(callback)).status, 303, 'the right one still counts')
  })

  it('RFC 9207: refuses a missing or another iss where the issuer is pinned, on error answers too', async () => {
    for (const iss of [undefined, 'https://evil.example', `${broker.provider.url}/`]) {
      const callback = new URL(await browser.consent(await browser.begin(broker.url, 'orbit'), una()))
      if (iss === undefined) callback.searchParams.delete('iss')
      else callback.searchParams.set('iss', iss)
      const before = exchanges()
      const result = await browser.visit(callback.href)
      assert.match(
        await (await browser.visit(`${broker.url}${result.headers.get('location')}`)).text(),
        /did not come from the system you were sent to/,
      )
      assert.equal(exchanges(), before)
    }
  })

  it('A-22 takes no tokens from a query and no form post at a callback', async () => {
    const begun = new URL(await browser.begin(broker.url, 'orbit'))
    const state = begun.searchParams.get('state')
    const iss = encodeURIComponent(broker.provider.url)
    const result = await browser.visit(
      `${broker.url}/auth/oauthCallback/orbit?state=${state}&iss=${iss}&access_token=stolen&id_token=x`,
    )
    assert.match(
      await (await browser.visit(`${broker.url}${result.headers.get('location')}`)).text(),
      /could not be connected/,
    )
    assert.equal((await browser.visit(`${broker.url}/auth/oauthCallback/orbit`, { state: 'x', code: 'y' })).status, 405)
  })

  it('A-23 refuses a callback in which a name comes twice', async () => {
    for (const query of [
      'code=a&code=b&state=c',
      'code=a&state=b&state=c',
      'code=a&state=b&iss=x&iss=y',
      'code[]=a&state=b',
      'code=a&state[a]=b',
    ]) {
      assert.equal((await page(`/auth/oauthCallback/orbit?${query}`)).status, 400, query)
    }
  })

  it('A-25 shows what will be asked, by whom and where to, and begins only by a form with its token', async () => {
    const { text } = await page('/connectors/orbit/connect')
    for (const word of ['Orbit CRM', 'Assistant', 'Read contacts', new URL(broker.provider.url).host])
      assert.ok(text.includes(word), word)
    const forged = await browser.visit(`${broker.url}/connectors/orbit/connect`, { csrf: '0'.repeat(64) })
    assert.equal(forged.status, 403)
  })

  it('A-27 stores the scopes as granted and says what is missing', async () => {
    const callback = await browser.consent(await browser.begin(broker.url, 'orbit'), una(), {
      scopes: ['email', 'offline_access'],
    })
    const done = await browser.visit(callback)
    assert.match(
      await (await browser.visit(`${broker.url}${done.headers.get('location')}`)).text(),
      /You did not allow/,
    )
    const { body } = await broker.api('/connections?connector=orbit')
    assert.deepEqual(body.items?.[0]?.['granted_scope'], ['openid', 'email', 'offline_access'])
  })

  it('RF-03 leaves an earlier connection untouched when a later consent is cancelled', async () => {
    const callback = await browser.consent(await browser.begin(broker.url, 'orbit'), una(), { cancel: true })
    const done = await browser.visit(callback)
    assert.match(
      await (await browser.visit(`${broker.url}${done.headers.get('location')}`)).text(),
      /You said no there/,
    )
    assert.equal((await broker.api('/connections?connector=orbit')).body.items?.[0]?.['status'], 'connected')
  })
})
