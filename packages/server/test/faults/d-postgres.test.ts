import assert from 'node:assert/strict'
import { after, before, describe, it, type TestContext } from 'node:test'
import type { ConnectionId, SubjectId } from '@behalf/contract'
import { type PgBouncer, startPgBouncer } from '../../../../test/support/pgbouncer.ts'
import {
  createTestDatabase,
  execute,
  inStep,
  type Postgres,
  startPostgres,
  startReplicated,
} from '../../../../test/support/postgres.ts'
import { LONG, rounds, within } from '../../../../test/support/seed.ts'
import { startTcpProxy } from '../../../../test/support/tcp-proxy.ts'
import { until } from '../../../../test/support/until.ts'
import type { BrokerError } from '../../src/domain/broker-error.ts'
import { tokenPlace } from '../../src/domain/places.ts'
import { secret } from '../../src/domain/secret.ts'
import { createFreshToken } from '../../src/flows/token/fresh-token.ts'
import { createReconcileJournal } from '../../src/flows/token/reconcile-journal.ts'
import { statement } from '../../src/store/engine.ts'
import { createPostgresEngine } from '../../src/store/postgres/engine.ts'
import { openStoreOn } from '../../src/store/store.ts'
import { storeContract } from '../ports/store.contract.ts'
import { type FaultRig, startFaultRig } from '../support/faults/fault-rig.ts'
import { applies, placeName, WHERES } from '../support/faults/where.ts'
import { flowRig, tokens } from '../support/flow-rig.ts'

/** What the cuts end with: after a failover there is no other. */
const LAST = ['failover', 'restart'] as const
const told = ({ status, code }: { status: number | null; code: string | null }) => code ?? String(status)

