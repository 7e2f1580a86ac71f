import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { inspect } from 'node:util'
import { reveal, secret } from '../../src/domain/secret.ts'
import { connect, createBrowser } from '../support/browser.ts'
import { ENGINES } from '../support/engines.ts'
import { startSecondNode } from '../support/second-node.ts'
import { startTestBroker, type TestBroker } from '../support/test-broker.ts'

for (const engine of ENGINES)
  describe(`the eight guarantees, over real servers and ${engine}`, () => {
    let broker: TestBroker
    const una = () => broker.people[0] ?? assert.fail()
    const dev = () => broker.people[1] ?? assert.fail()
    before(async () => {
      broker = await startTestBroker({ engine })
      await connect(broker, una())
    })
    after(() => broker[Symbol.asyncDispose]())

    const refreshes = () => broker.provider.requests().filter(({ grantType }) => grantType?.startsWith('refresh_token'))
    const expire = () => broker.database.run('UPDATE connections SET received_at = 0, expires_at = 1')

    it('One refresh: 200 callers in one process meet an expired, rotating token with reuse detection, and all are served', async () => {
      const before = refreshes().length
      await expire()
      const answers = await Promise.all(Array.from({ length: 200 }, () => broker.gateway('me')))
      assert.deepEqual(new Set(answers.map(({ status }) => status)), new Set([200]))
      assert.deepEqual(
        refreshes()
          .slice(before)
          .map(({ grantType }) => grantType),
        ['refresh_token'],
      )
    })

    it('One refresh: 2 × 100 callers in two processes on one store, and all are served', async () => {
      await using second = await startSecondNode(broker, engine)
      const before = refreshes().length
      await expire()
      const calls = Array.from({ length: 100 }, () => [broker.gateway('me'), second.gateway('me')]).flat()
      assert.deepEqual(new Set((await Promise.all(calls)).map(({ status }) => status)), new Set([200]))
      assert.deepEqual(
        refreshes()
          .slice(before)
          .map(({ grantType }) => grantType),
        ['refresh_token'],
      )
    })

    it('No rotated token is lost: the connection goes on over a restart and another refresh', async () => {
      await expire()
      assert.equal((await broker.gateway('me')).status, 200)
      await broker.restart()
      await expire()
      assert.equal((await broker.gateway('me')).status, 200)
      assert.ok(
        refreshes().every(({ grantType }) => grantType === 'refresh_token'),
        'no refresh was ever refused',
      )
    })

    it('The person who consents is the person who asked: nobody else can finish a connect, in any browser', async () => {
      const mallory = createBrowser()
      await mallory.signIn(broker.url, dev())
      const begun = await mallory.begin(broker.url, 'orbit')
      const victim = createBrowser()
      await victim.signIn(broker.url, una())
      const callback = await victim.consent(begun, una())
      const exchanges = () =>
        broker.provider.requests().filter(({ grantType }) => grantType === 'authorization_code').length
      const before = exchanges()
      for (const browser of [victim, createBrowser()]) {
        const answer = await browser.visit(callback)
        assert.ok(answer.status === 401 || answer.status === 403, `refused with ${answer.status}`)
      }
      assert.equal(exchanges(), before, 'no token request was made')
      const { body } = await broker.api('/connections?connector=orbit')
      assert.equal(body.items?.length, 1, 'nobody got a connection out of it')
    })

    it('A token travels only to the hosts its connector was granted for: a moved connector needs new consent', async () => {
      const { body } = await broker.api('/connectors/orbit')
      const moved = { base_url: broker.sso.url }
      const patched = await broker.api('/connectors/orbit', {
        method: 'PATCH',
        body: moved,
        headers: { 'if-match': `"${body['version']}"` },
      })
      assert.equal(patched.status, 200)
      assert.equal(patched.body['approved'], false, 'a new host waits for approval')
      assert.equal(((await (await broker.gateway('me')).json()) as { code: string }).code, 'connector_not_approved')
      await broker.api('/connectors/orbit/approve', { method: 'POST' })
      const answer = await broker.gateway('me')
      assert.equal(((await answer.json()) as { code: string }).code, 'reconnect_required')
      const back = { base_url: broker.provider.apiUrl }
      await broker.api('/connectors/orbit', {
        method: 'PATCH',
        body: back,
        headers: { 'if-match': `"${patched.body['version']}"` },
      })
      await broker.api('/connectors/orbit/approve', { method: 'POST' })
      assert.equal((await broker.gateway('me')).status, 200)
    })

    it('Secrets cannot be printed, and are write-only over the API', async () => {
      const hidden = secret('canary-value')
      for (const printed of [
        String(hidden),
        `${hidden as unknown as string}`,
        JSON.stringify({ hidden }),
        inspect(hidden, { depth: 9, showHidden: true }),
        inspect({ hidden }),
      ]) {
        assert.ok(!printed.includes('canary-value'), printed)
      }
      assert.equal(reveal(hidden), 'canary-value')
      const { body } = await broker.api('/connectors/orbit')
      assert.deepEqual(Object.keys((body['auth'] as { client_secret: object }).client_secret).sort(), [
        'set',
        'updated_at',
      ])
      assert.ok(broker.secrets.every(value => !JSON.stringify(body).includes(value)))
    })

    it('What is redacted was never written: a call log entry holds no path, query, header or body', async () => {
      const canary = 'canary-in-the-call'
      await broker.gateway(`contacts?q=${canary}`, { headers: { 'behalf-forward-x-note': canary } })
      await broker.gateway('contacts', {
        method: 'POST',
        body: JSON.stringify({ note: canary }),
        headers: { 'content-type': 'application/json' },
      })
      const { body } = await broker.api('/call-logs')
      assert.equal(body.items?.[0]?.['path_template'], '/*')
      assert.ok((await broker.database.atRest()).every(bytes => !bytes.includes(canary)))
      assert.ok(broker.log.every(line => !line.includes(canary)))
    })

    it('Disconnected means disconnected: also on another node, which had its token in use a moment before', async () => {
      await using second = await startSecondNode(broker, engine)
      const streaming = await second.gateway('stream?bytes=4000000000')
      assert.equal(streaming.status, 200)
      const cut = (async () => {
        for await (const _ of streaming.body ?? []);
      })().then(
        () => 'whole',
        () => 'cut',
      )
      let isOver = false
      const late: number[] = []
      const caller = (async () => {
        while (!isOver || late.length < 5) {
          const begunAfter = isOver
          const { status } = await second.gateway('me')
          if (begunAfter) late.push(status)
        }
      })()
      const { body } = await broker.api('/connections?connector=orbit')
      const ended = await broker.api(`/connections/${String(body.items?.[0]?.['id'])}`, { method: 'DELETE' })
      isOver = true
      assert.equal(ended.status, 200)
      await caller
      assert.deepEqual(new Set(late), new Set([409]), 'no call that begins after the answer goes through')
      assert.equal(await cut, 'cut')
      await connect(broker, una())
      assert.equal((await second.gateway('me')).status, 200)
    })

    it('a flow begun on one node ends on another', async () => {
      await using second = await startSecondNode(broker, engine)
      const browser = await connect(broker, una())
      const callback = new URL(await browser.consent(await browser.begin(broker.url, 'orbit'), una()))
      const elsewhere = second.url + callback.pathname + callback.search
      const cookie = [...browser.cookies(broker.url)].map(([name, value]) => `${name}=${value}`).join('; ')
      const answer = await fetch(elsewhere, { redirect: 'manual', headers: { cookie } })
      assert.equal(answer.status, 303)
      const result = await browser.visit(broker.url + (answer.headers.get('location') ?? ''))
      assert.match(await result.text(), /Orbit CRM is connected/)
    })

    it('Disconnected means disconnected: no call starts, streams in flight are cut, and the provider was told', async () => {
      const stream = await broker.gateway('stream?bytes=4000000000')
      assert.equal(stream.status, 200)
      const { body } = await broker.api('/connections?connector=orbit')
      const id = String(body.items?.[0]?.['id'])
      const drained = (async () => {
        for await (const _ of stream.body ?? []);
      })()
      const outcome = drained.then(
        () => 'whole',
        () => 'cut',
      )
      const ended = await broker.api(`/connections/${id}`, { method: 'DELETE' })
      assert.equal(ended.body['status'], 'revoked')
      assert.deepEqual(ended.body['revocation'], [
        { step: 0, token: 'refresh_token', outcome: 'revoked' },
        { step: 0, token: 'access_token', outcome: 'revoked' },
      ])
      assert.equal(await outcome, 'cut')
      const answer = await broker.gateway('me')
      assert.equal(answer.status, 409)
      assert.equal(((await answer.json()) as { code: string }).code, 'connection_required')
    })

    it('keeps every secret out of the log, the database, its write-ahead log and the journal, in any encoding', async () => {
      const texts = await broker.database.atRest()
      for (const value of broker.secrets) {
        const forms = [
          value,
          Buffer.from(value).toString('base64').replace(/=+$/, ''),
          Buffer.from(value).toString('hex'),
          encodeURIComponent(value),
        ]
        for (const form of forms) {
          assert.ok(
            texts.every(text => !text.includes(form)),
            'a secret lies in the data folder',
          )
          assert.ok(
            broker.log.every(line => !line.includes(form)),
            'a secret lies in the log',
          )
        }
      }
    })
  })
