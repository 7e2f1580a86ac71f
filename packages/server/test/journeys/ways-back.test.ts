import assert from 'node:assert/strict'
import { after, before, it } from 'node:test'
import { createBrowser } from '../support/browser.ts'
import { startTestBroker, type TestBroker } from '../support/test-broker.ts'

let broker: TestBroker
before(async () => {
  broker = await startTestBroker()
})
after(() => broker?.[Symbol.asyncDispose]())

const csrfOf = (page: string) => /name="csrf" value="([^"]+)"/.exec(page)?.[1] ?? assert.fail('no form')
const loudest = (page: string) => /<a class="button big" href="([^"]+)"/.exec(page)?.[1] ?? assert.fail('no way on')

it('leads who opened somebody else’s link over signing out, and in as the right person, to that link', async () => {
  const [una, dev] = broker.people
  if (una === undefined || dev === undefined) assert.fail('two people are needed')
  const browser = createBrowser()
  const other = createBrowser()
  await other.signIn(broker.url, dev)
  await browser.signIn(broker.url, una)
  const { items = [] } = (await broker.api('/people?limit=100')).body
  const subject = items.find(person => person['email'] === dev.email)?.['id']
  const link = String(
    (await broker.api('/connect-links', { method: 'POST', body: { subject, connector: 'orbit' } })).body['url'],
  )
  const { pathname } = new URL(link)

  const refused = await (await browser.visit(link)).text()
  assert.match(refused, /This was meant for somebody else/)
  const question = await (await browser.visit(broker.url + loudest(refused))).text()
  assert.ok(question.includes(`name="return_to" value="${pathname}"`))
  const form = { csrf: csrfOf(question), return_to: pathname }
  assert.equal((await browser.visit(`${broker.url}/auth/logout`, form)).status, 200)
  const signedOut = await (await browser.visit(`${broker.url}/auth/signed-out`)).text()
  assert.equal(loudest(signedOut), `/auth/login?return_to=${encodeURIComponent(pathname)}`)

  // In the other person's browser the same way in ends at the link.
  const begun = await other.signInAt(broker.url + loudest(signedOut), dev, new RegExp(`${pathname}$`))
  assert.match(await (await other.visit(begun)).text(), /<h1>Connect Orbit CRM for Assistant\?<\/h1>/)
})

it('forgets where somebody was, once they sign out without being asked to come back', async () => {
  const [una] = broker.people
  const browser = createBrowser()
  await browser.signIn(broker.url, una ?? assert.fail('nobody'))
  // The company still knows them.
  const again = () => browser.follow(`${broker.url}/auth/login`, /\/connections$/)
  const out = async (form: Record<string, string>) => {
    const page = await (await browser.visit(`${broker.url}/auth/logout`)).text()
    await browser.visit(`${broker.url}/auth/logout`, { csrf: csrfOf(page), ...form })
    return loudest(await (await browser.visit(`${broker.url}/auth/signed-out`)).text())
  }
  assert.equal(await out({ return_to: '//evil.example/history' }), '/auth/login')
  await again()
  assert.equal(await out({ return_to: '/history?system=orbit' }), '/auth/login?return_to=%2Fhistory%3Fsystem%3Dorbit')
  await again()
  assert.equal(await out({}), '/auth/login')
})