describe('PostgreSQL under faults', () => {
  for (const where of WHERES) {
    // One for the cases of a place; the last of them fails over.
    let pair: Promise<Replicated> | undefined
    const standing = () => {
      pair ??= replicated()
      return pair
    }
    after(async () => (await pair)?.[Symbol.asyncDispose]())
    const is = (id: string, title: string, run: (t: TestContext) => Promise<void>) =>
      applies(id, where) && it(`${id} ${title}, ${placeName(where)}`, run)
    const backends = (rig: FaultRig) =>
      execute(
        rig.database.directUrl ?? '',
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'behalf' AND datname = current_database() AND pid != pg_backend_pid()",
      )

    is(
      'RD-03',
      'refuses writes on a read-only replica that lags, and spends no refresh token for what it reads there',
      async () => {
        const pair = await standing()
        await using rig = await startFaultRig({ ...where, people: 2, underneath: { serverUrl: pair.url } })
        const [account = ''] = rig.accounts
        await rig.expire(account)
        const copy = new URL(rig.database.directUrl ?? '')
        copy.port = String(pair.standby.port)
        await until('the standby shows a token that is over', async () => {
          const rows = await execute(copy.href, 'SELECT 1 FROM connections WHERE expires_at = 1')
          return rows.length === 1
        })
        await execute(pair.standby.url, 'SELECT pg_wal_replay_pause()')
        const replica = rig.nodes[2] ?? assert.fail()
        await replica.stop()
        await replica.start({ DATABASE_URL: copy.href })
        assert.equal((await rig.call(account, { node: 0 })).status, 200, 'the primary goes on')
        assert.deepEqual(await replica.operations('/ready'), { status: 503, text: 'store' })
        assert.equal(told(await rig.call(account, { node: 2 })), 'store_unavailable')
        assert.equal(told(await rig.mintKey(2)), 'store_unavailable')
        assert.equal(rig.provider.refreshes(account).length, 1, 'the token that the replica still showed was not sent')
        await execute(pair.standby.url, 'SELECT pg_wal_replay_resume()')
        await replica.stop()
        await replica.start()
        assert.equal((await rig.call(account, { node: 2 })).status, 200)
        assert.equal(rig.provider.refreshes(account).length, 1)
        await rig.judge()
      },
    )

    is(
      'RD-03',
      'spends no refresh token twice while two primaries take writes: the one that lost its standby acknowledges none',
      async t => {
        await using pair = await replicated()
        await using rig = await startFaultRig({ ...where, people: 2, underneath: { serverUrl: pair.url } })
        const [account = '', other = ''] = rig.accounts
        await rig.expire(account, other)
        await inStep(pair.primary)
        const copy = new URL(rig.database.directUrl ?? '')
        copy.port = String(pair.standby.port)
        const moved = rig.nodes[2] ?? assert.fail()
        await moved.stop()
        await pair.standby.promote()
        await until('it takes writes', async () => {
          const rows = await execute(copy.href, 'SELECT 1 WHERE NOT pg_is_in_recovery()')
          return rows.length === 1
        })
        await moved.start({ DATABASE_URL: copy.href })
        const begun = performance.now()
        const left = [0, 1].map(node => rig.call(account, { node, deadlineMs: 60_000 }))
        assert.equal((await rig.call(account, { node: 2 })).status, 200, 'the new primary goes on')
        assert.equal((await rig.call(other, { node: 2 })).status, 200)
        const late = [0, 1].map(node => rig.call(other, { node, deadlineMs: 60_000 }))
        if (LONG) await new Promise(resolve => setTimeout(resolve, 12_000))
        assert.equal(rig.provider.refreshes(account).length, 1)
        assert.equal(rig.provider.refreshes(other).length, 1)
        t.diagnostic(`two primaries for ${Math.round(performance.now() - begun)} ms`)
        await pair.primary.kill()
        assert.deepEqual(new Set((await Promise.all([...left, ...late])).map(told)), new Set(['store_unavailable']))
        pair.leadToStandby()
        for (const node of [0, 1])
          for (const one of [account, other])
            await until('it is served', async () => (await rig.call(one, { node })).status === 200)
        assert.equal(rig.provider.refreshes(account).length, 1, 'what was stored at the new primary was not sent again')
        assert.equal(rig.provider.refreshes(other).length, 1)
        await rig.judge()
      },
    )

    is(
      'RD-01',
      'lives through cut connections, ended backends, a restart and a failover under load, and keeps what it acknowledged',
      async t => {
        const pair = await standing()
        await using rig = await startFaultRig({ ...where, people: 12, underneath: { serverUrl: pair.url } })
        const cuts = rounds(3, 100)
        let isOver = false
        const load = rig.nodes.flatMap((_, node) =>
          Array.from({ length: 2 }, async () => {
            while (!isOver) {
              const account = rig.seed.pick(rig.accounts)
              if (rig.seed.random() < 0.2) await rig.expire(account).catch(() => undefined)
              await rig.call(account, { node, deadlineMs: 30_000 })
              if (rig.seed.random() < 0.3) await rig.mintKey(node)
            }
          }),
        )
        let worst = 0
        for (let cut = 0; cut < cuts; cut += 1) {
          const how = LAST[cuts - 1 - cut] ?? rig.seed.pick(['backends', 'some', 'away'] as const)
          if (how === 'backends') await backends(rig)
          else if (how === 'some') rig.database.breakSome(() => rig.seed.random() < 0.5)
          else if (how === 'away') {
            rig.database.cut()
            await new Promise(resolve => setTimeout(resolve, 50 + rig.seed.below(200)))
            rig.database.restore()
          } else if (how === 'restart') {
            await pair.primary.kill()
            await pair.primary.start()
            await inStep(pair.primary)
          } else await pair.failOver()
          const backAt = performance.now()
          for (const [node] of rig.nodes.entries())
            await until(
              `node ${node} writes again after ${how}`,
              async () => (await rig.mintKey(node)).status === 201,
              within(5_000),
            )
          worst = Math.max(worst, performance.now() - backAt)
        }
        isOver = true
        await Promise.all(load)
        assert.ok(
          rig.nodes.every(node => node.isAlive()),
          'no process ended',
        )
        const minted = rig.history.told.filter(({ what, status }) => what === 'plugin_key' && status === 201).length
        t.diagnostic(
          `seed ${rig.seed.value}, ${cuts} cuts, back after ${Math.round(worst)} ms at worst, ${minted} acknowledged writes`,
        )
        await until(
          'what was staged is stored',
          async () =>
            rig.judge().then(
              () => true,
              () => false,
            ),
          within(5_000),
        ).catch(() => rig.judge())
      },
    )

    is(
      'RD-04',
      'works behind PgBouncer in transaction mode: calls, one refresh, connecting, disconnecting',
      async () => {
        await using rig = await startFaultRig({
          ...where,
          people: 3,
          underneath: { standing: 'pooled' },
        })
        const [account = '', other = ''] = rig.accounts
        await rig.expire(account)
        const answers = await Promise.all(
          rig.nodes.flatMap((_, node) => Array.from({ length: 30 }, () => rig.call(account, { node }))),
        )
        assert.deepEqual(new Set(answers.map(told)), new Set(['200']))
        assert.equal(rig.provider.refreshes(account).length, 1)
        const [guest = ''] = await rig.addPeople(1, { connected: false })
        rig.provider.authorize = () => ({ account: guest })
        const browser = await rig.signedIn(guest)
        const callback = await browser.follow(await browser.begin(rig.publicUrl, 'crm'), /\/auth\/oauthCallback/)
        assert.equal((await browser.visit(callback)).status, 303)
        assert.equal((await rig.call(guest, { node: where.nodes - 1 })).status, 200)
        assert.equal((await rig.disconnect(other)).status, 200)
        for (const [node] of rig.nodes.entries())
          assert.equal(told(await rig.call(other, { node })), 'connection_required')
        assert.equal((await rig.mintKey(where.nodes - 1)).status, 201)
        await rig.judge()
      },
    )
  }

  it('RD-05 holds no connection of the pool while providers answer: reads go on with a pool of 5 and 500 refreshes open, PostgreSQL', async t => {
    await using rig = await flowRig('PostgreSQL', { connections: 5 })
    const open = Promise.withResolvers<void>()
    rig.provider.answer = async sent => {
      await open.promise
      return tokens(`${sent}-next`, rig.ports.clock.now() + 3_600_000)
    }
    const count = 500
    const ids = await copiesOf(rig, count)
    const freshToken = createFreshToken(rig.ports)
    const refreshing: Promise<string>[] = []
    for (let from = 0; from < count; from += 100) {
      const begun = ids.slice(from, from + 100).map(id =>
        freshToken(rig.context, id).then(
          () => 'renewed',
          (error: BrokerError) => error.code,
        ),
      )
      refreshing.push(...begun)
      await until('every refresh was sent', () => rig.provider.sent.length === from + 100, 60_000)
    }
    const reads: number[] = []
    for (let read = 0; read < 50; read += 1) {
      const begun = performance.now()
      await rig.store.connections.byId(rig.connection.orgId, rig.connection.id)
      reads.push(performance.now() - begun)
    }
    t.diagnostic(`pool 5, ${count} refreshes open, slowest of 50 reads ${Math.round(Math.max(...reads))} ms`)
    open.resolve()
    // Who waits five seconds for a connection, on a slow machine, is told so, and the answer is in the journal.
    const ends = new Set(await Promise.all(refreshing))
    assert.ok(
      [...ends].every(end => end === 'renewed' || end === 'store_unavailable'),
      [...ends].join(),
    )
    const reconcile = createReconcileJournal(rig.ports)
    await until('nothing is in the journal', async () => {
      await reconcile()
      return (await rig.ports.journal.pending()).length === 0
    })
    const stored = await rig.database.run('SELECT 1 FROM connections WHERE token_version = 2')
    assert.equal(stored.length, count, 'every answer is stored')
    assert.equal(rig.provider.sent.length, count)
  })

  // The journeys behind it are in the short form too; the contract makes a database for each of its tests.
  if (LONG)
    describe('RD-04 the contract of the store behind PgBouncer in transaction mode', () => {
      let server: Postgres
      let bouncer: PgBouncer
      before(async () => {
        server = await startPostgres()
        bouncer = await startPgBouncer(server.url)
      })
      after(async () => {
        await bouncer[Symbol.asyncDispose]()
        await server[Symbol.asyncDispose]()
      })
      storeContract('PostgreSQL behind PgBouncer', async () => {
        const database = await createTestDatabase(server.url)
        const store = await openStoreOn(createPostgresEngine({ url: bouncer.through(database.url), connections: 5 }))
        return {
          ...store,
          async [Symbol.asyncDispose]() {
            await store[Symbol.asyncDispose]()
            await database[Symbol.asyncDispose]()
          },
        }
      })
    })
})

