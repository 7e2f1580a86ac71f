import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type {
  AuditEventId,
  ConnectionId,
  ConnectLinkId,
  ConnectorId,
  OrgId,
  PluginId,
  PluginKeyId,
  SessionId,
  SubjectId,
} from '@behalf/contract'
import { until } from '../../../../test/support/until.ts'
import type { AuditEvent } from '../../src/domain/audit-event.ts'
import type { AuthorizationRequest } from '../../src/domain/authorization-request.ts'
import type { Connection } from '../../src/domain/connection.ts'
import type { Organization } from '../../src/domain/organization.ts'
import type { Person } from '../../src/domain/person.ts'
import type { Revocation } from '../../src/domain/revocation.ts'
import { asSealed } from '../../src/domain/sealed.ts'
import { systemClock } from '../../src/platform/clock.ts'
import { createEntropy } from '../../src/platform/entropy.ts'
import { type ContractStore, callLogContract } from './call-log.contract.ts'
import { debugWindowContract } from './debug-window.contract.ts'
import { launchesContract } from './launches.contract.ts'
import { usageContract } from './usage.contract.ts'
import { webhookContract } from './webhook.contract.ts'

const entropy = createEntropy(systemClock)
const bytes = (fill: number) => asSealed(new Uint8Array(40).fill(fill))
const all = { after: null, limit: 100 }

/** What a disconnect queues for a connection, due at 10. */
const queuedFor = (connection: Connection, tokens: readonly string[]): readonly Revocation[] =>
  tokens.map(token => ({
    id: `${connection.id}:1:${token}`,
    orgId: connection.orgId,
    connectionId: connection.id,
    connectorId: connection.connectorId,
    connectorVersion: 1,
    subjectId: connection.subjectId,
    generation: 1,
    step: 0,
    token,
    variables: {},
    sealed: { sealed: bytes(5), secretVersion: 1 },
    outcome: 'pending',
    attempts: 0,
    nextAttemptAt: 10,
    deadlineAt: 1_000,
    reason: null,
  }))

