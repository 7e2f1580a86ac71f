import type { WebhookId } from '@behalf/contract'
import type { Delivery } from '../domain/webhook.ts'
import type { WebhookStore } from '../ports/webhook-store.ts'
import { auditInsert } from './audit-store.ts'
import { applied, type Engine, type Statement, statement } from './engine.ts'
import { pageOf } from './keyset.ts'
import type { Tables } from './tables.ts'
import { fromDelivery, fromWebhook, toDelivery, toWebhook } from './webhook-row.ts'

/** Due rows are looked through this far for webhooks that are not busy. */
const LOOKED_THROUGH = 10

export function createWebhookStore(engine: Engine): WebhookStore {
  const { build } = engine
  const webhooks = build.selectFrom('webhooks').selectAll()
  const deliveries = build.selectFrom('webhook_deliveries').selectAll()
  const insert = (delivery: Delivery): Statement =>
    statement(build.insertInto('webhook_deliveries').values(fromDelivery(delivery)))

  // Claimed row by row, compare-and-set on the due time: of two nodes one gets it.
  async function claim(row: Tables['webhook_deliveries'], until: number): Promise<Delivery | undefined> {
    const query = build
      .updateTable('webhook_deliveries')
      .set({ next_attempt_at: until })
      .where('org_id', '=', row.org_id)
      .where('delivery_id', '=', row.delivery_id)
      .where('status', '=', 'pending')
      .where('next_attempt_at', '=', row.next_attempt_at)
    const isOurs = await applied(engine.write([statement(query, 1)]))
    return isOurs ? toDelivery({ ...row, next_attempt_at: until }) : undefined
  }

  return {
    async create(webhook, audit) {
      const row = statement(build.insertInto('webhooks').values(fromWebhook(webhook)))
      await engine.write([row, auditInsert(engine, audit)])
    },
    async byId(orgId, id) {
      const [row] = await engine.read(webhooks.where('org_id', '=', orgId).where('webhook_id', '=', id))
      return row && toWebhook(row)
    },
    async list(orgId, page) {
      let query = webhooks.where('org_id', '=', orgId)
      if (page.after !== null) query = query.where('webhook_id', '>', page.after)
      const rows = await engine.read(query.orderBy('webhook_id').limit(page.limit + 1))
      return pageOf(rows, page, row => row.webhook_id, toWebhook)
    },
    async active() {
      return (await engine.read(webhooks.where('status', '=', 'active'))).map(toWebhook)
    },
    update(webhook, resumes, audit) {
      const { org_id, webhook_id, cursor_sequence, ...changed } = fromWebhook(webhook)
      const write = build
        .updateTable('webhooks')
        .set(resumes ? { ...changed, cursor_sequence } : changed)
        .where('org_id', '=', org_id)
        .where('webhook_id', '=', webhook_id)
        .where('version', '=', webhook.version - 1)
      return applied(engine.write([statement(write, 1), auditInsert(engine, audit)]))
    },
    remove(orgId, id, audit) {
      const webhook = build.deleteFrom('webhooks').where('org_id', '=', orgId).where('webhook_id', '=', id)
      const its = build.deleteFrom('webhook_deliveries').where('org_id', '=', orgId).where('webhook_id', '=', id)
      return applied(engine.write([statement(webhook, 1), statement(its), auditInsert(engine, audit)]))
    },
    advance(webhook, cursor, queued) {
      const moved = build
        .updateTable('webhooks')
        .set({ cursor_sequence: cursor })
        .where('org_id', '=', webhook.orgId)
        .where('webhook_id', '=', webhook.id)
        .where('cursor_sequence', '=', webhook.cursor)
        .where('status', '=', 'active')
      return applied(engine.write([statement(moved, 1), ...queued.map(insert)]))
    },
    async queue(delivery) {
      await engine.write([insert(delivery)])
    },
    async claimDue(now, claimMs, { most, mostEach, without }) {
      let query = deliveries.where('status', '=', 'pending').where('next_attempt_at', '<=', now)
      if (without.length > 0) query = query.where('webhook_id', 'not in', without)
      const due = await engine.read(query.orderBy('next_attempt_at').limit(most * LOOKED_THROUGH))
      const chosen = new Map<string, number>()
      const claimed: Delivery[] = []
      for (const row of due) {
        const count = chosen.get(row.webhook_id) ?? 0
        if (claimed.length === most) break
        if (count === mostEach) continue
        const delivery = await claim(row, now + claimMs)
        if (delivery === undefined) continue
        chosen.set(row.webhook_id, count + 1)
        claimed.push(delivery)
      }
      return claimed
    },
    async settle(delivery) {
      const { org_id, delivery_id, ...changed } = fromDelivery(delivery)
      const write = build
        .updateTable('webhook_deliveries')
        .set(changed)
        .where('org_id', '=', org_id)
        .where('delivery_id', '=', delivery_id)
      await engine.write([statement(write)])
    },
    async delivery(orgId, webhook: WebhookId, id) {
      const query = deliveries.where('org_id', '=', orgId).where('webhook_id', '=', webhook)
      const [row] = await engine.read(query.where('delivery_id', '=', id))
      return row && toDelivery(row)
    },
    async deliveries(orgId, webhook, status, page) {
      let query = deliveries.where('org_id', '=', orgId).where('webhook_id', '=', webhook)
      if (status !== undefined) query = query.where('status', '=', status)
      if (page.after !== null) query = query.where('delivery_id', '<', page.after)
      const rows = await engine.read(query.orderBy('delivery_id', 'desc').limit(page.limit + 1))
      return pageOf(rows, page, row => row.delivery_id, toDelivery)
    },
    async sweep({ delivered, dead }) {
      const old = (status: Delivery['status'], before: number) =>
        statement(
          build.deleteFrom('webhook_deliveries').where('status', '=', status).where('last_attempt_at', '<', before),
        )
      const written = await engine.write([old('delivered', delivered), old('dead', dead)])
      return written.kind === 'done' ? written.results.reduce((sum, { changes }) => sum + changes, 0) : 0
    },
  }
}
