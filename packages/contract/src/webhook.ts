import { z } from 'zod'
import { deliveryId, webhookId } from './ids.ts'
import { type Route, route } from './route.ts'
import { endpointUrl, instant, line, page, pageQuery } from './wire.ts'

/** What a webhook can be told of; `webhook.test` is sent on request alone. */
export const webhookEventType = z.enum([
  'connection.created',
  'connection.reconnect_required',
  'connection.recovered',
  'connection.scopes_changed',
  'connection.disconnected',
  'connection.revocation',
  'connection.first_used',
  'launch.started',
  'launch.ended',
  'run.waiting',
  'run.resumed',
  'run.ended',
  'webhook.test',
])
export type WebhookEventType = z.infer<typeof webhookEventType>

const events = z
  .array(webhookEventType)
  .min(1)
  .max(webhookEventType.options.length)
  .refine(list => new Set(list).size === list.length, 'an event twice')

const fields = {
  url: endpointUrl(),
  description: line(200).nullable().default(null),
  events: events.default([...webhookEventType.options]),
  status: z.enum(['active', 'paused']).default('active'),
}

export const webhookCreate = z.strictObject(fields).meta({ id: 'WebhookCreate' })
export const webhookPatch = z
  .strictObject({
    url: endpointUrl().optional(),
    description: line(200).nullable().optional(),
    events: events.optional(),
    status: z.enum(['active', 'paused']).optional(),
  })
  .meta({ id: 'WebhookPatch' })

export const webhook = z
  .object({
    id: webhookId,
    url: z.string(),
    description: z.string().nullable(),
    events: z.array(webhookEventType),
    /** `gone`: its receiver answered 410; setting it `active` starts it again. */
    status: z.enum(['active', 'paused', 'gone']),
    /** Until when the secret before the present one signs too. */
    previous_secret_ends_at: instant.nullable(),
    version: z.int(),
    created_at: instant,
    updated_at: instant,
  })
  .meta({ id: 'Webhook' })
/** The only answer that ever holds a webhook's secret. */
export const newWebhook = webhook.extend({ secret: z.string() }).meta({ id: 'NewWebhook' })

export const webhookSecretCreate = z
  .strictObject({
    /** Seconds for which the present secret signs too. */
    keep_previous_for: z.int().min(0).max(2_592_000).default(86_400),
  })
  .meta({ id: 'WebhookSecretCreate' })

const deliveryStatus = z.enum(['pending', 'delivered', 'dead'])
export const webhookDelivery = z
  .object({
    id: deliveryId,
    /** `webhook-id` of the message. */
    message_id: z.string(),
    type: webhookEventType,
    status: deliveryStatus,
    attempts: z.int(),
    next_attempt_at: instant.nullable(),
    last_attempt_at: instant.nullable(),
    /** The receiver's status, or the code of a problem where no answer came. */
    last_status: z.int().nullable(),
    last_error: z.string().nullable(),
    payload: z.json(),
    created_at: instant,
  })
  .meta({ id: 'WebhookDelivery' })

const byId = z.object({ id: webhookId })

/** Webhooks by the Standard Webhooks specification. */
export const WEBHOOK_ROUTES = {
  listWebhooks: route({
    method: 'get',
    path: '/webhooks',
    summary: 'List webhooks',
    allows: 'webhook.read',
    query: pageQuery,
    answer: page(webhook),
    status: 200,
    problems: ['invalid_cursor'],
  }),
  createWebhook: route({
    method: 'post',
    path: '/webhooks',
    summary: 'Register a webhook; its secret is shown once',
    allows: 'webhook.edit',
    body: webhookCreate,
    answer: newWebhook,
    status: 201,
    problems: [],
  }),
  readWebhook: route({
    method: 'get',
    path: '/webhooks/{id}',
    summary: 'Read a webhook',
    allows: 'webhook.read',
    params: byId,
    answer: webhook,
    status: 200,
    problems: ['not_found'],
  }),
  updateWebhook: route({
    method: 'patch',
    path: '/webhooks/{id}',
    summary: 'Change a webhook',
    allows: 'webhook.edit',
    params: byId,
    body: webhookPatch,
    answer: webhook,
    status: 200,
    versioned: true,
    problems: ['not_found', 'version_conflict', 'version_required'],
  }),
  deleteWebhook: route({
    method: 'delete',
    path: '/webhooks/{id}',
    summary: 'Remove a webhook and its messages',
    allows: 'webhook.edit',
    params: byId,
    status: 204,
    problems: ['not_found'],
  }),
  rotateWebhookSecret: route({
    method: 'post',
    path: '/webhooks/{id}/secret',
    summary: 'Make a new secret; both sign until the present one ends',
    allows: 'webhook.edit',
    params: byId,
    body: webhookSecretCreate,
    answer: newWebhook,
    status: 201,
    problems: ['not_found', 'version_conflict'],
  }),
  testWebhook: route({
    method: 'post',
    path: '/webhooks/{id}/test',
    summary: 'Send a test message now, once',
    allows: 'webhook.edit',
    params: byId,
    answer: webhookDelivery,
    status: 200,
    problems: ['not_found'],
  }),
  listWebhookDeliveries: route({
    method: 'get',
    path: '/webhooks/{id}/deliveries',
    summary: 'List messages to a webhook, newest first',
    allows: 'webhook.read',
    params: byId,
    query: pageQuery.extend({ status: deliveryStatus.optional() }),
    answer: page(webhookDelivery),
    status: 200,
    problems: ['not_found', 'invalid_cursor'],
  }),
  replayWebhookDelivery: route({
    method: 'post',
    path: '/webhooks/{id}/deliveries/{delivery}/replay',
    summary: 'Send a message again',
    allows: 'webhook.edit',
    params: z.object({ id: webhookId, delivery: deliveryId }),
    answer: webhookDelivery,
    status: 200,
    problems: ['not_found'],
  }),
} as const satisfies Record<string, Route>
