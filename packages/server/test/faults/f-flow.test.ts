import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, describe, it, type TestContext } from 'node:test'
import { LONG, rounds } from '../../../../test/support/seed.ts'
import { until } from '../../../../test/support/until.ts'
import type { HeadlessBrowser } from '../support/browser.ts'
import { type FaultRig, startFaultRig } from '../support/faults/fault-rig.ts'
import { applies, placeName, WHERES } from '../support/faults/where.ts'

const CALLBACK = /\/auth\/oauthCallback/

for (const where of WHERES)
  describe(`the browser flow, ${placeName(where)}`, () => {
    let rig: FaultRig
    before(async () => {
      // In the short form on tables that are hash-partitioned by organization; the long one is run on each standing of PostgreSQL.
      rig = await startFaultRig({ ...where, people: 1, ...(LONG ? {} : { underneath: { standing: 'partitioned' } }) })
    })
    after(() => rig[Symbol.asyncDispose]())
    const is = (id: string, title: string, run: (t: TestContext) => Promise<void>) =>
      applies(id, where) && it(`${id} ${title}`, run)

    const somebody = async () => {
      const [account = ''] = await rig.addPeople(1, { connected: false })
      rig.provider.authorize = () => ({ account })
      return { account, browser: await rig.signedIn(account) }
    }
    /** Goes as far as the callback URL, which is not visited. */
    const consented = async (browser: HeadlessBrowser, connector = 'crm') =>
      browser.follow(await browser.begin(rig.publicUrl, connector), CALLBACK)
    const shown = async (browser: HeadlessBrowser, callback: string) => {
      const answer = await browser.visit(callback)
      const location = answer.headers.get('location')
      return location === null ? answer.text() : (await browser.visit(new URL(location, rig.publicUrl).href)).text()
    }
    const exchanges = (account: string) =>
      rig.provider.saw.filter(seen => seen.grantType === 'authorization_code' && seen.account === account)
    const standing = async (account: string) =>
      (await rig.final()).connections.filter(connection => connection.account === account)

    is('RF-01', 'finishes on another node when the one that began it is dead', async t => {
      const count = rounds(1, 50)
      t.diagnostic(`seed ${rig.seed.value}, ${count} flows`)
      for (let round = 0; round < count; round += 1) {
        const { account, browser } = await somebody()
        const [first, second] = [round % 3, (round + 1) % 3]
        await rig.lead(first)
        const callback = await consented(browser)
        await rig.nodes[first]?.kill()
        await rig.lead(second)
        assert.match(await shown(browser, callback), /Orbit CRM is connected/)
        assert.equal((await standing(account))[0]?.status, 'connected')
        await rig.nodes[first]?.start()
      }
      await rig.lead(0)
    })

    is(
      'RF-02',
      'makes one token request for a callback that comes many times, and shows its result each time',
      async () => {
        const { account, browser } = await somebody()
        const callback = await consented(browser)
        const twins = rig.nodes.flatMap(({ port }) => {
          const there = new URL(callback)
          there.port = String(port)
          const cookies = browser.cookies(rig.publicUrl)
          for (const [name, value] of cookies) browser.cookies(there.origin).set(name, value)
          return [there.href, there.href, callback]
        })
        const answers = await Promise.all(twins.map(url => browser.visit(url)))
        assert.deepEqual(new Set(answers.map(({ status }) => status)), new Set([303]))
        assert.equal(exchanges(account).length, 1)
        assert.match(await shown(browser, callback), /Orbit CRM is connected/, 'and a reload later')
        assert.equal(exchanges(account).length, 1)
      },
    )

    is(
      'RF-03',
      'comes back with plain words for a cancel, an error of the provider and one that nobody knows, and changes nothing',
      async () => {
        const { account, browser } = await somebody()
        for (const [error, words] of [
          ['access_denied', /You said no there/],
          ['server_error', /It had a problem of its own/],
          ['a_new_kind_of_error', /could not be connected/],
        ] as const) {
          rig.provider.authorize = () => ({ error })
          const page = await shown(browser, await consented(browser))
          assert.match(page, words)
          assert.match(page, /Try again/)
        }
        assert.deepEqual(await standing(account), [], 'no half connection')
        assert.equal(exchanges(account).length, 0)
        rig.provider.authorize = () => ({ account })
        assert.match(await shown(browser, await consented(browser)), /is connected/)
        const [earlier] = await standing(account)
        rig.provider.authorize = () => ({ error: 'access_denied' })
        assert.match(await shown(browser, await consented(browser)), /your connection stays as it was/)
        assert.deepEqual((await standing(account))[0], earlier, 'an earlier connection is untouched')
      },
    )

    is('RF-04', 'ends every tab right: two on one connector, two on two, an expired one, a bookmark', async () => {
      const { account, browser } = await somebody()
      const made = await rig.api('/connectors', {
        method: 'POST',
        body: {
          name: `second${rig.seed.below(1_000_000)}`,
          display_name: 'Second',
          base_url: `${rig.provider.url}/api`,
          approve: true,
          open_to_all: true,
          auth: {
            authorization_url: `${rig.provider.url}/auth`,
            token_url: `${rig.provider.url}/token`,
            client_id: 'behalf',
            client_secret: 'x'.repeat(20),
            scope: ['read'],
          },
        },
      })
      const second = String(made.body['name'])
      const tabs = [
        await consented(browser),
        await consented(browser),
        await consented(browser, second),
        await consented(browser),
      ]
      const [first = '', again = '', other = '', late = ''] = tabs
      await rig.lead(where.nodes - 1)
      assert.match(await shown(browser, again), /Orbit CRM is connected/)
      assert.match(await shown(browser, other), /Second is connected/)
      assert.match(await shown(browser, first), /Orbit CRM is connected/)
      await rig.store.engine.write([
        { sql: 'UPDATE authorization_requests SET expires_at = 1 WHERE taken_at IS NULL', parameters: [] },
      ])
      const before = exchanges(account).length
      assert.match(await shown(browser, late), /That took too long, or was done already[\s\S]*href="\/connections"/)
      assert.match(await shown(browser, again), /Orbit CRM is connected/, 'a bookmark of one that is done')
      assert.equal(exchanges(account).length, before)
      assert.match(await shown(browser, await consented(browser)), /is connected/, 'a fresh start')
      await rig.lead(0)
    })

    for (const moment of ['before its answer came', 'with its answer in the journal'] as const)
      is(
        'RF-06',
        `kill -9 of a first connect's node ${moment}: "please try again", no ghost, no orphan grant`,
        async t => {
          const { account, browser } = await somebody()
          const node = rig.nodes[0] ?? assert.fail()
          const callback = await consented(browser)
          const kill = node.killer()
          rig.provider.script(account, {
            onToken: () =>
              moment === 'before its answer came'
                ? { beforeAnswer: () => kill(0) }
                : { beforeAnswer: () => rig.database.cut() },
          })
          const visiting = browser.visit(callback).then(
            answer => answer.status,
            () => 'broken',
          )
          if (moment === 'with its answer in the journal') {
            await until('the answer is in the journal', () => stagedIn(rig.dataDir))
            await node.kill()
            rig.database.restore()
          }
          t.diagnostic(`the browser saw ${await visiting}`)
          await node.kill()
          await node.start()
          rig.provider.script(account, { onToken: () => undefined })
          const page = await until('the page says so', async () => {
            const text = await shown(browser, callback).catch(() => '')
            return /before it could be saved\. Please try again/.test(text) && text
          })
          assert.match(page, /Try again/)
          assert.deepEqual(await standing(account), [], 'no ghost connection')
          const revoked = () =>
            rig.provider.saw.filter(seen => seen.kind === 'revoke' && seen.account === account).length
          if (moment === 'with its answer in the journal')
            await until('the orphan grant is revoked', () => revoked() >= 1)
          assert.equal(exchanges(account).length, 1, 'the spent code was not sent again')
          const { audit } = await rig.final()
          assert.ok(
            audit.some(({ action, details }) => action === 'connect.failed' && details['error'] === 'interrupted'),
          )
          assert.match(await shown(browser, await consented(browser)), /Orbit CRM is connected/, 'trying again works')
          assert.equal((await standing(account))[0]?.status, 'connected')
        },
      )

    it('holds invariants I1 to I7 over all of it', async t => {
      t.diagnostic(`seed ${rig.seed.value}, ${rig.provider.saw.length} requests to the provider`)
      await rig.judge()
    })

    is(
      'RF-08',
      'fails open flows clearly when the public URL changes, serves new ones, and leaves connections alone',
      async () => {
        const { account, browser } = await somebody()
        const callback = await consented(browser)
        const url = `http://127.0.0.1:${rig.balancer.port}`
        const [node] = rig.nodes
        await node?.stop()
        await node?.start({ BEHALF_URL: url })
        assert.match(await shown(browser, callback), /could not be connected[\s\S]*Try again/)
        assert.deepEqual(await standing(account), [])
        assert.equal((await rig.call(rig.accounts[0] ?? '')).status, 200, 'saved connections go on')
        for (const [name, value] of browser.cookies(rig.publicUrl)) browser.cookies(url).set(name, value)
        const anew = await browser.follow(await browser.begin(url, 'crm'), CALLBACK)
        assert.ok(anew.startsWith(url))
        const location = (await browser.visit(anew)).headers.get('location') ?? assert.fail()
        assert.match(await (await browser.visit(new URL(location, url).href)).text(), /Orbit CRM is connected/)
      },
    )
  })

/** Whether a journal holds a code exchange with its tokens. */
function stagedIn(dataDir: string): boolean {
  const root = join(dataDir, 'journal')
  return readdirSync(root, { recursive: true, encoding: 'utf8' })
    .filter(name => name.endsWith('.exchange'))
    .some(name => (JSON.parse(readFileSync(join(root, name), 'utf8')) as { tokens: string | null }).tokens !== null)
}