/** What every store engine must do; a second engine runs these unchanged. */
export function storeContract(name: string, open: () => Promise<ContractStore>): void {
  const rig = async () => {
    const store = await open()
    const orgs = [entropy.newId<OrgId>('org'), entropy.newId<OrgId>('org')] as const
    for (const [index, id] of orgs.entries()) {
      const organization: Organization = {
        id,
        slug: `org-${index}-${id.slice(-6)}`,
        name: 'x',
        sso: { issuer: 'https://sso', clientId: 'c', clientSecret: bytes(1), secretVersion: 1 },
        callbackPolicy: 'safe',
        subjectIdleDays: null,
        debugWindows: false,
        roleMapping: null,
        rosterClaims: null,
        strictAbove: 10,
        callLogDays: 90,
        logo: null,
        adminClaimHash: new Uint8Array(32).fill(9),
        createdAt: 1,
        version: 1,
      }
      assert.equal(
        await store.organizations.create(
          organization,
          { orgId: id, keyId: 1, rootKeyId: 'r', wrapped: new Uint8Array(60) },
          audit(id),
        ),
        true,
      )
    }
    return { store, a: orgs[0], b: orgs[1] }
  }
  const audit = (orgId: OrgId): AuditEvent => ({
    id: entropy.newId<AuditEventId>('aud'),
    orgId,
    at: 1,
    action: 'connect.completed',
    result: 'done',
    principal: 'system',
    onBehalfOf: null,
    target: null,
    address: null,
    requestId: null,
    details: {},
  })
  const connection = (orgId: OrgId, change: Partial<Connection> = {}): Connection => ({
    id: entropy.newId<ConnectionId>('con'),
    orgId,
    connectorId: entropy.newId('ctr'),
    subjectId: entropy.newId('sub'),
    status: 'connected',
    generation: 1,
    tokenVersion: 1,
    connectorVersion: 1,
    accessToken: { sealed: bytes(2), secretVersion: 1 },
    refreshToken: { sealed: bytes(3), secretVersion: 1 },
    receivedAt: 1,
    expiresAt: 2,
    grantedScope: ['a'],
    requestedScope: ['a', 'b'],
    accountLabel: 'una',
    accountId: 'u1',
    accountIcon: null,
    variables: { instance_url: 'https://x.example' },
    extraTokens: null,
    refreshExpiresAt: 9,
    refreshEpoch: 5,
    granted: { apiOrigin: 'https://a', tokenEndpoint: 'https://t', baseHosts: ['https://u'] },
    connectedAt: 1,
    lastUsedAt: null,
    dismissedGeneration: null,
    reason: null,
    ...change,
  })
  const person = (orgId: OrgId, sub: string, change: Partial<Person> = {}): Person => ({
    id: entropy.newId<SubjectId>('sub'),
    orgId,
    issuer: 'https://sso',
    sub,
    email: `${sub}@x.example`,
    emailVerified: true,
    name: sub,
    status: 'active',
    grantedRoles: [],
    claimRoles: [],
    claims: { groups: [], attributes: {} },
    imported: { groups: [], attributes: {} },
    lastProofAt: 1,
    createdAt: 1,
    version: 1,
    ...change,
  })
  const refreshed = (from: Connection, tokenVersion: number, fill: number) => ({
    orgId: from.orgId,
    id: from.id,
    generation: from.generation,
    tokenVersion,
    accessToken: { sealed: bytes(fill), secretVersion: tokenVersion },
    refreshToken: { sealed: bytes(fill), secretVersion: tokenVersion },
    receivedAt: fill,
    expiresAt: null,
    grantedScope: null,
    variables: {},
    extraTokens: null,
    refreshExpiresAt: null,
    refreshEpoch: 1,
  })

  describe(`a store on ${name}`, () => {
    callLogContract(rig)
    usageContract(rig, audit)
    webhookContract(rig, audit)
    debugWindowContract(rig, audit)
    launchesContract(rig)

    it('returns a connection as it was stored, and to its own organization alone', async () => {
      const { store, a, b } = await rig()
      await using _ = store
      const stored = connection(a)
      assert.equal(await store.connections.connect(stored, 0, [], [audit(a)]), true)
      assert.deepEqual(await store.connections.byId(a, stored.id), stored)
      assert.equal(await store.connections.byId(b, stored.id), undefined)
      assert.equal((await store.connections.list(b, {}, all)).items.length, 0)
    })

    it('connects once for a subject and connector, however many try at once', async () => {
      const { store, a } = await rig()
      await using _ = store
      const one = connection(a)
      const tries = await Promise.all(
        Array.from({ length: 20 }, () =>
          store.connections.connect({ ...one, id: entropy.newId('con') }, 0, [], [audit(a)]),
        ),
      )
      assert.equal(tries.filter(Boolean).length, 1)
      assert.equal(
        (await store.audit.list(a, { action: 'connect.completed' }, all)).items.length,
        2,
        'a refused write leaves no audit event',
      )
    })

    it('fences refreshed tokens by generation and token version', async () => {
      const { store, a } = await rig()
      await using _ = store
      const stored = connection(a)
      await store.connections.connect(stored, 0, [], [])
      const results = await Promise.all(
        [4, 5, 6].map(fill => store.connections.storeRefreshed(refreshed(stored, 2, fill), audit(a))),
      )
      assert.deepEqual(results.sort(), ['stored', 'superseded', 'superseded'])
      assert.equal(
        await store.connections.disconnect((await store.connections.byId(a, stored.id)) ?? assert.fail(), [], audit(a)),
        true,
      )
      assert.equal(await store.connections.storeRefreshed(refreshed(stored, 3, 7), audit(a)), 'gone')
      assert.equal((await store.connections.byId(a, stored.id))?.accessToken, null)
    })

    it('gives what a connector’s people hold since before an instant, oldest first, each once whatever the page', async () => {
      const { store, a, b } = await rig()
      await using _ = store
      const connectorId = entropy.newId<ConnectorId>('ctr')
      const held = [3, 1, 2, 2, 2, 9, 1].map(receivedAt => connection(a, { connectorId, receivedAt }))
      const others = [connection(a), connection(b, { connectorId })]
      for (const one of [...held, ...others]) await store.connections.connect(one, 0, [], [])
      const [first] = held
      assert.ok(first && (await store.connections.disconnect(first, [], audit(a))))
      const expected = held
        .slice(1)
        .filter(({ receivedAt }) => receivedAt < 9)
        .sort((x, y) => x.receivedAt - y.receivedAt || (x.id < y.id ? -1 : 1))
      for (const limit of [1, 2, 3, 10]) {
        const found: Connection[] = []
        for (;;) {
          const at = { orgId: a, id: connectorId }
          const page = await store.connections.renewedBefore(at, 9, found.at(-1) ?? null, limit)
          found.push(...page)
          if (page.length < limit) break
        }
        assert.deepEqual(
          found.map(({ id }) => id),
          expected.map(({ id }) => id),
          `${limit} a page`,
        )
      }
    })

    it('tells of each use by itself whether what it rests on has ended, also where none was by a key', async () => {
      const { store, a, b } = await rig()
      await using _ = store
      const [mine, other] = [connection(a), connection(b)]
      for (const one of [mine, other]) await store.connections.connect(one, 0, [], [])
      const pluginId = entropy.newId<PluginId>('plg')
      const keys = await Promise.all(
        ['stands', 'revoked'].map(async label => {
          const id = entropy.newId<PluginKeyId>('pky')
          const hash = new Uint8Array(32).fill(label.length)
          await store.plugins.addKey(
            {
              id,
              orgId: a,
              pluginId,
              label,
              hash,
              start: 'bhp_',
              createdAt: 1,
              expiresAt: null,
              lastUsedAt: null,
              revokedAt: null,
            },
            audit(a),
          )
          return id
        }),
      )
      const [stands = null, revoked = null] = keys
      assert.ok(await store.plugins.revokeKey(a, pluginId, revoked ?? assert.fail(), 2, audit(a)))
      const { orgId, id, generation, subjectId } = mine
      const own = { orgId, id, generation, subjectId, keyId: stands }
      const ended = [
        { ...own, keyId: revoked },
        { ...own, generation: 2 },
        { ...own, id: connection(a).id },
      ]
      const { orgId: there, id: its, subjectId: theirs } = other
      const open = [own, { ...own, keyId: null }, { ...own, orgId: there, id: its, subjectId: theirs }]
      assert.deepEqual(await store.connections.stale([...open, ...ended]), ended)
      assert.deepEqual(await store.connections.stale([{ ...own, keyId: null }]), [])
    })

    it('puts aside the unconfirmed end of one generation, and of no other', async () => {
      const { store, a } = await rig()
      await using _ = store
      const stored = connection(a)
      await store.connections.connect(stored, 0, [], [])
      assert.equal(await store.connections.dismiss(a, stored.id, stored.generation), false, 'it stands')
      await store.connections.disconnect((await store.connections.byId(a, stored.id)) ?? assert.fail(), [], audit(a))
      const ended = (await store.connections.byId(a, stored.id)) ?? assert.fail()
      assert.equal(await store.connections.dismiss(a, stored.id, ended.generation - 1), false)
      assert.equal(await store.connections.dismiss(a, stored.id, ended.generation), true)
      const [dismissed] = await store.connections.allOf(a, stored.subjectId)
      assert.equal(dismissed?.dismissedGeneration, ended.generation)
    })

    it('gives a refresh lease to one holder, and a settled one to the next with a higher epoch', async () => {
      const { store, a } = await rig()
      await using _ = store
      const id = entropy.newId<ConnectionId>('con')
      const taken = await Promise.all(
        Array.from({ length: 20 }, (_, index) => store.refreshLeases.take(a, id, `holder-${index}`, 30_000, 1)),
      )
      const [winner, ...others] = taken.filter(state => state.kind === 'taken')
      assert.ok(winner && others.length === 0)
      const attempt = { node: 'n', attemptId: 'x', generation: 1, tokenVersion: 1, startedAt: 1 }
      assert.equal(
        await store.refreshLeases.openAttempt({ ...winner.lease, epoch: 99 }, attempt, 0),
        false,
        'another epoch',
      )
      assert.equal(await store.refreshLeases.openAttempt(winner.lease, attempt, 0), true)
      await store.refreshLeases.release(winner.lease, { settled: false, coolUntilAt: null, reason: null })
      const next = await store.refreshLeases.take(a, id, 'next', 30_000, 1)
      assert.ok(next.kind === 'taken')
      assert.deepEqual(next.openAttempt, attempt, 'what was left open is seen')
      assert.ok(next.lease.epoch > winner.lease.epoch)
      await store.refreshLeases.release(next.lease, { settled: true, coolUntilAt: 1_000, reason: 'unavailable' })
      assert.deepEqual(await store.refreshLeases.take(a, id, 'later', 30_000, 999), {
        kind: 'cooling',
        untilAt: 1_000,
        reason: 'unavailable',
      })
      assert.equal((await store.refreshLeases.take(a, id, 'later', 30_000, 1_001)).kind, 'taken')
      const asked: string[] = []
      const isGone = (gone: boolean) => async (holder: string) => {
        asked.push(holder)
        return gone
      }
      assert.equal((await store.refreshLeases.take(a, id, 'heir', 30_000, 1_001, isGone(false))).kind, 'held')
      assert.equal((await store.refreshLeases.take(a, id, 'heir', 30_000, 1_001, isGone(true))).kind, 'taken')
      assert.deepEqual(asked, ['later', 'later'], 'whether its holder has ended')
    })

    it('gives the lease of a job to one holder, who keeps it, and to another when it is over', async () => {
      const { store, a, b } = await rig()
      await using _ = store
      const asked = Array.from({ length: 10 }, (_, at) => store.jobLeases.hold(a, 'seal_audit', `node-${at}`, 60_000))
      const got = await Promise.all(asked)
      assert.equal(got.filter(Boolean).length, 1)
      const holder = `node-${got.indexOf(true)}`
      assert.equal(await store.jobLeases.hold(a, 'seal_audit', holder, 1), true, 'it is renewed')
      assert.equal(await store.jobLeases.hold(b, 'seal_audit', 'other', 60_000), true, 'each organization by itself')
      await until('it is over', () => store.jobLeases.hold(a, 'seal_audit', 'heir', 60_000))
      assert.equal(await store.jobLeases.hold(a, 'seal_audit', holder, 60_000), false)
    })

    it('takes an authorization request once, and only where everything matches', async () => {
      const { store, a, b } = await rig()
      await using _ = store
      const request: AuthorizationRequest = {
        orgId: a,
        stateHash: new Uint8Array(32).fill(1),
        connectorId: entropy.newId('ctr'),
        connectorVersion: 1,
        subjectId: entropy.newId('sub'),
        sessionId: entropy.newId('ses'),
        browserHash: new Uint8Array(32).fill(2),
        callbackPath: '/cb',
        verifier: bytes(3),
        scope: ['a'],
        variables: {},
        pluginId: null,
        linkId: null,
        returnTo: '/',
        createdAt: 1,
        expiresAt: 100,
        outcome: null,
      }
      await store.authorizationRequests.add(request, audit(a))
      const proof = {
        orgId: a,
        stateHash: request.stateHash,
        browserHash: request.browserHash,
        sessionId: request.sessionId,
        subjectId: request.subjectId,
        callbackPath: '/cb',
        now: 50,
      }
      const wrong = [
        { orgId: b },
        { stateHash: new Uint8Array(32) },
        { browserHash: new Uint8Array(32) },
        { sessionId: entropy.newId<SessionId>('ses') },
        { subjectId: entropy.newId<SubjectId>('sub') },
        { callbackPath: '/other' },
        { now: 100 },
      ]
      for (const change of wrong)
        assert.equal(await store.authorizationRequests.take({ ...proof, ...change }), undefined)
      const taken = await Promise.all(Array.from({ length: 10 }, () => store.authorizationRequests.take(proof)))
      assert.deepEqual(taken.filter(Boolean), [request])
      await store.authorizationRequests.finish(a, request.stateHash, { kind: 'cancelled' })
      assert.deepEqual((await store.authorizationRequests.taken(proof))?.outcome, { kind: 'cancelled' })
    })

    it('uses a connect link once', async () => {
      const { store, a } = await rig()
      await using _ = store
      const link = {
        id: entropy.newId<ConnectLinkId>('lnk'),
        orgId: a,
        hash: new Uint8Array(32).fill(4),
        subjectId: entropy.newId<SubjectId>('sub'),
        connectorId: entropy.newId<never>('ctr'),
        further: [entropy.newId<never>('ctr')],
        pluginId: null,
        scope: null,
        variables: { shop: 'acme' },
        returnTo: '/',
        createdAt: 1,
        expiresAt: 100,
        usedAt: null,
      }
      await Promise.all([store.connectLinks.add(link, null), store.connectLinks.add(link, null)])
      assert.deepEqual(await store.connectLinks.byHash(a, link.hash), link)
      const used = await Promise.all(Array.from({ length: 10 }, () => store.connectLinks.use(a, link.id, 50)))
      assert.equal(used.filter(Boolean).length, 1)
    })

    it('keys people by issuer and sub, and keeps what was granted over a sign-in', async () => {
      const { store, a, b } = await rig()
      await using _ = store
      const first = await store.people.recordSignIn(person(a, 'una', { grantedRoles: ['developer'] }))
      const again = await store.people.recordSignIn(
        person(a, 'una', { email: 'other@x.example', claimRoles: ['auditor'] }),
      )
      assert.equal(again.id, first.id)
      assert.deepEqual(
        [again.grantedRoles, again.claimRoles, again.email],
        [['developer'], ['auditor'], 'other@x.example'],
      )
      assert.notEqual((await store.people.recordSignIn(person(b, 'una'))).id, first.id)
      await store.people.recordSignIn(person(a, 'twin', { email: 'OTHER@x.example' }))
      assert.equal((await store.people.byVerifiedEmail(a, 'Other@X.example')).length, 2)
    })

    it('finds people by a part of their name or e-mail, and takes no letter for a wildcard', async () => {
      const { store, a } = await rig()
      await using _ = store
      for (const [sub, name, email] of [
        ['1', 'Una Ortiz', 'una@x.example'],
        ['2', '100% Sure', 'sure@x.example'],
        ['3', null, 'ortega@x.example'],
      ] as const)
        await store.people.recordSignIn(person(a, sub, { name, email }))
      const found = async (words: string) =>
        (await store.people.list(a, { after: null, limit: 10 }, words)).items.map(({ sub }) => sub).sort()
      assert.deepEqual(await found('ORT'), ['1', '3'])
      assert.deepEqual(await found('0%'), ['2'])
      assert.deepEqual(await found('n_'), [])
    })

    it('lists the audit by every part of its filter', async () => {
      const { store, a } = await rig()
      await using _ = store
      const events = [1_000, 2_000, 3_000].map((at, index) => ({
        ...audit(a),
        at,
        principal: `key_${index}`,
        target: index === 1 ? 'orbit' : null,
        result: index === 2 ? ('refused' as const) : ('done' as const),
      }))
      await store.audit.add(events)
      const found = async (filter: Parameters<typeof store.audit.list>[1]) =>
        (await store.audit.list(a, filter, { after: null, limit: 10 })).items
          .map(({ at }) => at)
          .filter(at => at <= 3_000)
      assert.deepEqual(await found({ from: 2_000, until: 3_000 }), [2_000])
      assert.deepEqual(await found({ principal: 'key_0' }), [1_000])
      assert.deepEqual(await found({ target: 'orbit' }), [2_000])
      assert.deepEqual(await found({ result: 'refused' }), [3_000])
    })

    it('keeps an active admin in an organization, whoever removes whom at once', async () => {
      const { store, a } = await rig()
      await using _ = store
      const admins = await Promise.all(
        ['x', 'y'].map(sub => store.people.recordSignIn(person(a, sub, { grantedRoles: ['admin'] }))),
      )
      const results = await Promise.all(
        admins.map(admin => store.people.update({ ...admin, grantedRoles: [], version: admin.version + 1 }, audit(a))),
      )
      assert.deepEqual(results.sort(), ['last_admin', 'updated'])
    })

    it('spends an admin claim code once', async () => {
      const { store, a } = await rig()
      await using _ = store
      const people = await Promise.all(['x', 'y', 'z'].map(sub => store.people.recordSignIn(person(a, sub))))
      assert.equal(
        await store.people.claimAdmin(a, people[0]?.id ?? assert.fail(), new Uint8Array(32), audit(a)),
        false,
      )
      const claims = await Promise.all(
        people.map(({ id }) => store.people.claimAdmin(a, id, new Uint8Array(32).fill(9), audit(a))),
      )
      assert.equal(claims.filter(Boolean).length, 1)
    })

    it('gives a queued revocation to one claimant, and settles the connection with the last of them', async () => {
      const { store, a } = await rig()
      await using _ = store
      const stored = connection(a)
      await store.connections.connect(stored, 0, [], [])
      const queued = queuedFor(stored, ['refresh_token', 'access_token'])
      assert.equal(await store.connections.disconnect(stored, queued, audit(a)), true)
      const claims = (await Promise.all([1, 2, 3].map(() => store.revocations.claimDue(10, 100, 10)))).flat()
      assert.deepEqual(claims.map(({ token }) => token).sort(), ['access_token', 'refresh_token'])
      await Promise.all(
        claims.map(claim =>
          store.revocations.settle({ ...claim, outcome: 'revoked', sealed: null }, () => 'revoked', audit(a)),
        ),
      )
      assert.equal((await store.connections.byId(a, stored.id))?.status, 'revoked')
      assert.ok((await store.revocations.ofConnection(a, stored.id)).every(({ sealed }) => sealed === null))
    })

    it('ends what another connection of the account makes void, and settles whose it was, whichever comes first', async () => {
      const { store, a } = await rig()
      await using _ = store
      for (let round = 0; round < 4; round += 1) {
        const [ended, sister] = [0, 1].map(() => ({ ...connection(a), accountId: `account-${round}` })) as [
          Connection,
          Connection,
        ]
        await store.connections.connect(ended, 0, [], [])
        await store.connections.disconnect(ended, queuedFor(ended, ['refresh_token', 'access_token']), audit(a))
        const [wide, narrow] = await store.revocations.pendingOfAccount(a, `account-${round}`)
        assert.ok(wide && narrow)
        assert.deepEqual(await store.revocations.pendingOfAccount(a, 'nobody'), [])
        await Promise.all([
          store.connections.connect(sister, 0, [], [], [wide]),
          store.revocations.settle(
            { ...narrow, outcome: 'revoked', sealed: null },
            () => 'disconnected_unconfirmed',
            audit(a),
          ),
        ])
        assert.equal((await store.connections.byId(a, ended.id))?.status, 'disconnected_unconfirmed')
        assert.deepEqual(
          (await store.revocations.ofConnection(a, ended.id))
            .map(({ outcome, sealed }) => [outcome, sealed])
            .toSorted(),
          [
            ['cancelled', null],
            ['revoked', null],
          ],
        )
      }
    })

    it('chains audit events in order, by one sealer at a time', async () => {
      const { store, a } = await rig()
      await using _ = store
      await store.audit.add(Array.from({ length: 5 }, () => audit(a)))
      const events = await store.audit.unsealed(a, 100)
      const links = events.map((event, index) => ({ event, sequence: index + 1, mac: new Uint8Array(32).fill(index) }))
      assert.deepEqual((await Promise.all([store.audit.seal(a, 0, links), store.audit.seal(a, 0, links)])).sort(), [
        false,
        true,
      ])
      assert.deepEqual(
        (await store.audit.chain(a, 1, 100)).map(({ sequence }) => sequence),
        events.map((_, index) => index + 1),
      )
      assert.equal((await store.audit.head(a))?.sequence, events.length)
    })

    it('pages through a list without missing or repeating anything', async () => {
      const { store, a } = await rig()
      await using _ = store
      for (let index = 0; index < 25; index += 1) await store.people.recordSignIn(person(a, `p${index}`))
      const seen: string[] = []
      for (let after: string | null = null; ; ) {
        const page = await store.people.list(a, { after, limit: 10 })
        seen.push(...page.items.map(({ sub }) => sub))
        after = page.next
        if (after === null) break
      }
      assert.equal(new Set(seen).size, 25)
      assert.equal(seen.length, 25)
    })
  })
}
