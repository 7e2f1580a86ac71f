import type { DeliveryId, WebhookId } from '@behalf/contract'
import { BrokerError } from '../../domain/broker-error.ts'
import type { Principal } from '../../domain/principal.ts'
import type { RequestContext } from '../../domain/request-context.ts'
import { type Attempt, afterAttempt, type Delivery, replayed, type Webhook } from '../../domain/webhook.ts'
import { webhookBody } from '../../domain/webhook-event.ts'
import type { Ports } from '../../ports/index.ts'
import type { PageRequest } from '../../ports/page.ts'
import { newAuditEvent } from '../audit/new-audit-event.ts'
import { signatures } from './webhook-secret.ts'

type Needs = Pick<
  Ports,
  'audit' | 'clock' | 'entropy' | 'log' | 'metrics' | 'organizations' | 'outbound' | 'vault' | 'webhooks'
>

const DEADLINE_MS = 10_000
/** Longer than an attempt may take, so that no second node sends the same message meanwhile. */
const CLAIM_MS = 30_000
const MOST_ANSWER_BYTES = 65_536
const MOST_AT_ONCE = 32
/** A slow receiver holds up no more than these. */
const MOST_EACH = 4

/** Sends messages to webhooks, signed; what is not taken is tried again, and given up after about three days. */
export function createDeliverMessages(ports: Needs) {
  const under = new Map<Promise<void>, WebhookId>()
  return { deliverMessages, messagesUnderWay, testWebhook, listDeliveries, replayDelivery }

  /** Begins sending what is due, and does not wait for it; how many. */
  async function deliverMessages(): Promise<number> {
    const counts = Map.groupBy(under.values(), id => id)
    const busy = [...counts].filter(([, each]) => each.length >= MOST_EACH).map(([id]) => id)
    const most = MOST_AT_ONCE - under.size
    if (most <= 0) return 0
    const limits = { most, mostEach: MOST_EACH, without: busy }
    const claimed = await ports.webhooks.claimDue(ports.clock.now(), CLAIM_MS, limits)
    for (const delivery of claimed) {
      const sending = send(delivery)
        .then(() => undefined)
        .catch(error => ports.log.error('webhook.failed', error))
        .finally(() => under.delete(sending))
      under.set(sending, delivery.webhookId)
    }
    return claimed.length
  }

  /** Resolves when nothing that was begun is under way any more. */
  async function messagesUnderWay(): Promise<void> {
    await Promise.all(under.keys())
  }

  /** Sends a message that says it is a test, once, now; what came of it. Throws `not_found`. */
  async function testWebhook(context: RequestContext, principal: Principal, id: WebhookId): Promise<Delivery> {
    await read(context, id)
    await ports.audit.add([newAuditEvent(ports, context, principal, 'webhook.tested', { target: id })])
    const now = ports.clock.now()
    const data = { organization: context.organization.slug }
    const delivery: Delivery = {
      id: ports.entropy.newId<DeliveryId>('whd'),
      orgId: context.organization.id,
      webhookId: id,
      messageId: ports.entropy.newId<string>('evt'),
      type: 'webhook.test',
      body: webhookBody({ type: 'webhook.test', at: now, data }),
      status: 'pending',
      attempts: 0,
      // Not due before its one attempt is over.
      nextAttemptAt: now + CLAIM_MS,
      lastAttemptAt: null,
      lastStatus: null,
      lastError: null,
      createdAt: now,
    }
    await ports.webhooks.queue(delivery)
    const sent = await send(delivery)
    if (sent.status === 'delivered') return sent
    const ended: Delivery = { ...sent, status: 'dead' }
    await ports.webhooks.settle(ended)
    return ended
  }

  async function listDeliveries(
    context: RequestContext,
    id: WebhookId,
    status: Delivery['status'] | undefined,
    page: PageRequest,
  ) {
    const webhook = await read(context, id)
    return ports.webhooks.deliveries(webhook.orgId, id, status, page)
  }

  /** Sends a message again from the beginning: one that was given up, or one whose receiver lost it. Throws `not_found`. */
  async function replayDelivery(
    context: RequestContext,
    principal: Principal,
    id: WebhookId,
    deliveryId: DeliveryId,
  ): Promise<Delivery> {
    const delivery = await ports.webhooks.delivery(context.organization.id, id, deliveryId)
    if (delivery === undefined) throw new BrokerError('not_found')
    if (delivery.status === 'pending') return delivery
    const again = replayed(delivery, ports.clock.now())
    await ports.audit.add([
      newAuditEvent(ports, context, principal, 'webhook.replayed', { target: id, details: { delivery: deliveryId } }),
    ])
    await ports.webhooks.settle(again)
    return again
  }

  async function send(delivery: Delivery): Promise<Delivery> {
    const webhook = await ports.webhooks.byId(delivery.orgId, delivery.webhookId)
    if (webhook === undefined || isHeldBack(webhook, delivery)) return delivery
    const attempt = await once(webhook, delivery)
    const settled = afterAttempt(delivery, attempt, ports.clock.now(), ports.entropy.jitter())
    ports.metrics.count('webhook_attempts', settled.status)
    await ports.webhooks.settle(settled)
    if (attempt.status === 410) await end(webhook)
    return settled
  }

  async function once(webhook: Webhook, { messageId: id, body, type }: Delivery): Promise<Attempt> {
    const organization = await ports.organizations.byId(webhook.orgId)
    if (organization === undefined || (webhook.status === 'gone' && type !== 'webhook.test')) return GONE
    const now = ports.clock.now()
    const timestamp = Math.floor(now / 1000)
    try {
      const answer = await ports.outbound.fetch({
        target: { orgSlug: organization.slug },
        method: 'POST',
        url: webhook.url,
        headers: {
          'content-type': 'application/json',
          'user-agent': 'Behalf',
          'webhook-id': id,
          'webhook-timestamp': String(timestamp),
          'webhook-signature': await signatures(ports, webhook, { id, timestamp, body }, now),
        },
        body,
        deadlineMs: DEADLINE_MS,
        maxBytes: MOST_ANSWER_BYTES,
        redirects: 'refuse',
      })
      return { status: answer.status, retryAfterMs: retryAfterMs(answer.headers.get('retry-after')), error: null }
    } catch (error) {
      return { status: null, retryAfterMs: null, error: error instanceof BrokerError ? error.code : 'internal' }
    }
  }

  // 410 Gone: the receiver wants no more of it (Standard Webhooks).
  async function end(webhook: Webhook): Promise<void> {
    const organization = await ports.organizations.byId(webhook.orgId)
    if (organization === undefined || webhook.status !== 'active') return
    const audit = newAuditEvent(ports, { organization }, 'system', 'webhook.changed', {
      target: webhook.id,
      details: { status: 'gone' },
    })
    const now = ports.clock.now()
    const gone: Webhook = { ...webhook, status: 'gone', updatedAt: now, version: webhook.version + 1 }
    await ports.webhooks.update(gone, false, audit)
  }

  async function read({ organization }: RequestContext, id: WebhookId): Promise<Webhook> {
    const webhook = await ports.webhooks.byId(organization.id, id)
    if (webhook === undefined) throw new BrokerError('not_found')
    return webhook
  }
}

// Paused, it waits; its claim ends, and it is looked at again.
const isHeldBack = ({ status }: Webhook, { type }: Delivery): boolean => status === 'paused' && type !== 'webhook.test'

const GONE: Attempt = { status: 410, retryAfterMs: null, error: null }

/** Seconds alone: a date would be judged by the receiver's clock. */
const retryAfterMs = (text: string | null): number | null =>
  text !== null && /^\d{1,6}$/.test(text.trim()) ? Number(text) * 1000 : null
