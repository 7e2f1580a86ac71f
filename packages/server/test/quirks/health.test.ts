import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { Person } from '../../src/domain/person.ts'
import { createWatchHealth } from '../../src/flows/check/watch-health.ts'
import { createFreshToken } from '../../src/flows/token/fresh-token.ts'
import type { Outbound } from '../../src/ports/outbound.ts'
import { flowRig } from '../support/flow-rig.ts'

describe('the health call that a connector makes by itself', () => {
  it('comes at its interval, from one node, with the author’s own connection, and audits what changed', async () => {
    await using rig = await flowRig()
    const statuses = [200, 503, 503, 200]
    const asked: string[] = []
    const outbound = {
      async fetch({ method, url }: { method: string; url: string }) {
        asked.push(`${method} ${url}`)
        return new Response(null, { status: statuses[asked.length - 1] ?? 500 })
      },
    } as unknown as Outbound
    const health = { method: 'GET' as const, path: 'me', status: [200], interval_s: 600 }
    const watched = {
      ...rig.connector,
      author: rig.connection.subjectId as string,
      definition: { ...rig.connector.definition, health },
    }
    const node = (name: string) =>
      createWatchHealth({
        ...rig.ports,
        outbound,
        journal: { ...rig.ports.journal, node: name },
        connectors: { ...rig.ports.connectors, all: async () => [watched] },
        people: { ...rig.ports.people, byId: async () => ({ status: 'active' }) as Person },
        freshToken: createFreshToken(rig.ports),
      })
    const [one, other] = [node('one'), node('other')]
    for (const due of [1, 0, 1, 1, 1]) {
      assert.equal(await one(), due)
      assert.equal(await other(), 0, 'one node holds the lease')
      rig.advance(due === 0 ? 600_000 : asked.length === 1 ? 1_000 : 600_000)
    }
    assert.deepEqual(asked, Array(4).fill('GET https://api.example/me'))
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

  it('is made for nobody but the author: a key has no connection', async () => {
    await using rig = await flowRig()
    const health = { method: 'GET' as const, path: 'me', status: [200], interval_s: 600 }
    const watched = { ...rig.connector, definition: { ...rig.connector.definition, health } }
    const watchHealth = createWatchHealth({
      ...rig.ports,
      outbound: { fetch: () => assert.fail('nothing is sent') } as unknown as Outbound,
      connectors: { ...rig.ports.connectors, all: async () => [watched] },
      freshToken: createFreshToken(rig.ports),
    })
    assert.equal(await watchHealth(), 0)
  })
})
