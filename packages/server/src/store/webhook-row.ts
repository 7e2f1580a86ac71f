import { type DeliveryId, type OrgId, type WebhookId, webhookEventType } from '@behalf/contract'
import { z } from 'zod'
import { asSealed } from '../domain/sealed.ts'
import type { Delivery, Webhook } from '../domain/webhook.ts'
import { jsonColumn } from './json-column.ts'
import type { Tables } from './tables.ts'

const events = jsonColumn(z.array(webhookEventType))

export const toWebhook = (row: Tables['webhooks']): Webhook => ({
  id: row.webhook_id as WebhookId,
  orgId: row.org_id as OrgId,
  url: row.url,
  description: row.description,
  events: events(row.events),
  secret: { sealed: asSealed(row.secret), secretVersion: row.secret_version },
  previousSecret: row.previous_secret && {
    sealed: asSealed(row.previous_secret),
    secretVersion: row.previous_secret_version ?? 0,
    endsAt: row.previous_secret_ends_at ?? 0,
  },
  status: row.status as Webhook['status'],
  cursor: row.cursor_sequence,
  createdAt: row.created_at,
  updatedAt: row.updated_at,
  version: row.version,
})

export const fromWebhook = (webhook: Webhook): Tables['webhooks'] => ({
  org_id: webhook.orgId,
  webhook_id: webhook.id,
  url: webhook.url,
  description: webhook.description,
  events: JSON.stringify(webhook.events),
  secret: webhook.secret.sealed,
  secret_version: webhook.secret.secretVersion,
  previous_secret: webhook.previousSecret?.sealed ?? null,
  previous_secret_version: webhook.previousSecret?.secretVersion ?? null,
  previous_secret_ends_at: webhook.previousSecret?.endsAt ?? null,
  status: webhook.status,
  cursor_sequence: webhook.cursor,
  created_at: webhook.createdAt,
  updated_at: webhook.updatedAt,
  version: webhook.version,
})

export const toDelivery = (row: Tables['webhook_deliveries']): Delivery => ({
  id: row.delivery_id as DeliveryId,
  orgId: row.org_id as OrgId,
  webhookId: row.webhook_id as WebhookId,
  messageId: row.message_id,
  type: webhookEventType.parse(row.type),
  body: row.body,
  status: row.status as Delivery['status'],
  attempts: row.attempts,
  nextAttemptAt: row.next_attempt_at,
  lastAttemptAt: row.last_attempt_at,
  lastStatus: row.last_status,
  lastError: row.last_error,
  createdAt: row.created_at,
})

export const fromDelivery = (delivery: Delivery): Tables['webhook_deliveries'] => ({
  org_id: delivery.orgId,
  delivery_id: delivery.id,
  webhook_id: delivery.webhookId,
  message_id: delivery.messageId,
  type: delivery.type,
  body: delivery.body,
  status: delivery.status,
  attempts: delivery.attempts,
  next_attempt_at: delivery.nextAttemptAt,
  last_attempt_at: delivery.lastAttemptAt,
  last_status: delivery.lastStatus,
  last_error: delivery.lastError,
  created_at: delivery.createdAt,
})
