import assert from 'node:assert/strict'
import { EventEmitter, once } from 'node:events'
import { readdirSync, watch } from 'node:fs'
import { type IncomingMessage, request } from 'node:http'
import { join } from 'node:path'
import { after, before, describe, it, type TestContext } from 'node:test'
import { LONG, rounds, within } from '../../../../test/support/seed.ts'
import { until } from '../../../../test/support/until.ts'
import type { Move } from '../support/faults/fault-provider.ts'
import { type FaultRig, startFaultRig } from '../support/faults/fault-rig.ts'
import { applies, placeName, WHERES } from '../support/faults/where.ts'

const percentile = (values: readonly number[], share: number): number =>
  Math.round([...values].sort((a, b) => a - b)[Math.floor(values.length * share)] ?? 0)
const times = <Made>(count: number, make: (at: number) => Made): Made[] =>
  Array.from({ length: count }, (_, at) => make(at))
const hour = 3_600_000

for (const where of WHERES)
  describe(`refresh, ${placeName(where)}`, () => {
    let rig: FaultRig
    before(async () => {
      rig = await startFaultRig({ ...where, people: 20 })
    })
    after(() => rig[Symbol.asyncDispose]())
    const is = (id: string, title: string, run: (t: TestContext) => Promise<void>) =>
      applies(id, where) && it(`${id} ${title}`, run)
    const someNode = () => rig.seed.below(where.nodes)
    const expired = async (count: number) => {
      const accounts = await rig.addPeople(count)
      await rig.expire(...accounts)
      return accounts
    }
    const one = async () => (await expired(1))[0] ?? assert.fail()
    /** Tokens that name people, given once no node holds what it read for them any more. */
    const tokensOf = async (accounts: readonly string[]) => {
      const tokens = new Map<string, string>()
      for (const account of accounts) tokens.set(account, await rig.tokenFor(account))
      const last = accounts.at(-1) ?? assert.fail()
      const earlier = rig.provider.refreshes(last).length
      await until('the cache leases are over', async () => {
        await rig.expire(last)
        await rig.call(last)
        return rig.provider.refreshes(last).length > earlier
      })
      return tokens
    }
    const told = ({ status, code }: { status: number | null; code: string | null }) => code ?? String(status)
    const connectionOf = async (account: string) =>
      (await rig.final()).connections.find(connection => connection.account === account) ?? assert.fail()
    /** Whether the newest answer is on disk of the node that asked, or stored. */
    const isDurable = async (account: string, node: number) => {
      const journal = join(rig.dataDirs[node] ?? rig.dataDir, 'journal')
      if (readdirSync(journal, { recursive: true }).some(name => String(name).endsWith('.json'))) return true
      const newest = rig.provider.newest(account)
      return (
        newest !== undefined && newest.index > 0 && (await connectionOf(account)).refreshToken === newest.refreshToken
      )
    }
    /** How long each of some answers was lost with the node that it had come to: until it was in the node's journal, by a watch on the folder. */
    const windowsOf = async (count: number): Promise<number[]> => {
      const folders = rig.dataDirs.map(dataDir => join(dataDir, 'journal'))
      const journals = folders.flatMap(folder => readdirSync(folder).map(name => join(folder, name)))
      const kept = new EventEmitter()
      const seen = new Set<string>()
      const watches = journals.map(journal =>
        watch(journal, (_, name) => {
          // That it comes is told first, that it is removed once it is stored later, which may be before this is called.
          if (name === null || !name.endsWith('.json') || seen.has(name)) return
          seen.add(name)
          kept.emit('kept')
        }),
      )
      const windows: number[] = []
      for (const account of await expired(count)) {
        let answeredAt = 0
        const answered = () => {
          answeredAt = performance.now()
        }
        rig.provider.script(account, { onToken: () => ({ answered }) })
        const signal = AbortSignal.timeout(30_000)
        const onDisk = once(kept, 'kept', { signal }).then(() => performance.now())
        const calling = rig.call(account, { node: someNode() })
        windows.push((await onDisk) - answeredAt)
        assert.equal((await calling).status, 200)
        rig.provider.script(account, { onToken: () => undefined })
      }
      for (const one of watches) one.close()
      return windows
    }
    /** Of all waits for a renewal, on whichever node, how many were over within so many seconds. */
    const renewalsWithin = async (seconds: number) => {
      const told = await Promise.all(rig.nodes.map(async node => (await node.operations('/metrics')).text))
      const sum = (of: RegExp) => told.reduce((all, text) => all + Number(of.exec(text)?.[1]), 0)
      const name = 'behalf_renewal_wait_seconds'
      return `${sum(new RegExp(`${name}_bucket{le="${seconds}"} (\\d+)`))} of ${sum(new RegExp(`${name}_count (\\d+)`))} renewals`
    }
    /** Ends a back-off, which a test need not wait for. */
    const warm = (account: string) =>
      rig.store.engine.write([
        {
          sql: `UPDATE refresh_leases SET cool_until_at = NULL WHERE connection_id = '${rig.connectionOf(account)}'`,
          parameters: [],
        },
      ])

    is('RR-01', 'sends exactly one refresh a round, and every caller gets a token that works', async t => {
      const [callers, count] = [LONG || where.nodes === 1 ? 200 : 66, rounds(1, 1_000)]
      t.diagnostic(`seed ${rig.seed.value}, ${count} rounds, ${where.nodes} x ${callers} callers`)
      const waits: number[] = []
      const plain: number[] = []
      let tokens = new Map<string, string>()
      const all = (account: string) => {
        const subjectToken = tokens.get(account)
        return Promise.all(
          rig.nodes.flatMap((_, node) => times(callers, () => rig.call(account, { node, subjectToken }))),
        )
      }
      // What a node compiles at its first calls is not a renewal's.
      if (LONG) await all((await rig.addPeople(1))[0] ?? assert.fail())
      for (let round = 0; round < count; round += 1) {
        // A person named by trust is audited each time, which is not what many rounds are to measure.
        if (LONG && round % 200 === 0) tokens = await tokensOf(rig.accounts.slice(0, 20))
        const account = rig.accounts[round % 20] ?? assert.fail()
        await rig.expire(account)
        const earlier = rig.provider.refreshes(account).length
        const answers = await all(account)
        assert.deepEqual(new Set(answers.map(told)), new Set(['200']), `round ${round}`)
        assert.equal(rig.provider.refreshes(account).length - earlier, 1, `round ${round}`)
        waits.push(...answers.map(({ ms }) => ms))
        // The same callers at once for a token that lives: what of the wait is theirs, and the machine's.
        plain.push(...(await all(account)).map(({ ms }) => ms))
      }
      t.diagnostic(
        `wait median ${percentile(waits, 0.5)}, p99 ${percentile(waits, 0.99)} ms, the provider answering at once; with a token that lives median ${percentile(plain, 0.5)}, p99 ${percentile(plain, 0.99)} ms; ${await renewalsWithin(0.25)} within 250 ms on their node`,
      )
      await rig.judge()
    })

    is('RR-02', 'never has two requests open with one refresh token, however slow the provider', async t => {
      const delays = LONG ? [500, 2_000, 10_000, 30_000, 60_000] : [500, 1_500]
      t.diagnostic(`seed ${rig.seed.value}, provider delays ${delays.join(', ')} ms, ${where.nodes} x 10 callers each`)
      const accounts = await expired(delays.length)
      const answers = await Promise.all(
        accounts.flatMap((account, at) => {
          const waitMs = delays[at] ?? 0
          rig.provider.script(account, { onToken: () => ({ waitMs }), graceMs: hour })
          return rig.nodes.flatMap((_, node) =>
            times(10, async () => ({ waitMs, ...(await rig.call(account, { node })) })),
          )
        }),
      )
      for (const answer of answers)
        if (answer.waitMs < 15_000) assert.equal(told(answer), '200')
        else assert.match(told(answer), /^(provider_(unavailable|timeout)|200)$/)
      // What goes beyond the deadline was given up, with its request; later requests are other ones.
      for (const account of accounts) assert.ok(rig.provider.refreshes(account).length <= 2)
      // Once the provider is through with what was given up, the next call learns what became of it.
      for (const [at, account] of accounts.entries()) {
        await until('the provider is through', () => rig.provider.refreshes(account).length > 0, 90_000)
        rig.provider.script(account, { onToken: () => undefined })
        await warm(account)
        if ((delays[at] ?? 0) > 15_000)
          await until('it heals', async () => (await rig.call(account)).status === 200, 30_000)
      }
      await rig.judge()
    })

    for (const graceMs of [20_000, 0])
      is(
        'RR-04',
        `kill -9 around a refresh, a provider ${graceMs > 0 ? 'with' : 'without'} grace: ${graceMs > 0 ? 'every connection heals' : 'only one in doubt asks for a reconnect, and says why'}`,
        async t => {
          const kills = rounds(1, 200)
          const reconnects: string[] = []
          const windows = await windowsOf(rounds(3, 100))
          t.diagnostic(
            `from the answer's last byte until it is on disk, of ${windows.length}: median ${percentile(windows, 0.5)}, p99 ${percentile(windows, 0.99)} ms`,
          )
          for (let round = 0; round < kills; round += 1) {
            const account = await one()
            const node = someNode()
            const victim = rig.nodes[node] ?? assert.fail()
            const point = rig.seed.pick(['while sending', 'before the answer', 'after the answer', 'any time'] as const)
            const lateMs = rig.seed.random() * (point === 'any time' ? 120 : 8)
            const killLater = victim.killer()
            let first = true
            rig.provider.script(account, {
              graceMs,
              onToken: () => {
                if (!first) return undefined
                first = false
                const answered = () => void (point === 'after the answer' && killLater(lateMs))
                if (point === 'while sending') return { wait: killLater(0) }
                return point === 'before the answer' ? { beforeAnswer: () => killLater(0) } : { answered }
              },
            })
            if (point === 'any time') void killLater(lateMs)
            const answer = await rig.call(account, { node })
            await victim.kill()
            const wasDurable = await isDurable(account, node)
            await victim.start()
            await warm(account)
            const healed = await until(
              `an answer of the node that came back, killed ${point} (${lateMs.toFixed(1)} ms)`,
              async () => {
                const again = await rig.call(account, { node })
                return again.status !== null && again.status !== 503 && again
              },
            )
            if (healed.status !== 200) {
              assert.equal(
                graceMs,
                0,
                `${told(healed)} although the provider has grace, killed ${point} (${lateMs.toFixed(1)} ms)`,
              )
              assert.equal(told(healed), 'reconnect_required')
              const killed = `killed ${point} (${lateMs.toFixed(1)} ms)`
              assert.equal(
                answer.status === 200 || wasDurable,
                false,
                `what was kept before the kill is lost: ${killed}`,
              )
              assert.ok(rig.provider.refreshes(account).length > 1, `nothing had been sent before the kill: ${killed}`)
              reconnects.push(point)
              const { id, reason } = await connectionOf(account)
              assert.equal(reason, 'invalid_grant')
              const { audit } = await rig.final()
              assert.ok(audit.some(({ action, target }) => action === 'token.refresh_failed' && target === id))
            }
            for (const [other] of rig.nodes.entries())
              if (other !== node)
                assert.match(told(await rig.call(account, { node: other })), /^(200|reconnect_required)$/)
          }
          const points = [...Map.groupBy(reconnects, point => point)].map(([point, { length }]) => `${length} ${point}`)
          t.diagnostic(
            `seed ${rig.seed.value}, ${kills} kills, ${reconnects.length} asked for a reconnect, killed ${points.join(', ') || 'never'}`,
          )
          await rig.judge()
        },
      )

    is(
      'RR-06',
      'keeps an answer that came when the database went away, and heals within 5 s of its return',
      async t => {
        const account = await one()
        let isCut = false
        const cut = () => {
          rig.database.cut()
          isCut = true
        }
        rig.provider.script(account, { onToken: () => ({ beforeAnswer: cut }) })
        const calling = rig.call(account)
        if (where.engine === 'PostgreSQL') assert.match(told(await calling), /store_unavailable/)
        else await until('the database is away', () => isCut)
        rig.database.restore()
        const backAt = performance.now()
        await until(
          'the rotated token is stored',
          async () => (await connectionOf(account)).refreshToken === rig.provider.newest(account)?.refreshToken,
          within(5_000),
        )
        t.diagnostic(
          `seed ${rig.seed.value}, healed ${Math.round(performance.now() - backAt)} ms after the database came back`,
        )
        await calling
        rig.provider.script(account, { onToken: () => undefined })
        for (const [node] of rig.nodes.entries())
          await until('every node serves it', async () => (await rig.call(account, { node })).status === 200)
        assert.equal(rig.provider.refreshes(account).length, 1, 'the spent token was not sent again')
        await rig.judge()
      },
    )

    is(
      'RD-01',
      'tells a call without an answer that the store is away, and breaks off an answer that streams, when their rights cannot be read',
      async () => {
        const [account = ''] = await rig.addPeople(1)
        const headers = { authorization: `Bearer ${rig.pluginKey}`, 'behalf-subject': `${account}@acme.example` }
        const url = `${rig.nodes[0]?.url}/gateway/crm`
        const received = rig.provider.received()
        const answered = Promise.withResolvers<IncomingMessage>()
        const writing = request(`${url}/up`, { headers, method: 'POST' }, answered.resolve)
        writing.once('error', answered.reject).write(Buffer.alloc(10_000))
        await until('it arrives', () => rig.provider.received() - received === 10_000)
        const streaming = await fetch(`${url}/down?bytes=${2 ** 33}`, { headers })
        rig.database.cut()
        try {
          const answer = await answered.promise
          const problem = JSON.parse((await answer.toArray()).join('')) as Record<string, unknown>
          assert.deepEqual([answer.statusCode, problem['code']], [503, 'store_unavailable'])
          assert.equal(problem['detail'], 'Whether the call may go on could not be read.')
          await assert.rejects(async () => {
            for await (const _ of streaming.body ?? []);
          }, 'an answer that was cut does not look whole')
        } finally {
          writing.destroy()
          rig.database.restore()
        }
        await until('calls go on', async () => (await rig.call(account)).status === 200)
      },
    )

    is('RO-01', 'a node that is told to stop stores the answer of a refresh whose caller has left', async () => {
      const account = await one()
      const at = someNode()
      const node = rig.nodes[at] ?? assert.fail()
      const [asked, go] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
      const onToken = () => {
        asked.resolve()
        return { wait: go.promise }
      }
      rig.provider.script(account, { onToken })
      const leaving = new AbortController()
      const headers = { authorization: `Bearer ${rig.pluginKey}`, 'behalf-subject': `${account}@acme.example` }
      const call = fetch(`${node.url}/gateway/crm/me`, { headers, signal: leaving.signal }).catch(() => undefined)
      await asked.promise
      leaving.abort()
      await call
      const stopping = node.stop()
      await until('it serves nobody any more', () =>
        node.operations('/health').then(
          () => false,
          () => true,
        ),
      )
      go.resolve()
      assert.equal(await stopping, 0)
      assert.equal((await connectionOf(account)).refreshToken, rig.provider.newest(account)?.refreshToken)
      await node.start()
      rig.provider.script(account, { onToken: () => undefined })
      assert.equal((await rig.call(account, { node: at })).status, 200)
      assert.equal(rig.provider.refreshes(account).length, 1)
    })

    is(
      'RR-07',
      'sends nothing again by itself when the connection breaks after the provider did its work',
      async () => {
        for (const graceMs of [hour, 0]) {
          const account = await one()
          let first = true
          rig.provider.script(account, {
            graceMs,
            onToken: () => {
              const move: Move = first ? { drop: 'after' } : {}
              first = false
              return move
            },
          })
          assert.equal(told(await rig.call(account, { node: someNode() })), 'provider_unavailable')
          assert.equal(rig.provider.refreshes(account).length, 1, 'one request in one attempt')
          await warm(account)
          const next = await rig.call(account, { node: someNode() })
          assert.equal(told(next), graceMs > 0 ? '200' : 'reconnect_required')
          assert.equal(rig.provider.refreshes(account).length, 2)
        }
        await rig.judge()
      },
    )

    describe('while nothing else goes wrong', { concurrency: true }, () => {
      is(
        'RR-08',
        'keeps the old refresh token where none comes, and takes the new one where one does, over and over',
        async t => {
          const count = rounds(2, 20)
          t.diagnostic(`${count} refreshes in each style`)
          const styles = ['rotate', 'same', 'none', 'empty'] as const
          const accounts = await rig.addPeople(styles.length)
          for (const [at, style] of styles.entries()) rig.provider.script(accounts[at] ?? '', { style })
          for (let done = 1; done <= count; done += 1) {
            await rig.expire(...accounts)
            // A cache lease may hold the token for a moment yet.
            for (const account of accounts)
              await until(`refresh ${done}`, async () => {
                assert.equal((await rig.call(account)).status, 200)
                return rig.provider.refreshes(account).length === done
              })
          }
          for (const account of accounts) {
            const { refreshToken, status } = await connectionOf(account)
            assert.deepEqual([status, refreshToken], ['connected', rig.provider.newest(account)?.refreshToken])
          }
        },
      )

      is(
        'RR-09',
        'says from the start that a token cannot be renewed, and at its end asks for a reconnect without asking the provider',
        async () => {
          const [account = ''] = await rig.addPeople(1, { refreshable: false })
          const browser = await rig.signedIn(account)
          assert.match(await (await browser.visit(`${rig.publicUrl}/connections`)).text(), /Cannot be renewed: ends/)
          await rig.expire(account)
          const answers = await Promise.all(times(30, () => rig.call(account)))
          assert.deepEqual(new Set(answers.map(told)), new Set(['reconnect_required']))
          assert.equal(rig.provider.refreshes(account).length, 0)
        },
      )

      is(
        'RR-10',
        'marks a connection for what is final alone, blames the connector for its own faults, and deletes nothing',
        async () => {
          const oauth = (status: number, error: string): Move => ({
            instead: { status, body: JSON.stringify({ error }) },
          })
          const passing: readonly Move[] = [
            ...[500, 501, 502, 503, 504].map(status => ({ instead: { status, body: '<html>' } })),
            oauth(503, 'invalid_grant'),
            oauth(429, 'slow_down'),
            oauth(400, 'temporarily_unavailable'),
            { instead: { status: 403, body: '<html>', headers: { 'content-type': 'text/html' } } },
            { drop: 'before' },
          ]
          const final = [oauth(400, 'invalid_grant'), oauth(401, 'invalid_grant'), oauth(200, 'invalid_grant')]
          const blaming = [oauth(401, 'invalid_client'), oauth(400, 'unauthorized_client')]
          const meets = async (move: Move, expected: RegExp, status: string) => {
            const account = await one()
            rig.provider.script(account, { onToken: () => move })
            assert.match(told(await rig.call(account, { node: someNode() })), expected)
            assert.match(told(await rig.call(account, { node: someNode() })), expected, 'and on any node')
            const there = await connectionOf(account)
            assert.equal(there.status, status, JSON.stringify(move))
            assert.equal(there.refreshToken, rig.provider.newest(account)?.refreshToken, 'nothing is deleted')
          }
          await Promise.all([
            ...passing.map(move => meets(move, /^provider_/, 'connected')),
            ...final.map(move => meets(move, /^reconnect_required$/, 'reconnect_required')),
            ...blaming.map(move => meets(move, /^connector_misconfigured$/, 'connected')),
          ])
        },
      )

      is(
        'RR-12',
        'honours Retry-After up to an hour, spreads what it chooses itself, and asks once a call',
        async t => {
          const asked = [
            '20',
            new Date(Date.now() + 30_000).toUTCString(),
            '99999999',
            '-5',
            'soon',
            ...times(8, () => undefined),
          ]
          const accounts = await expired(asked.length)
          const begun = Date.now()
          const answers = await Promise.all(
            accounts.map((account, at) => {
              const header = asked[at] === undefined ? {} : { 'retry-after': asked[at] }
              rig.provider.script(account, { onToken: () => ({ instead: { status: 429, headers: header } }) })
              return rig.call(account, { node: someNode() })
            }),
          )
          assert.deepEqual(new Set(answers.map(told)), new Set(['provider_unavailable']))
          const rows = await rig.database.run('SELECT connection_id, cool_until_at FROM refresh_leases')
          const waitOf = (account: string) =>
            Number(rows.find(row => row['connection_id'] === rig.connectionOf(account))?.['cool_until_at']) - begun
          const waits = accounts.map(waitOf)
          const [seconds = 0, date = 0, absurd = 0, negative = 0, word = 0, ...own] = waits
          assert.ok(seconds >= 20_000 && date >= 25_000, `${seconds}, ${date}`)
          assert.ok(absurd >= hour && absurd < hour + 60_000, `${absurd}`)
          assert.ok(negative > 0 && negative < 60_000 && word > 0 && word < 60_000)
          assert.ok(new Set(own).size > 4, `no jitter: ${own.join(' ')}`)
          t.diagnostic(`own waits ${own.join(', ')} ms`)
          for (const account of accounts.filter((_, at) => (waits[at] ?? 0) > 10_000)) {
            assert.equal(told(await rig.call(account, { node: someNode() })), 'provider_unavailable', 'on every node')
            assert.equal(rig.provider.refreshes(account).length, 1)
          }
        },
      )

      is(
        'RR-15',
        'goes into no loop for a token that lives shortly, and answers a 401 with one refresh and one repetition of what may be repeated',
        async () => {
          const [short = '', killed = ''] = await rig.addPeople(2)
          rig.provider.script(short, { lifeS: 30 })
          await rig.expire(short)
          for (let call = 0; call < 15; call += 1)
            assert.equal((await rig.call(short, { node: someNode() })).status, 200)
          assert.equal(rig.provider.refreshes(short).length, 1)
          const calls = () =>
            rig.provider.saw.filter(({ kind, account }) => kind === 'api' && account === killed).length
          const refused = () =>
            rig.provider.saw.filter(({ kind, outcome }) => kind === 'api' && outcome === 'refused').length
          assert.equal((await rig.call(killed)).status, 200)
          rig.provider.killAccess(killed)
          const before = { refused: refused(), calls: calls() }
          assert.equal((await rig.call(killed, { method: 'POST', body: 'x' })).status, 401, 'a body is not repeated')
          assert.equal(rig.provider.refreshes(killed).length, 0)
          assert.equal((await rig.call(killed)).status, 200)
          assert.equal(rig.provider.refreshes(killed).length, 1)
          assert.deepEqual(
            { refused: refused(), calls: calls() },
            { refused: before.refused + 2, calls: before.calls + 1 },
          )
          rig.provider.killAccess(killed)
          assert.equal((await rig.call(killed)).status, 401, 'forced twice within a minute: the 401 is passed on')
        },
      )

      if (LONG)
        is('RR-18', 'starts anew after a refresh that never settled, without a restart', async () => {
          const account = await one()
          let first = true
          rig.provider.script(account, {
            onToken: () => {
              const move: Move = first ? { wait: new Promise(() => {}), drop: 'before' } : {}
              first = false
              return move
            },
          })
          assert.match(told(await rig.call(account)), /^provider_/)
          await warm(account)
          assert.equal((await rig.call(account)).status, 200)
        })

      is('RR-20', 'meets a refresh token that ended unused with one request, and an honest mark', async () => {
        const account = await one()
        rig.provider.script(account, { idleMs: -1 })
        const answers = await Promise.all(times(20, () => rig.call(account)))
        assert.deepEqual(new Set(answers.map(told)), new Set(['reconnect_required']))
        assert.equal(rig.provider.refreshes(account).length, 1)
        assert.equal((await connectionOf(account)).reason, 'invalid_grant')
      })
    })

    it('holds invariants I1 to I7 over all of it', async t => {
      t.diagnostic(
        `seed ${rig.seed.value}, ${rig.history.told.length} calls, ${rig.provider.saw.length} requests to the provider`,
      )
      await rig.judge()
    })
  })
