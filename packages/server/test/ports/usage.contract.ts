import assert from 'node:assert/strict'
import { it } from 'node:test'
import type { ConnectionId, ConnectorId, OrgId, PluginId, SubjectId } from '@behalf/contract'
import type { AuditEvent } from '../../src/domain/audit-event.ts'
import { type CountedUse, dayOf } from '../../src/domain/usage.ts'
import { systemClock } from '../../src/platform/clock.ts'
import { createEntropy } from '../../src/platform/entropy.ts'
import type { Stores } from '../../src/ports/index.ts'

const entropy = createEntropy(systemClock)
const DAY_MS = 86_400_000

/** What every store does with usage; called inside the suite of a store. */
export function usageContract(
  rig: () => Promise<{ store: Stores & AsyncDisposable; a: OrgId; b: OrgId }>,
  audit: (orgId: OrgId) => AuditEvent,
): void {
  it('counts uses of a connection by plugin and day, once begun, from several nodes at once', async () => {
    const { store, a, b } = await rig()
    await using _ = store
    const use: CountedUse = {
      orgId: a,
      connectionId: entropy.newId<ConnectionId>('con'),
      connectorId: entropy.newId<ConnectorId>('ctr'),
      subjectId: entropy.newId<SubjectId>('sub'),
      pluginId: entropy.newId<PluginId>('plg'),
      calls: 2,
      failures: 1,
      firstAt: DAY_MS,
      lastAt: DAY_MS + 5,
    }
    const other = { ...use, pluginId: entropy.newId<PluginId>('plg') }
    const events = Array.from({ length: 3 }, () => audit(a))
    const begun = await Promise.all(events.map(event => store.usage.begin(use, event)))
    assert.deepEqual(begun.sort(), [false, false, true])
    const written = (await store.audit.list(a, {}, { after: null, limit: 100 })).items.map(({ id }) => id)
    assert.equal(events.filter(({ id }) => written.includes(id)).length, 1, 'the fact is told once')
    await store.usage.begin(other, audit(a))
    const later = { ...use, calls: 1, failures: 0, firstAt: 2 * DAY_MS, lastAt: 2 * DAY_MS }
    await Promise.all([store.usage.add([use, other]), store.usage.add([other, use]), store.usage.add([later])])
    const all = { after: null, limit: 100 }
    const [found] = (await store.usage.list(a, { plugin: use.pluginId }, all)).items
    assert.deepEqual([found?.calls, found?.failures, found?.firstUsedAt, found?.lastUsedAt], [5, 2, DAY_MS, 2 * DAY_MS])
    const days = (await store.usage.days(a, { plugin: use.pluginId }, 0, all)).items
    assert.deepEqual(
      days.map(({ day, calls }) => [day, calls]),
      [
        [1, 4],
        [2, 1],
      ],
    )
    const sums = (await store.usage.byConnector(a, 1)).map(({ connectorId, ...sum }) => [connectorId, sum])
    assert.deepEqual(sums, [[use.connectorId, { calls: 9, failures: 4 }]])
    assert.deepEqual(await store.usage.byConnector(a, 3), [])
    assert.deepEqual(await store.usage.byConnector(b, 0), [])
    const paged = [await store.usage.days(a, {}, 0, { after: null, limit: 2 })]
    paged.push(await store.usage.days(a, {}, 0, { after: paged[0]?.next ?? '', limit: 2 }))
    assert.deepEqual(
      paged.map(({ items }) => items.length),
      [2, 1],
    )
    const one = await store.usage.list(a, { subject: use.subjectId }, { after: null, limit: 1 })
    assert.equal((await store.usage.list(a, {}, { after: one.next, limit: 1 })).items.length, 1)
    assert.deepEqual((await store.usage.list(b, {}, all)).items, [])
    assert.equal((await store.usage.unseen(a, use.subjectId)).length, 2)
    await store.usage.see(a, use.subjectId, use.connectionId, 7)
    assert.equal((await store.usage.unseen(a, use.subjectId)).length, 0)
    assert.equal(await store.usage.sweep(dayOf(2 * DAY_MS)), 2)
  })
}
