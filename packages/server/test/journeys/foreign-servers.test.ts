import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { createBrowser } from '../support/browser.ts'
import {
  type ForeignServer,
  startDjangoServer,
  startMockServer,
  startStrictServer,
} from '../support/foreign-servers.ts'
import { startTestBroker, type TestBroker } from '../support/test-broker.ts'

/** Past the life of the access tokens that each server gives. */
const AN_HOUR_AND_MORE_MS = 3_700_000
const SERVERS: readonly [name: string, start: (redirectUri: string) => Promise<ForeignServer>][] = [
  ['oauth2-mock-server', startMockServer],
  ['@jmondi/oauth2-server', startStrictServer],
  ['django-oauth-toolkit', startDjangoServer],
]

for (const [title, startServer] of SERVERS)
  describe(`the whole life of a connection at ${title}, which others wrote`, () => {
    let broker: TestBroker
    let server: ForeignServer
    let pluginKey = ''
    const una = () => broker.people[0] ?? assert.fail()
    before(async () => {
      broker = await startTestBroker({ env: { BEHALF_OUTBOUND_ALLOW: '127.0.0.1/32 [::1]/128' } })
      server = await startServer(`${broker.url}/auth/oauthCallback/foreign`)
      const body = {
        name: 'foreign',
        base_url: server.apiUrl,
        approve: true,
        auth: {
          ...(server.authorizationUrl === null ? {} : { authorization_url: server.authorizationUrl }),
          ...(server.tokenUrl === null ? {} : { token_url: server.tokenUrl }),
          revoke_url: server.revokeUrl,
          client_id: server.clientId,
          client_secret: server.clientSecret,
          scope: server.scope,
          ...(server.issuer === null ? {} : { issuer: server.issuer }),
        },
      }
      const made = await broker.api('/connectors', { method: 'POST', body })
      assert.equal(made.status, 201, JSON.stringify(made.body))
      const plugin = { name: 'caller', connectors: [{ connector: 'foreign', scope: [] }], trusted: 'launch_audience' }
      assert.equal((await broker.api('/plugins', { method: 'POST', body: plugin })).status, 201)
      await broker.api('/plugins/caller/versions', { method: 'POST' })
      const launch = { launch_audience: { kind: 'everyone' }, reason: 'for the tests' }
      assert.equal((await broker.api('/plugins/caller/launches', { method: 'POST', body: launch })).status, 201)
      const keyed = await broker.api('/plugins/caller/keys', { method: 'POST', body: { label: 'test' } })
      pluginKey = String(keyed.body['key'])
    })
    after(async () => {
      await server[Symbol.asyncDispose]()
      await broker[Symbol.asyncDispose]()
    })

    const call = () =>
      fetch(`${broker.url}/gateway/foreign/me`, {
        headers: { authorization: `Bearer ${pluginKey}`, 'behalf-subject': una().email },
      })

    it('connects with a code, PKCE and its client authentication', async () => {
      const browser = createBrowser()
      await browser.signIn(broker.url, una())
      const page = `${broker.url}/connectors/foreign/connect`
      const csrf = /name="csrf" value="([0-9a-f]+)"/.exec(await (await browser.visit(page)).text())?.[1] ?? ''
      const asked = await browser.follow(page, /\/authorize\/?\?/, { csrf })
      assert.match(asked, /code_challenge_method=S256/)
      const done = await browser.visit(await browser.follow(asked, /\/auth\/oauthCallback/))
      assert.match(done.headers.get('location') ?? '', /^\/connections\/result\//)
      const result = await browser.visit(broker.url + (done.headers.get('location') ?? ''))
      assert.match(await result.text(), /is connected/)
      assert.deepEqual(server.grants, ['authorization_code'])
    })

    it('calls the API with the token', async () => {
      const answer = await call()
      assert.equal(answer.status, 200)
      assert.equal(((await answer.json()) as { hello: string }).hello, 'from the API')
    })

    it('refreshes once past the expiry, however many call', async () => {
      broker.advance(AN_HOUR_AND_MORE_MS)
      const answers = await Promise.all(Array.from({ length: 12 }, call))
      assert.deepEqual(new Set(answers.map(({ status }) => status)), new Set([200]))
      assert.deepEqual(server.grants, ['authorization_code', 'refresh_token'])
    })

    it('refreshes again with the token that came with the refresh', async () => {
      broker.advance(AN_HOUR_AND_MORE_MS)
      assert.equal((await call()).status, 200)
      assert.deepEqual(server.grants, ['authorization_code', 'refresh_token', 'refresh_token'])
    })

    it('ends at the provider when the person disconnects', async () => {
      const listed = await broker.api('/connections?connector=foreign')
      const id = String(listed.body.items?.[0]?.['id'])
      const ended = await broker.api(`/connections/${id}`, { method: 'DELETE' })
      assert.equal(ended.status, 200)
      await until(async () => (await broker.api(`/connections/${id}`)).body['status'] === 'revoked')
      assert.ok(server.revoked.length >= 1, 'a token was sent to the revocation endpoint')
      assert.ok(await server.allEnded(), 'the provider takes no token of the grant any more')
      assert.equal((await call()).status, 409)
    })
  })

async function until(holds: () => Promise<boolean>): Promise<void> {
  const deadline = performance.now() + 15_000
  while (!(await holds())) {
    assert.ok(performance.now() < deadline, 'it did not happen in time')
    await new Promise(resolve => setTimeout(resolve, 50))
  }
}
