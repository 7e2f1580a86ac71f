import assert from 'node:assert/strict'
import { it } from 'node:test'
import type { DeliveryId, OrgId, WebhookId } from '@behalf/contract'
import type { AuditEvent } from '../../src/domain/audit-event.ts'
import { asSealed } from '../../src/domain/sealed.ts'
import type { Delivery, Webhook } from '../../src/domain/webhook.ts'
import { systemClock } from '../../src/platform/clock.ts'
import { createEntropy } from '../../src/platform/entropy.ts'
import type { Stores } from '../../src/ports/index.ts'

const entropy = createEntropy(systemClock)
const all = { after: null, limit: 100 }

/** What every store does with webhooks; called inside the suite of a store. */
export function webhookContract(
  rig: () => Promise<{ store: Stores & AsyncDisposable; a: OrgId; b: OrgId }>,
  audit: (orgId: OrgId) => AuditEvent,
): void {
  const webhook = (orgId: OrgId): Webhook => ({
    id: entropy.newId<WebhookId>('whk'),
    orgId,
    url: 'https://receiver.example/hook',
    description: null,
    events: ['connection.created'],
    secret: { sealed: asSealed(new Uint8Array(40)), secretVersion: 1 },
    previousSecret: null,
    status: 'active',
    cursor: 0,
    createdAt: 1,
    updatedAt: 1,
    version: 1,
  })
  const message = ({ orgId, id }: Webhook, change: Partial<Delivery> = {}): Delivery => ({
    id: entropy.newId<DeliveryId>('whd'),
    orgId,
    webhookId: id,
    messageId: 'evt_1',
    type: 'connection.created',
    body: '{}',
    status: 'pending',
    attempts: 0,
    nextAttemptAt: 10,
    lastAttemptAt: null,
    lastStatus: null,
    lastError: null,
    createdAt: 1,
    ...change,
  })

  it('queues each message once whichever node is at it, and gives it to one sender at a time', async () => {
    const { store, a } = await rig()
    await using _ = store
    const hook = webhook(a)
    await store.webhooks.create(hook, audit(a))
    const queue = () => store.webhooks.advance(hook, 5, [message(hook), message(hook)])
    assert.deepEqual((await Promise.all([queue(), queue(), queue()])).sort(), [false, false, true])
    const limits = { most: 10, mostEach: 10, without: [] }
    const claims = await Promise.all([1, 2, 3].map(() => store.webhooks.claimDue(10, 100, limits)))
    const claimed = claims.flat().map(({ id }) => id)
    assert.deepEqual([claimed.length, new Set(claimed).size], [2, 2])
    assert.equal((await store.webhooks.claimDue(109, 100, limits)).length, 0)
    assert.equal((await store.webhooks.claimDue(110, 100, { ...limits, mostEach: 1 })).length, 1)
    assert.equal((await store.webhooks.claimDue(110, 100, { ...limits, without: [hook.id] })).length, 0)
  })

  it('keeps webhooks and messages of an organization apart, pages them, and lets settled ones go', async () => {
    const { store, a, b } = await rig()
    await using _ = store
    const [hook, other] = [webhook(a), webhook(b)]
    for (const each of [hook, other]) await store.webhooks.create(each, audit(each.orgId))
    assert.deepEqual((await store.webhooks.list(a, all)).items, [hook])
    assert.equal(await store.webhooks.byId(b, hook.id), undefined)
    const changed: Webhook = {
      ...hook,
      status: 'paused',
      previousSecret: { ...hook.secret, endsAt: 9 },
      cursor: 7,
      version: 2,
    }
    assert.equal(await store.webhooks.update(changed, false, audit(a)), true)
    assert.equal(await store.webhooks.update(changed, false, audit(a)), false)
    assert.deepEqual(await store.webhooks.byId(a, hook.id), { ...changed, cursor: 0 })
    assert.deepEqual(
      (await store.webhooks.active()).map(({ id }) => id),
      [other.id],
    )
    assert.equal(await store.webhooks.update({ ...changed, version: 3 }, true, audit(a)), true)
    assert.equal((await store.webhooks.byId(a, hook.id))?.cursor, 7)
    const [one, two] = [message(hook), message(hook)]
    for (const each of [one, two, message(other)]) await store.webhooks.queue(each)
    await store.webhooks.settle({ ...one, status: 'delivered', attempts: 1, lastAttemptAt: 50, lastStatus: 200 })
    await store.webhooks.settle({ ...two, status: 'dead', attempts: 10, lastAttemptAt: 50, lastError: 'internal' })
    const dead = await store.webhooks.deliveries(a, hook.id, 'dead', all)
    assert.deepEqual(
      dead.items.map(({ id, lastError }) => [id, lastError]),
      [[two.id, 'internal']],
    )
    assert.equal((await store.webhooks.deliveries(a, hook.id, undefined, { after: null, limit: 1 })).items.length, 1)
    assert.equal(await store.webhooks.delivery(b, hook.id, one.id), undefined)
    assert.equal(await store.webhooks.sweep({ delivered: 51, dead: 50 }), 1)
    assert.equal(await store.webhooks.remove(b, hook.id, audit(b)), false)
    assert.equal(await store.webhooks.remove(a, hook.id, audit(a)), true)
    assert.deepEqual((await store.webhooks.deliveries(a, hook.id, undefined, all)).items, [])
  })

  it('reads audited facts of some kinds in the order of the chain', async () => {
    const { store, a } = await rig()
    await using _ = store
    const events = Array.from({ length: 3 }, () => audit(a))
    await store.audit.add(events)
    const found = await store.audit.unsealed(a, 100)
    const links = found.map((event, index) => ({ event, sequence: index + 1, mac: new Uint8Array(32) }))
    await store.audit.seal(a, 0, links)
    const after = await store.audit.after(a, 2, ['connect.completed'], 100)
    assert.deepEqual(
      after.map(({ sequence }) => sequence),
      links.slice(2).map(({ sequence }) => sequence),
    )
    assert.deepEqual(await store.audit.after(a, 0, ['launch.created'], 100), [])
  })
}
