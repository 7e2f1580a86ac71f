import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { BrokerError } from '../../src/domain/broker-error.ts'
import type { Person } from '../../src/domain/person.ts'
import { tokenPlace } from '../../src/domain/places.ts'
import { reveal, secret } from '../../src/domain/secret.ts'
import { createAttemptRevocations } from '../../src/flows/revoke/attempt-revocations.ts'
import { createDisconnect } from '../../src/flows/revoke/disconnect.ts'
import { createFreshToken } from '../../src/flows/token/fresh-token.ts'
import { createKeepAlive } from '../../src/flows/token/keep-alive.ts'
import { createReconcileJournal } from '../../src/flows/token/reconcile-journal.ts'
import { openJournal } from '../../src/store/journal.ts'
import { ENGINES } from '../support/engines.ts'
import { eventually } from '../support/eventually.ts'
import { flowRig, tokens } from '../support/flow-rig.ts'

const code = (expected: string) => (error: unknown) => error instanceof BrokerError && error.code === expected

for (const engine of ENGINES)
  describe(`refresh, under faults, on ${engine}`, () => {
    it('RR-01 sends one refresh for 200 callers, and reads the store a bounded number of times', async () => {
      await using rig = await flowRig(engine)
      const freshToken = createFreshToken(rig.ports)
      const got = await Promise.all(Array.from({ length: 200 }, () => freshToken(rig.context, rig.connection.id)))
      assert.deepEqual(rig.provider.sent, ['refresh-0'])
      assert.deepEqual(new Set(got.map(({ accessToken }) => reveal(accessToken))), new Set(['access-1']))
    })

    it('RR-01 sends one refresh for callers of two nodes on one store, the second re-reading under the lease', async () => {
      await using rig = await flowRig(engine)
      const nodes = [createFreshToken(rig.ports), createFreshToken(rig.ports), createFreshToken(rig.ports)]
      await Promise.all(
        nodes.flatMap(freshToken => Array.from({ length: 50 }, () => freshToken(rig.context, rig.connection.id))),
      )
      assert.deepEqual(rig.provider.sent, ['refresh-0'])
    })

    it('RR-06 keeps a rotated token when the database is gone exactly after the provider answered, and heals from the journal', async () => {
      await using rig = await flowRig(engine)
      const { connections } = rig.ports
      const freshToken = createFreshToken({
        ...rig.ports,
        connections: {
          ...connections,
          // Until its write has failed, which is all of the time that a test need spend on a lock.
          storeRefreshed: (...given) => connections.storeRefreshed(...given).finally(() => rig.database.restore()),
        },
      })
      rig.provider.answer = async () => {
        rig.database.cut()
        return tokens('1', rig.ports.clock.now() + 3_600_000)
      }
      await assert.rejects(freshToken(rig.context, rig.connection.id), code('store_unavailable'))
      assert.equal((await rig.ports.journal.pending()).length, 1, 'the answer is on disk')
      const [row] = await rig.database.run('SELECT token_version FROM connections')
      assert.equal(Number(row?.['token_version']), 1, 'and not in the database')
      assert.equal(await createReconcileJournal(rig.ports)(), 1)
      const { accessToken } = await freshToken(rig.context, rig.connection.id)
      assert.equal(reveal(accessToken), 'access-1')
      assert.deepEqual(rig.provider.sent, ['refresh-0'], 'the spent token was not sent again')
      assert.equal((await rig.ports.journal.pending()).length, 0)
    })

    it('RR-06 tells the same of a renewal whoever stores it: its node, or one that found it in the journal', async () => {
      await using rig = await flowRig(engine)
      const reconcileJournal = createReconcileJournal(rig.ports)
      const answers = [tokens('1', 1, 'refresh-0'), tokens('2', 1, 'rotated'), tokens('3', 1, 'rotated')]
      rig.provider.answer = async () => answers[rig.provider.sent.length - 1] ?? assert.fail()
      const connections = {
        ...rig.ports.connections,
        async storeRefreshed(...given: Parameters<typeof rig.ports.connections.storeRefreshed>) {
          if (rig.provider.sent.length < 3) await reconcileJournal()
          return rig.ports.connections.storeRefreshed(...given)
        },
      }
      const freshToken = createFreshToken({ ...rig.ports, connections })
      for (const _ of answers) await freshToken(rig.context, rig.connection.id)
      const told = await rig.database.run(
        "SELECT details FROM audit_events WHERE action = 'token.refreshed' ORDER BY event_id",
      )
      const details = told.map(row => JSON.parse(String(row['details'])) as Record<string, unknown>)
      assert.deepEqual(
        details.map(({ from, token_version, rotated }) => ({ from, token_version, rotated })),
        [
          { from: 'journal', token_version: 2, rotated: false },
          { from: 'journal', token_version: 3, rotated: true },
          { from: undefined, token_version: 4, rotated: false },
        ],
      )
      for (const { access_token_hash, refresh_token_hash } of details)
        assert.match(`${access_token_hash} ${refresh_token_hash}`, /^[0-9a-f]{64} [0-9a-f]{64}$/)
    })

    for (const shiftMs of [-3_600_000, 3_600_000])
      for (const first of ['older', 'newer'] as const)
        it(`RR-14 keeps the later of two answers: the ${first} is stored first, the clock of the node that took over is ${shiftMs / 60_000} minutes off`, async () => {
          await using rig = await flowRig(engine)
          await rig.database.run('UPDATE connections SET received_at = 0, expires_at = 1')
          using journal = openJournal(rig.dataDir, 'node-that-takes-over', { isShared: false })
          const clock = { ...rig.ports.clock, now: () => rig.ports.clock.now() + shiftMs }
          const isGone = { ...journal, whereabouts: async () => 'gone' as const }
          const takeOver = createFreshToken({ ...rig.ports, clock, journal: isGone })
          const until = rig.ports.clock.now() + 7_200_000
          const older = Promise.withResolvers<void>()
          rig.provider.answer = async () => {
            const isOlder = rig.provider.sent.length === 1
            if (isOlder && first === 'newer') await takeOver(rig.context, rig.connection.id)
            if (isOlder) await older.promise
            else older.resolve()
            if (!isOlder && first === 'older') await begun
            return tokens(isOlder ? 'older' : 'newer', until)
          }
          const begun = createFreshToken(rig.ports)(rig.context, rig.connection.id)
          await eventually(
            async () => rig.provider.sent.length,
            sent => sent > 0,
          )
          if (first === 'older') await takeOver(rig.context, rig.connection.id)
          await begun
          assert.deepEqual(rig.provider.sent, ['refresh-0', 'refresh-0'])
          const { accessToken } = await createFreshToken(rig.ports)(rig.context, rig.connection.id)
          assert.equal(reveal(accessToken), 'access-newer')
          rig.advance(86_400_000)
          await createFreshToken(rig.ports)(rig.context, rig.connection.id)
          assert.equal(rig.provider.sent[2], 'refresh-newer')
        })
    for (const [which, laterMs] of [
      ['newer', 1_000],
      ['older', -1_000],
    ] as const)
      it(`RR-06 keeps the newer of two answers of which neither names its lease, as before there were epochs: the journal has the ${which}`, async () => {
        await using rig = await flowRig(engine)
        const { orgId, id, generation, tokenVersion, receivedAt } = rig.connection
        const seal = async (kind: 'access_token' | 'refresh_token', secretVersion: number, value: string) => ({
          sealed: await rig.ports.vault.seal(tokenPlace(orgId, id, kind, secretVersion), secret(value)),
          secretVersion,
        })
        const answer = async (name: string, at: number) => ({
          orgId,
          id,
          generation,
          tokenVersion: tokenVersion + 1,
          accessToken: await seal('access_token', 2, `access-${name}`),
          refreshToken: await seal('refresh_token', 2, `refresh-${name}`),
          receivedAt: receivedAt + at,
          expiresAt: receivedAt + 7_200_000,
          grantedScope: null,
          variables: {},
          extraTokens: null,
          refreshExpiresAt: null,
          refreshEpoch: 0,
        })
        const [audit = assert.fail()] = (await rig.store.audit.list(orgId, {}, { after: null, limit: 1 })).items
        const stored = await answer('stored', 5_000)
        await rig.store.connections.storeRefreshed(stored, { ...audit, id: rig.ports.entropy.newId('aud') })
        await rig.ports.journal.stage({ attemptId: 'a'.repeat(20), tokens: await answer('journal', 5_000 + laterMs) })
        await createReconcileJournal(rig.ports)()
        const { accessToken } = await createFreshToken(rig.ports)(rig.context, id)
        assert.equal(reveal(accessToken), which === 'newer' ? 'access-journal' : 'access-stored')
        assert.deepEqual(rig.provider.sent, [])
      })

    it('RR-06 repeats an attempt of unknown outcome as soon as what the connector says of its refresh tokens allows', async () => {
      const cases = [
        { refresh: {}, waitsMs: 45_000 },
        { refresh: { reuse_grace_s: 10 }, waitsMs: 5_000 },
        { refresh: { rotation: 'kept' }, waitsMs: 0 },
      ]
      for (const { refresh, waitsMs } of cases) {
        await using rig = await flowRig(engine, { auth: { refresh } })
        const { orgId, id, generation, tokenVersion } = rig.connection
        const now = rig.ports.clock.now()
        const state = await rig.store.refreshLeases.take(orgId, id, 'elsewhere/x', 30_000, now, async () => false)
        const { lease } = state.kind === 'taken' ? state : assert.fail()
        const attempt = { node: 'elsewhere', attemptId: 'a', generation, tokenVersion, startedAt: now }
        assert.ok(await rig.store.refreshLeases.openAttempt(lease, attempt, 0))
        await rig.store.refreshLeases.release(lease, { settled: false, coolUntilAt: null, reason: null })
        const journal = { ...rig.ports.journal, whereabouts: async () => 'elsewhere' as const }
        const freshToken = createFreshToken({ ...rig.ports, journal })
        if (waitsMs > 0) {
          rig.advance(waitsMs - 2_000)
          await assert.rejects(freshToken(rig.context, id), code('provider_unavailable'))
          assert.equal(rig.provider.sent.length, 0)
          rig.advance(2_000)
        }
        await freshToken(rig.context, id)
        assert.deepEqual(rig.provider.sent, ['refresh-0'])
      }
    })

    it('RR-08 keeps the old refresh token where none comes back, and takes the new one where one does', async () => {
      await using rig = await flowRig(engine)
      const freshToken = createFreshToken(rig.ports)
      const styles = [
        tokens('1', 1, null),
        tokens('2', 1, 'refresh-0'),
        tokens('3', 1, 'rotated-3'),
        tokens('4', 1, null),
      ]
      for (const style of styles) {
        const received = rig.ports.clock.now()
        rig.provider.answer = async () =>
          style.kind === 'refreshed'
            ? { ...style, tokenSet: { ...style.tokenSet, expiresAt: received + 1_000 } }
            : style
        await freshToken(rig.context, rig.connection.id)
        rig.advance(60_000)
      }
      assert.deepEqual(rig.provider.sent, ['refresh-0', 'refresh-0', 'refresh-0', 'rotated-3'])
    })

    it('RR-09 asks for a reconnect at the end of a token that cannot be renewed, and sends nothing', async () => {
      await using rig = await flowRig(engine)
      const { orgId, id, generation, tokenVersion, accessToken, receivedAt, expiresAt } = rig.connection
      assert.ok(accessToken)
      const audit = (await rig.store.audit.list(orgId, {}, { after: null, limit: 1 })).items[0] ?? assert.fail()
      const bare = {
        orgId,
        id,
        generation,
        tokenVersion: tokenVersion + 1,
        accessToken,
        refreshToken: null,
        receivedAt,
        expiresAt,
        grantedScope: null,
        variables: {},
        extraTokens: null,
        refreshExpiresAt: null,
        refreshEpoch: 1,
      }
      await rig.store.connections.storeRefreshed(bare, { ...audit, id: rig.ports.entropy.newId('aud') })
      const freshToken = createFreshToken(rig.ports)
      await assert.rejects(freshToken(rig.context, id), code('reconnect_required'))
      assert.equal((await rig.read()).status, 'reconnect_required')
      assert.deepEqual(rig.provider.sent, [])
    })

    for (const outcome of [
      { kind: 'unavailable', reason: 'http_503', retryAfterMs: null, sent: true },
      { kind: 'unavailable', reason: 'provider_timeout', retryAfterMs: 7_000, sent: true },
    ] as const) {
      it(`RR-10 marks nothing and backs off when the provider is ${outcome.reason}`, async () => {
        await using rig = await flowRig(engine)
        const freshToken = createFreshToken(rig.ports)
        rig.provider.answer = async () => outcome
        await assert.rejects(freshToken(rig.context, rig.connection.id), code('provider_unavailable'))
        await assert.rejects(freshToken(rig.context, rig.connection.id), code('provider_unavailable'))
        assert.equal(rig.provider.sent.length, 1, 'the second caller waited for the back-off instead of sending')
        assert.equal((await rig.read()).status, 'connected')
      })
    }

    it('RR-10 marks the connection for invalid_grant and deletes nothing', async () => {
      await using rig = await flowRig(engine)
      rig.provider.answer = async () => ({ kind: 'grant_gone', error: { error: 'invalid_grant', description: null } })
      await assert.rejects(createFreshToken(rig.ports)(rig.context, rig.connection.id), code('reconnect_required'))
      const marked = await rig.read()
      assert.equal(marked.status, 'reconnect_required')
      assert.ok(marked.refreshToken, 'the sealed token is kept')
    })

    it('RR-10 blames the connector, not the person, for invalid_client', async () => {
      await using rig = await flowRig(engine)
      rig.provider.answer = async () => ({
        kind: 'client_rejected',
        error: { error: 'invalid_client', description: null },
      })
      await assert.rejects(createFreshToken(rig.ports)(rig.context, rig.connection.id), code('connector_misconfigured'))
      assert.equal((await rig.read()).status, 'connected')
    })

    it('RP-04 goes on with a token that still lives while the token endpoint is down', async () => {
      await using rig = await flowRig(engine)
      const { id } = rig.connection
      const now = rig.ports.clock.now()
      await rig.database.run(`UPDATE connections SET received_at = ${now - 3_600_000}, expires_at = ${now + 5_000}`)
      rig.provider.answer = async () => ({ kind: 'unavailable', reason: 'http_503', retryAfterMs: null, sent: true })
      const { accessToken } = await createFreshToken(rig.ports)(rig.context, id)
      assert.equal(reveal(accessToken), 'access-0')
      assert.equal(rig.provider.sent.length, 1)
    })

    it('does not let a late answer bring a disconnected connection back, and queues its tokens for revocation', async () => {
      await using rig = await flowRig(engine)
      const freshToken = createFreshToken(rig.ports)
      const disconnect = createDisconnect(rig.ports)
      const principal = { kind: 'api_key', keyId: rig.ports.entropy.newId<never>('key'), roles: ['admin'] } as const
      rig.provider.answer = async () => {
        await disconnect({ ...rig.context, requestId: 'req', address: null }, principal, rig.connection.id)
        return tokens('late', rig.ports.clock.now() + 3_600_000)
      }
      await assert.rejects(freshToken(rig.context, rig.connection.id), code('connection_required'))
      const ended = await rig.read()
      assert.equal(ended.status, 'revoked')
      assert.equal(ended.accessToken, null)
      const due = await rig.store.revocations.claimDue(rig.ports.clock.now(), 1_000, 10)
      assert.deepEqual(
        due.map(({ token, id }) => [token, id.endsWith(':late')]),
        [
          ['refresh_token', true],
          ['access_token', true],
        ],
      )
      assert.deepEqual(
        rig.provider.revoked,
        ['refresh-0', 'access-0'],
        'what was there was revoked, refresh token first',
      )
    })

    it('takes no answer for late that was stored while the journal was read, although the grant ended since', async () => {
      await using rig = await flowRig(engine)
      const { connections, journal } = rig.ports
      const principal = { kind: 'api_key', keyId: rig.ports.entropy.newId<never>('key'), roles: ['admin'] } as const
      const [read, ended] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
      // The job reads the journal between the staging of an answer and its storing, and is slow from there.
      const reconcile = createReconcileJournal({
        ...rig.ports,
        connections: {
          ...connections,
          async storeRefreshed(...given) {
            read.resolve()
            await ended.promise
            return connections.storeRefreshed(...given)
          },
        },
      })
      let reconciling: Promise<number> | undefined
      const freshToken = createFreshToken({
        ...rig.ports,
        journal: {
          ...journal,
          async stage(entry) {
            await journal.stage(entry)
            reconciling = reconcile()
            await read.promise
          },
        },
      })
      await freshToken(rig.context, rig.connection.id)
      const context = { ...rig.context, requestId: 'req', address: null }
      await createDisconnect(rig.ports)(context, principal, rig.connection.id)
      ended.resolve()
      await reconciling
      await createAttemptRevocations(rig.ports).due()
      assert.deepEqual(rig.provider.revoked, ['refresh-1', 'access-1'], 'each once')
    })

    it('tells a disconnect what became of tokens that the job took first', async () => {
      await using rig = await flowRig(engine)
      const { revocations, provider } = rig.ports
      const [taken, looked] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
      const job = createAttemptRevocations({
        ...rig.ports,
        provider: { ...provider, revoke: (...given) => looked.promise.then(() => provider.revoke(...given)) },
        revocations: {
          ...revocations,
          claimDue: (...given) => revocations.claimDue(...given).finally(taken.resolve),
        },
      })
      let working: Promise<unknown> | undefined
      const disconnect = createDisconnect({
        ...rig.ports,
        revocations: {
          ...revocations,
          async claimOf(...given) {
            working = job.due()
            await taken.promise
            return revocations.claimOf(...given)
          },
          ofConnection(...given) {
            looked.resolve()
            return revocations.ofConnection(...given)
          },
          pendingOf(...given) {
            looked.resolve()
            return revocations.pendingOf(...given)
          },
        },
      })
      const principal = { kind: 'api_key', keyId: rig.ports.entropy.newId<never>('key'), roles: ['admin'] } as const
      const context = { ...rig.context, requestId: 'req', address: null }
      assert.equal((await disconnect(context, principal, rig.connection.id)).connection.status, 'revoked')
      await working
    })

    it('RR-20 keeps a grant that nobody uses from lapsing, over months, and renews it no oftener than it must', async t => {
      const [day, idleDays] = [86_400_000, 30]
      await using rig = await flowRig(engine, { auth: { refresh: { idle_s: (idleDays * day) / 1_000 } } })
      const people = { ...rig.store.people, byId: async () => ({ status: 'active' }) as Person }
      const keepAlive = createKeepAlive({ ...rig.ports, people })
      rig.advance(60_000)
      const renewedOn: number[] = [0]
      for (let passed = 0; passed < 100; passed += 1) {
        if ((await keepAlive()) === 1) renewedOn.push(passed)
        rig.advance(day)
      }
      const gaps = renewedOn.slice(1).map((on, at) => on - (renewedOn[at] ?? 0))
      t.diagnostic(
        `${rig.provider.sent.length} renewals in 100 days, ${Math.min(...gaps)} to ${Math.max(...gaps)} days apart`,
      )
      assert.ok(gaps.length >= 4 && gaps.every(gap => gap >= 15 && gap < idleDays), `${gaps}`)
      assert.equal(rig.provider.sent.length, gaps.length)
      assert.equal((await rig.read()).status, 'connected')
    })

    it('RR-06 keeps what a renewal for a revocation brought when the database is gone exactly after it, and revokes it as late', async () => {
      const step = { url: 'https://as.example/r', token: 'access_token', needs_fresh_access_token: true }
      await using rig = await flowRig(engine, { auth: { revoke_url: undefined, revocation: { steps: [step] } } })
      const principal = { kind: 'api_key', keyId: rig.ports.entropy.newId<never>('key'), roles: ['admin'] } as const
      rig.provider.answer = async () => {
        rig.database.cut()
        return tokens('1', rig.ports.clock.now() + 3_600_000)
      }
      const context = { ...rig.context, requestId: 'req', address: null }
      await createDisconnect(rig.ports)(context, principal, rig.connection.id).catch(() => undefined)
      assert.deepEqual(rig.provider.sent, ['refresh-0'])
      rig.database.restore()
      assert.equal((await rig.ports.journal.pending()).length, 1, 'the rotated tokens are on disk')
      await createReconcileJournal(rig.ports)()
      assert.equal((await rig.ports.journal.pending()).length, 0)
      rig.provider.answer = async () => ({ kind: 'grant_gone', error: { error: 'invalid_grant', description: null } })
      rig.advance(3_700_000)
      await createAttemptRevocations(rig.ports).due()
      assert.ok(rig.provider.revoked.includes('access-1'), `${rig.provider.revoked}`)
      assert.equal((await rig.read()).status, 'revoked')
    })

    it('RR-18 starts anew after a refresh that never settled, without a restart', async () => {
      await using rig = await flowRig(engine)
      const freshToken = createFreshToken(rig.ports)
      rig.provider.answer = async () => ({
        kind: 'unavailable',
        reason: 'provider_timeout',
        retryAfterMs: null,
        sent: true,
      })
      await assert.rejects(freshToken(rig.context, rig.connection.id))
      rig.advance(600_000)
      rig.provider.answer = async () => tokens('again', rig.ports.clock.now() + 3_600_000)
      assert.equal(reveal((await freshToken(rig.context, rig.connection.id)).accessToken), 'access-again')
    })

    it('refuses a token whose sealed bytes were swapped, marks the connection and says so in the audit', async () => {
      await using rig = await flowRig(engine)
      await rig.database.run('UPDATE connections SET access_token = refresh_token, expires_at = NULL')
      await assert.rejects(createFreshToken(rig.ports)(rig.context, rig.connection.id), code('reconnect_required'))
      assert.equal((await rig.read()).reason, 'seal_broken')
      const { items } = await rig.store.audit.list(
        rig.connection.orgId,
        { action: 'connection.seal_broken' },
        { after: null, limit: 5 },
      )
      assert.equal(items.length, 1)
    })

    it('RP-08 keeps an unconfirmed revocation and its sealed token, retries it, and erases it when it is confirmed', async () => {
      await using rig = await flowRig(engine)
      const disconnect = createDisconnect(rig.ports)
      const principal = { kind: 'api_key', keyId: rig.ports.entropy.newId<never>('key'), roles: ['admin'] } as const
      rig.provider.revokeAnswer = () => ({ kind: 'failed', reason: 'http_503', retryAfterMs: 2_000 })
      const { connection, revocations } = await disconnect(
        { ...rig.context, requestId: 'req', address: null },
        principal,
        rig.connection.id,
      )
      assert.equal(connection.status, 'disconnecting')
      assert.ok(revocations.every(({ outcome, sealed }) => outcome === 'pending' && sealed !== null))
      rig.provider.revokeAnswer = () => ({ kind: 'already_gone' })
      rig.advance(3_700_000)
      const { createAttemptRevocations } = await import('../../src/flows/revoke/attempt-revocations.ts')
      assert.equal(await createAttemptRevocations(rig.ports).due(), 2)
      assert.equal((await rig.read()).status, 'revoked')
      const settled = await rig.store.revocations.ofConnection(rig.connection.orgId, rig.connection.id)
      assert.ok(settled.every(({ outcome, sealed }) => outcome === 'already_gone' && sealed === null))
    })
  })
