import type * as wire from '@behalf/contract'
import type { DeliveryId, WebhookId } from '@behalf/contract'
import type { z } from 'zod'
import { reveal, type Secret } from '../../domain/secret.ts'
import type { Delivery, Webhook } from '../../domain/webhook.ts'
import type { Flows } from '../../flows/flows.ts'
import { instant, instantOrNull } from '../views.ts'
import { paged, pageOf } from './paging.ts'
import type { Asked, RestHandlers } from './rest-handlers.ts'

/** Webhooks. */
export function createWebhookHandlers(flows: Flows) {
  const idOf = (params: { readonly id: string }) => params.id as WebhookId

  return {
    listWebhooks: async ({ context, query }) => paged(await flows.listWebhooks(context, pageOf(query)), viewWebhook),
    createWebhook: async ({ context, principal, body }) => viewNew(await flows.createWebhook(context, principal, body)),
    readWebhook: async ({ context, params }) => viewWebhook(await flows.readWebhook(context, idOf(params))),
    updateWebhook: async ({ context, principal, params, body, version }) =>
      viewWebhook(await flows.updateWebhook(context, principal, idOf(params), { change: given(body), version })),
    async deleteWebhook({ context, principal, params }) {
      await flows.removeWebhook(context, principal, idOf(params))
      return undefined
    },
    async rotateWebhookSecret({ context, principal, params, body }) {
      const keptMs = body.keep_previous_for * 1000
      return viewNew(await flows.rotateWebhookSecret(context, principal, idOf(params), keptMs))
    },
    testWebhook: async ({ context, principal, params }) =>
      viewDelivery(await flows.testWebhook(context, principal, idOf(params))),
    listWebhookDeliveries: async ({ context, params, query }) =>
      paged(await flows.listDeliveries(context, idOf(params), query.status, pageOf(query)), viewDelivery),
    replayWebhookDelivery: async ({ context, principal, params }) =>
      viewDelivery(await flows.replayDelivery(context, principal, idOf(params), params.delivery as DeliveryId)),
  } satisfies Partial<RestHandlers>
}

const given = ({ url, description, events, status }: Asked<'updateWebhook'>['body']) => ({
  ...(url === undefined ? {} : { url }),
  ...(description === undefined ? {} : { description }),
  ...(events === undefined ? {} : { events }),
  ...(status === undefined ? {} : { status }),
})

const viewWebhook = (webhook: Webhook): z.infer<typeof wire.webhook> => ({
  id: webhook.id,
  url: webhook.url,
  description: webhook.description,
  events: [...webhook.events],
  status: webhook.status,
  previous_secret_ends_at: instantOrNull(webhook.previousSecret?.endsAt ?? null),
  version: webhook.version,
  created_at: instant(webhook.createdAt),
  updated_at: instant(webhook.updatedAt),
})
const viewNew = ({ webhook, secret }: { readonly webhook: Webhook; readonly secret: Secret }) => ({
  ...viewWebhook(webhook),
  secret: reveal(secret),
})

const viewDelivery = (delivery: Delivery): z.infer<typeof wire.webhookDelivery> => ({
  id: delivery.id,
  message_id: delivery.messageId,
  type: delivery.type,
  status: delivery.status,
  attempts: delivery.attempts,
  next_attempt_at: delivery.status === 'pending' ? instant(delivery.nextAttemptAt) : null,
  last_attempt_at: instantOrNull(delivery.lastAttemptAt),
  last_status: delivery.lastStatus,
  last_error: delivery.lastError,
  payload: JSON.parse(delivery.body) as z.infer<typeof wire.webhookDelivery>['payload'],
  created_at: instant(delivery.createdAt),
})