/** A primary and its standby behind one address, which leads to the standby from a failover on. */
async function replicated() {
  const [primary, standby] = await startReplicated()
  const way = await startTcpProxy({ host: '127.0.0.1', port: primary.port })
  const url = new URL(primary.url)
  url.port = String(way.port)
  const leadToStandby = () => {
    way.aim(standby.port)
    way.cutOpen()
  }
  return {
    primary,
    standby,
    url: url.href,
    async failOver() {
      await primary.kill()
      await standby.promote()
      leadToStandby()
    },
    leadToStandby,
    async [Symbol.asyncDispose]() {
      await way[Symbol.asyncDispose]()
      await standby[Symbol.asyncDispose]()
      await primary[Symbol.asyncDispose]()
    },
  }
}

type Replicated = Awaited<ReturnType<typeof replicated>>
type Rig = Awaited<ReturnType<typeof flowRig>>

/** More connections like the rig's own, of other people. */
async function copiesOf({ store, ports, connection }: Rig, count: number): Promise<readonly ConnectionId[]> {
  const { build } = store.engine
  const [row = assert.fail()] = await store.engine.read(build.selectFrom('connections').selectAll())
  const ids = Array.from({ length: count }, () => ports.entropy.newId<ConnectionId>('con'))
  const seal = (id: ConnectionId, kind: 'access_token' | 'refresh_token') =>
    ports.vault.seal(tokenPlace(connection.orgId, id, kind, 1), secret(`${kind}-${id}`))
  const copies = await Promise.all(
    ids.map(async id => ({
      ...row,
      connection_id: id,
      subject_id: ports.entropy.newId<SubjectId>('sub'),
      access_token: await seal(id, 'access_token'),
      refresh_token: await seal(id, 'refresh_token'),
    })),
  )
  await store.engine.write([statement(build.insertInto('connections').values(copies))])
  return ids
}
