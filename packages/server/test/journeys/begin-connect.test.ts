import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { createBrowser, type HeadlessBrowser } from '../support/browser.ts'
import { startTestBroker, type TestBroker } from '../support/test-broker.ts'

/** Differs from answer to answer. */
const OWN = ['request-id', 'date', 'content-length', 'set-cookie', 'connection', 'keep-alive', 'transfer-encoding']

describe('the form that begins a connect', () => {
  let broker: TestBroker
  let browser: HeadlessBrowser
  let csrf: string
  const path = '/connectors/orbit/connect'
  before(async () => {
    broker = await startTestBroker()
    browser = createBrowser()
    await browser.signIn(broker.url, broker.people[0] ?? assert.fail())
    const page = await (await browser.visit(broker.url + path)).text()
    csrf = /name="csrf" value="([^"]+)"/.exec(page)?.[1] ?? assert.fail(page)
  })
  after(() => broker[Symbol.asyncDispose]())

  const said = async (response: Response) => {
    const headers = Object.fromEntries([...response.headers].filter(([name]) => !OWN.includes(name)))
    const requestId = response.headers.get('request-id') ?? assert.fail()
    const body = (await response.text())
      .replaceAll(requestId, 'REQUEST')
      .replaceAll(/(state|code_challenge)=[\w-]{43}/g, '$1=OWN')
      .replaceAll(/\d\d:\d\d:\d\d/g, 'TIME')
    const cookies = response.headers.getSetCookie().map(cookie => cookie.replace(/=[\w-]{20,}/, '=OWN'))
    return { status: response.status, headers, cookies, body }
  }

  /** A query, which the raw handler leaves to the pages. */
  const both = async (form: Record<string, string>, headers: Record<string, string> = {}, at = path) => {
    const raw = await said(await browser.visit(broker.url + at, form, headers))
    const page = await said(await browser.visit(`${broker.url}${at}?`, form, headers))
    return { raw, page: { ...page, body: page.body.replaceAll(`${at}?`, at) } }
  }

  it('is answered by the raw handler exactly as by the pages', async () => {
    const { raw, page } = await both({ csrf })
    assert.equal(raw.status, 200)
    assert.match(raw.body, /<meta http-equiv="refresh" content="0;url=http:\/\/[^"]+state=OWN/)
    assert.equal(raw.cookies.length, 1)
    assert.deepEqual(raw, page)
  })

  it('is refused exactly as by the pages, and nothing is begun', async () => {
    // By their ids: what is sealed into the chain meanwhile looks otherwise.
    const begun = async () =>
      (await broker.api('/audit-events?action=connect.begun&limit=100')).body.items?.map(({ id }) => id)
    const before = await begun()
    for (const [status, form, headers, at] of [
      [403, { csrf: 'a'.repeat(64) }, {}, path],
      [403, {}, {}, path],
      [403, { csrf }, { origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' }, path],
      [415, { csrf }, { 'content-type': 'text/plain' }, path],
      [401, { csrf }, { cookie: '' }, path],
      [404, { csrf }, {}, '/connectors/nobody/connect'],
      [404, { csrf, plugin: 'nobody' }, {}, path],
      [413, { csrf, plugin: 'x'.repeat(16_400) }, {}, path],
    ] as const) {
      const { raw, page } = await both(form, headers, at)
      assert.equal(raw.status, status, JSON.stringify([form, headers, at]).slice(0, 200))
      assert.deepEqual(raw, page)
    }
    assert.deepEqual(await begun(), before)
  })
})
