import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { connect, createBrowser, type HeadlessBrowser } from '../support/browser.ts'
import { ENGINES } from '../support/engines.ts'
import { eventually } from '../support/eventually.ts'
import { type SecondNode, startSecondNode } from '../support/second-node.ts'
import { startTestBroker, type TestBroker } from '../support/test-broker.ts'

for (const engine of ENGINES)
  describe(`launches on two nodes over ${engine}`, () => {
    let broker: TestBroker
    let second: SecondNode
    let browser: HeadlessBrowser
    const una = () => broker.people[0] ?? assert.fail()
    before(async () => {
      broker = await startTestBroker({ engine })
      second = await startSecondNode(broker, engine)
      browser = await connect(broker, una())
    })
    after(async () => {
      await second[Symbol.asyncDispose]()
      await broker[Symbol.asyncDispose]()
    })
    const launch = (body: Record<string, unknown>) =>
      broker.api('/plugins/assistant/launches', { method: 'POST', body: { reason: 'a test', ...body } })
    const edit = async (body: Record<string, unknown>) => {
      const { version } = (await broker.api('/plugins/assistant')).body
      await broker.api('/plugins/assistant', { method: 'PATCH', body, headers: { 'if-match': `"${version}"` } })
      await broker.api('/plugins/assistant/versions', { method: 'POST' })
    }
    const everyone = { launch_audience: { kind: 'everyone' } }

    it('a plugin key that was revoked is taken by no node any more, and its streams are cut', async () => {
      const made = await broker.api('/plugins/assistant/keys', { method: 'POST', body: { label: 'to be revoked' } })
      const headers = { authorization: `Bearer ${made.body['key']}` }
      assert.equal((await second.gateway('me', { headers })).status, 200)
      const used = async () =>
        ((await broker.api('/plugins/assistant/keys')).body.items ?? []).find(({ id }) => id === made.body['id'])
      await eventually(used, key => typeof key?.['last_used_at'] === 'string')
      const streaming = await second.gateway('stream?bytes=4000000000', { headers })
      const cut = assert.rejects(async () => {
        for await (const _ of streaming.body ?? []);
      })
      const revoked = await broker.api(`/plugins/assistant/keys/${made.body['id']}`, { method: 'DELETE' })
      assert.equal(revoked.status, 204)
      assert.equal((await second.gateway('me', { headers })).status, 401)
      await cut
    })

    it('calls of both nodes are counted as one person’s use, begun once', async () => {
      const rows = async () => (await broker.api('/usage')).body.items ?? []
      const before = Number((await rows())[0]?.['calls'] ?? 0)
      for (const gateway of [broker.gateway, second.gateway]) assert.equal((await gateway('me')).status, 200)
      await eventually(rows, found => Number(found[0]?.['calls']) >= before + 2)
      assert.equal((await rows()).length, 1)
      const begun = (await broker.api('/audit-events?action=connection.first_used')).body.items ?? []
      assert.equal(begun.length, 1)
      const [row] = await rows()
      const cookie = [...browser.cookies(broker.url)].map(([name, value]) => `${name}=${value}`).join('; ')
      for (const node of [broker.url, second.url]) {
        const own = await (await fetch(`${node}/api/v1/usage`, { headers: { cookie } })).json()
        assert.deepEqual((own as { items: unknown[] }).items, [row], 'each node shows the person the same')
        const page = await (await fetch(`${node}/history`, { headers: { cookie } })).text()
        assert.match(page, /assistant/i)
      }
    })

    it('an unlaunch that has answered is in effect on the other node, and its streams in flight are cut', async () => {
      const streaming = await second.gateway('stream?bytes=4000000000')
      assert.equal(streaming.status, 200)
      const cut = (async () => {
        for await (const _ of streaming.body ?? []);
      })()
      const left = assert.rejects(cut)
      assert.equal((await second.gateway('me')).status, 200)
      const ended = await broker.api('/plugins/assistant/launches?reason=over', { method: 'DELETE' })
      assert.equal(ended.status, 204)
      const after = await second.gateway('me')
      assert.equal(((await after.json()) as { code: string }).code, 'plugin_not_launched')
      await left
    })

    it('a launch to others ends the streams of those it no longer reaches, and leaves those of the others', async () => {
      await launch(everyone)
      // What is newly allowed may take a cache lease to be known elsewhere; what is taken away may not.
      for (let tries = 0; (await second.gateway('me')).status !== 200; tries += 1) assert.ok(tries < 2_000)
      const streaming = await second.gateway('stream?bytes=4000000000')
      const read = streaming.body?.getReader() ?? assert.fail()
      const to = (email: string) => ({ launch_audience: { kind: 'people', people: [email] }, replace: true })
      await launch(to(una().email))
      assert.equal((await read.read()).done, false, 'still reached, by another launch')
      await launch(to('nobody.yet@acme.example'))
      await assert.rejects(async () => {
        while (!(await read.read()).done);
      })
    })

    it('a run that waits on one node goes on when the person connects on the other', async () => {
      const me = { name: 'me', description: 'who', connector: 'orbit', method: 'GET', path: '/me' }
      await edit({ actions: [me] })
      await launch({ ...everyone, replace: true })
      const [connection] = (await broker.api('/connections')).body.items ?? []
      await broker.api(`/connections/${connection?.['id']}`, { method: 'DELETE' })
      const waiting = fetch(`${second.url}/api/v1/plugins/assistant/actions/me/run`, {
        method: 'POST',
        body: '{}',
        headers: {
          authorization: `Bearer ${broker.pluginKey}`,
          'behalf-subject': una().email,
          'content-type': 'application/json',
          prefer: 'wait=60',
        },
      })
      const told = async () => (await broker.api('/audit-events?action=run.waiting')).body.items ?? []
      await eventually(told, events => events.length === 1)
      const browser = createBrowser()
      await browser.signIn(broker.url, una())
      const callback = await browser.consent(await browser.begin(broker.url, 'orbit'), una())
      await browser.visit(callback)
      const ran = await waiting
      const body = (await ran.json()) as { waited: boolean; status: number }
      assert.deepEqual([ran.status, body.waited, body.status], [200, true, 200])
    })
  })
