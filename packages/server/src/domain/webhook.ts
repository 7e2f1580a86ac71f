import type { DeliveryId, OrgId, WebhookEventType, WebhookId } from '@behalf/contract'
import type { Sealed } from './sealed.ts'

/** Where an organization is told of what happens, signed with its secret (Standard Webhooks). */
export type Webhook = {
  readonly id: WebhookId
  readonly orgId: OrgId
  readonly url: string
  readonly description: string | null
  readonly events: readonly WebhookEventType[]
  readonly secret: SealedWebhookSecret
  /** Signs too until `endsAt`, so that a receiver can change over. */
  readonly previousSecret: (SealedWebhookSecret & { readonly endsAt: number }) | null
  readonly status: 'active' | 'paused' | 'gone'
  /** How far in the audit chain it has been told. */
  readonly cursor: number
  readonly createdAt: number
  readonly updatedAt: number
  readonly version: number
}

export type SealedWebhookSecret = { readonly sealed: Sealed; readonly secretVersion: number }

/** One message to one webhook, until it was taken or given up. */
export type Delivery = {
  readonly id: DeliveryId
  readonly orgId: OrgId
  readonly webhookId: WebhookId
  /** `webhook-id`: the same however often the message is sent. */
  readonly messageId: string
  readonly type: WebhookEventType
  readonly body: string
  readonly status: 'pending' | 'delivered' | 'dead'
  readonly attempts: number
  readonly nextAttemptAt: number
  readonly lastAttemptAt: number | null
  readonly lastStatus: number | null
  /** A problem code of ours where no answer came. */
  readonly lastError: string | null
  readonly createdAt: number
}

const MINUTE_MS = 60_000
const HOUR_MS = 60 * MINUTE_MS
/** Standard Webhooks: about three days, each wait jittered. */
const WAITS_MS: readonly number[] = [
  5_000,
  5 * MINUTE_MS,
  30 * MINUTE_MS,
  2 * HOUR_MS,
  5 * HOUR_MS,
  10 * HOUR_MS,
  14 * HOUR_MS,
  20 * HOUR_MS,
  24 * HOUR_MS,
]
const LONGEST_ASKED_MS = 24 * HOUR_MS

/** What an attempt came to: an answer, or none and why. */
export type Attempt =
  | { readonly status: number; readonly retryAfterMs: number | null; readonly error: null }
  | { readonly status: null; readonly retryAfterMs: null; readonly error: string }

/** A delivery after an attempt: taken by any 2xx, given up when the schedule is through or the receiver says it is gone (410). */
export function afterAttempt(delivery: Delivery, attempt: Attempt, now: number, jitter: number): Delivery {
  const attempts = delivery.attempts + 1
  const told = { ...delivery, attempts, lastAttemptAt: now, lastStatus: attempt.status, lastError: attempt.error }
  if (attempt.status !== null && attempt.status >= 200 && attempt.status < 300) return { ...told, status: 'delivered' }
  const wait = WAITS_MS[delivery.attempts]
  if (wait === undefined || attempt.status === 410) return { ...told, status: 'dead' }
  const asked = Math.min(attempt.retryAfterMs ?? 0, LONGEST_ASKED_MS)
  return { ...told, nextAttemptAt: now + Math.round(Math.max(wait * (0.8 + 0.4 * jitter), asked)) }
}

/** Sent again from the beginning, as the same message. */
export const replayed = (delivery: Delivery, now: number): Delivery => ({
  ...delivery,
  status: 'pending',
  attempts: 0,
  nextAttemptAt: now,
})

/** What is signed (Standard Webhooks: `id.timestamp.payload`); `timestamp` in seconds. */
export const signedContent = (messageId: string, timestamp: number, body: string): string =>
  `${messageId}.${timestamp}.${body}`

export const WEBHOOK_SECRET_PREFIX = 'whsec_'
