import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { createBrowser } from '../support/browser.ts'
import { startTestBroker, type TestBroker } from '../support/test-broker.ts'

const fieldsOf = ({ auth, ...rest }: { auth: object }) => [...Object.keys(rest), ...Object.keys(auth)]

describe('how little a developer fills in', () => {
  let broker: TestBroker
  before(async () => {
    broker = await startTestBroker()
  })
  after(() => broker[Symbol.asyncDispose]())

  /** Made of these fields alone, approved, and connected by a person through a link. */
  async function connected(body: { name: string; auth: object } & Record<string, unknown>): Promise<string> {
    const made = await broker.api('/connectors', { method: 'POST', body })
    assert.equal(made.status, 201, JSON.stringify(made.body))
    assert.equal((await broker.api(`/connectors/${body.name}/approve`, { method: 'POST' })).status, 200)
    const una = broker.people[0] ?? assert.fail()
    const browser = createBrowser()
    await browser.signIn(broker.url, una)
    const me = (await (await browser.visit(`${broker.url}/api/v1/me`)).json()) as { subject: string }
    const asked = { subject: me.subject, connector: body.name }
    const link = String((await broker.api('/connect-links', { method: 'POST', body: asked })).body['url'])
    const csrf = /name="csrf" value="([0-9a-f]+)"/.exec(await (await browser.visit(link)).text())?.[1] ?? ''
    const leaving = await browser.follow(link, /\/auth\?/, { csrf })
    await browser.visit(await browser.consent(leaving, una))
    const { body: listed } = await broker.api(`/connections?connector=${body.name}`)
    return String(listed.items?.[0]?.['status'])
  }
  const client = () => ({
    client_id: 'behalf',
    client_secret: broker.secrets[1],
    scope: ['email', 'offline_access', 'contacts.read'],
  })

  it('connects a plain RFC provider with seven fields', async () => {
    const { url, apiUrl } = broker.provider
    const auth = { authorization_url: `${url}/auth`, token_url: `${url}/token`, ...client() }
    const body = { name: 'other', base_url: apiUrl, auth }
    assert.equal(fieldsOf(body).length, 7)
    assert.equal(await connected(body), 'connected')
  })

  it('needs six with discovery, and each of them', async () => {
    const { url, apiUrl } = broker.provider
    const body = { name: 'discovered', base_url: apiUrl, auth: { issuer: url, ...client() } }
    assert.equal(fieldsOf(body).length, 6)
    assert.equal(await connected(body), 'connected')
    const made = await broker.api('/connectors/discovered')
    const { discovered } = made.body['auth'] as { discovered: Record<string, unknown> }
    assert.deepEqual([discovered['authorization_url'], discovered['token_url']], [`${url}/auth`, `${url}/token`])
    for (const left of ['issuer', 'client_id', 'scope'] as const) {
      const { [left]: _, ...auth } = body.auth
      const refused = await broker.api('/connectors', { method: 'POST', body: { ...body, name: 'less', auth } })
      assert.equal(refused.status, 400, left)
    }
  })

  it('makes a connector of a catalogue provider with its client, its secret and what differs', async () => {
    const plain = { preset: 'github', auth: { client_id: 'c', client_secret: 's' } }
    assert.equal((await broker.api('/connectors', { method: 'POST', body: plain })).status, 201)
    const regional = { preset: 'clover', environment: 'eu', auth: { client_id: 'c', client_secret: 's' } }
    const made = await broker.api('/connectors', { method: 'POST', body: regional })
    assert.equal(made.status, 201, JSON.stringify(made.body))
    assert.deepEqual(made.body['hosts'], ['https://api.eu.clover.com', 'https://www.eu.clover.com'])
  })
})
