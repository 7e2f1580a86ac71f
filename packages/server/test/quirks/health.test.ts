import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { Role } from '@behalf/contract'
import type { Person } from '../../src/domain/person.ts'
import { NOTHING_KNOWN } from '../../src/domain/roster.ts'
import { newAuditEvent } from '../../src/flows/audit/new-audit-event.ts'
import { createWatchHealth } from '../../src/flows/check/watch-health.ts'
import { createFreshToken } from '../../src/flows/token/fresh-token.ts'
import type { Outbound } from '../../src/ports/outbound.ts'
import { ENGINES, type EngineName } from '../support/engines.ts'
import { eventually } from '../support/eventually.ts'
import { flowRig } from '../support/flow-rig.ts'
import { startQuirkBroker } from '../support/quirk-broker.ts'

const HEALTH = { method: 'GET' as const, path: 'me', status: [200], interval_s: 600 }

/** A connector with a health call, somebody connected at it in a role, and an API that answers one status after the other. */
async function healthRig(engine: EngineName, roles: readonly Role[], statuses: readonly number[]) {
  const rig = await flowRig(engine)
  const { connection, connector, context, ports, store } = rig
  const person: Person = {
    id: connection.subjectId,
    orgId: connection.orgId,
    issuer: 'https://sso.example',
    sub: 'una',
    email: null,
    emailVerified: false,
    name: null,
    status: 'active',
    claims: NOTHING_KNOWN,
    imported: NOTHING_KNOWN,
    grantedRoles: roles,
    claimRoles: [],
    lastProofAt: ports.clock.now(),
    createdAt: ports.clock.now(),
    version: 1,
  }
  await store.people.recordSignIn(person)
  const watched = {
    ...connector,
    definition: { ...connector.definition, health: HEALTH },
    version: 2,
    approvedHosts: ['https://api.example', 'https://as.example'],
    updatedAt: ports.clock.now(),
  }
  await store.connectors.update(watched, [newAuditEvent(ports, context, 'system', 'connector.changed')])
  const asked: string[] = []
  const outbound = {
    async fetch({ method, url }: { method: string; url: string }) {
      asked.push(`${method} ${url}`)
      return new Response(null, { status: statuses[asked.length - 1] ?? 500 })
    },
  } as unknown as Outbound
  const node = () => createWatchHealth({ ...ports, outbound, freshToken: createFreshToken(ports) })
  return {
    ...rig,
    asked,
    watched,
    nodes: [node(), node()] as const,
    state: async () => (await store.connectors.byId(connector.orgId, connector.id))?.health ?? null,
    [Symbol.asyncDispose]: () => rig[Symbol.asyncDispose](),
  }
}

for (const engine of ENGINES)
  describe(`the health call that a connector makes by itself, on ${engine}`, () => {
    it('comes at once and then at its interval, from one node, is kept with the connector, and audits what changed', async () => {
      await using rig = await healthRig(engine, ['developer'], [200, 503, 503, 200])
      const round = async () =>
        (await Promise.all(rig.nodes.map(watch => watch()))).reduce((sum, made) => sum + made, 0)
      assert.equal(await rig.state(), null)
      for (const [due, result] of [
        [1, 'passed'],
        [0, 'passed'],
        [1, 'failed'],
        [1, 'failed'],
        [1, 'passed'],
      ] as const) {
        assert.equal(await round(), due)
        assert.equal((await rig.state())?.result, result)
        rig.advance(due === 1 && rig.asked.length === 1 ? 599_000 : 600_000)
      }
      assert.deepEqual(rig.asked, Array(4).fill('GET https://api.example/me'))
      assert.equal((await rig.state())?.answered, '200')
      const told = await rig.database.run(
        "SELECT result, details FROM audit_events WHERE action = 'connector.health_changed' ORDER BY event_id",
      )
      assert.deepEqual(
        told.map(({ result, details }) => [result, JSON.parse(String(details))]),
        [
          ['failed', { answered: '503' }],
          ['done', { answered: '200' }],
        ],
      )
    })

    it('is made for nobody who merely uses the connector, nor before its hosts are approved, and says so', async () => {
      await using rig = await healthRig(engine, ['auditor'], [])
      const [watch] = rig.nodes
      assert.equal(await watch(), 0)
      assert.deepEqual([(await rig.state())?.result, (await rig.state())?.answered], ['not_made', null])
      const { context, connection, ports, store, watched } = rig
      const person = (await store.people.byId(connection.orgId, connection.subjectId)) ?? assert.fail()
      const audit = () => newAuditEvent(ports, context, 'system', 'connector.changed')
      await store.people.update({ ...person, grantedRoles: ['developer'], version: person.version + 1 }, audit())
      const moved = { ...watched, approvedHosts: [], version: 3, updatedAt: ports.clock.now() }
      await store.connectors.update(moved, [audit()])
      assert.equal(await watch(), 0)
      const off = { ...moved, definition: { ...moved.definition, health: { ...HEALTH, interval_s: undefined } } }
      await store.connectors.update({ ...off, version: 4 } as never, [audit()])
      rig.advance(700_000)
      assert.equal((await store.connectors.claimHealthDue(ports.clock.now(), 1, 10)).length, 0, 'no interval, no call')
      assert.deepEqual(rig.asked, [])
    })
  })

describe('the health of a connector over REST', () => {
  it('is read with the connector, made with the token of a developer who is connected', async () => {
    await using rig = await startQuirkBroker([
      {
        name: 'watched',
        behaviour: { endpoints: { 'POST /token': { body: { access_token: 'at' } }, 'GET /api/me': { status: 418 } } },
        definition: () => ({ health: HEALTH }),
      },
    ])
    const state = async () => (await rig.broker.api('/connectors/watched')).body['health_state'] as { result: string }
    await rig.connect('watched')
    const { body: connection } = await rig.broker.api('/connections?connector=watched')
    const subject = connection.items?.[0]?.['subject']
    const granted = await rig.broker.api(`/people/${subject}/roles`, { method: 'PUT', body: { roles: ['developer'] } })
    assert.equal(granted.status, 200)
    rig.broker.advance(700_000)
    await rig.broker.restart()
    const { at, ...told } = (await eventually(state, now => now?.result === 'failed')) as {
      at?: string
      result: string
    }
    assert.deepEqual(told, { result: 'failed', answered: '418' })
    assert.ok(Date.parse(at ?? ''))
    assert.equal(rig.provider.seen('watched', 'GET /api/me')[0]?.headers.authorization, 'Bearer at')
  })
})
