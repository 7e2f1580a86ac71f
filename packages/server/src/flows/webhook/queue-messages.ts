import type { ConnectionId, DeliveryId } from '@behalf/contract'
import type { Organization } from '../../domain/organization.ts'
import type { Delivery, Webhook } from '../../domain/webhook.ts'
import { TOLD_ACTIONS, toWebhookEvent, type WebhookEvent, webhookBody } from '../../domain/webhook-event.ts'
import type { Ports } from '../../ports/index.ts'

type Needs = Pick<Ports, 'audit' | 'clock' | 'connections' | 'connectors' | 'entropy' | 'organizations' | 'webhooks'>

const BATCH = 100
/** With nothing to tell, the cursor follows the chain at this distance. */
const FAR_BEHIND = 1_000

/**
 * Turns audited facts into messages. The audit is the outbox: a fact and its event are one transaction, the chain gives the order, and a
 * webhook's cursor moves in the transaction that queues its messages, so that each fact is told once whichever node is at it.
 */
export function createQueueMessages(ports: Needs) {
  return async function queueMessages(): Promise<number> {
    let queued = 0
    for (const webhook of await ports.webhooks.active()) queued += await ofWebhook(webhook)
    return queued
  }

  async function ofWebhook(webhook: Webhook): Promise<number> {
    const head = (await ports.audit.head(webhook.orgId))?.sequence ?? 0
    if (head <= webhook.cursor) return 0
    const facts = await ports.audit.after(webhook.orgId, webhook.cursor, TOLD_ACTIONS, BATCH)
    const organization = await ports.organizations.byId(webhook.orgId)
    if (organization === undefined) return 0
    const cursor = facts.length === BATCH ? (facts.at(-1)?.sequence ?? head) : head
    if (facts.length === 0 && cursor - webhook.cursor < FAR_BEHIND) return 0
    const events = facts.flatMap(fact => toWebhookEvent(fact) ?? []).filter(({ type }) => webhook.events.includes(type))
    const messages = await Promise.all(events.map(event => message(organization, webhook, event)))
    return (await ports.webhooks.advance(webhook, cursor, messages)) ? messages.length : 0
  }

  async function message(organization: Organization, webhook: Webhook, event: WebhookEvent): Promise<Delivery> {
    const { connectionId, subjectId } = event
    const data = {
      organization: organization.slug,
      ...(connectionId === null
        ? {}
        : { connection: connectionId, connector: await connectorOf(organization, connectionId as ConnectionId) }),
      ...(subjectId === null ? {} : { subject: subjectId }),
      ...event.data,
    }
    const now = ports.clock.now()
    return {
      id: ports.entropy.newId<DeliveryId>('whd'),
      orgId: organization.id,
      webhookId: webhook.id,
      messageId: event.factId.replace(/^aud_/, 'evt_'),
      type: event.type,
      body: webhookBody({ ...event, data }),
      status: 'pending',
      attempts: 0,
      nextAttemptAt: now,
      lastAttemptAt: null,
      lastStatus: null,
      lastError: null,
      createdAt: now,
    }
  }

  async function connectorOf({ id }: Organization, connectionId: ConnectionId): Promise<string | null> {
    const connection = await ports.connections.byId(id, connectionId)
    return connection === undefined ? null : ((await ports.connectors.byId(id, connection.connectorId))?.name ?? null)
  }
}
