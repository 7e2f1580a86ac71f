import type { DeliveryId, OrgId, WebhookId } from '@behalf/contract'
import type { AuditEvent } from '../domain/audit-event.ts'
import type { Delivery, Webhook } from '../domain/webhook.ts'
import type { Page, PageRequest } from './page.ts'

/** Webhooks and their messages. */
export type WebhookStore = {
  create(webhook: Webhook, audit: AuditEvent): Promise<void>
  byId(orgId: OrgId, id: WebhookId): Promise<Webhook | undefined>
  list(orgId: OrgId, page: PageRequest): Promise<Page<Webhook>>
  /** Every active one, of all organizations. */
  active(): Promise<readonly Webhook[]>
  /** Writes everything, the cursor where `resumes` alone; false where the stored version is not the one before. */
  update(webhook: Webhook, resumes: boolean, audit: AuditEvent): Promise<boolean>
  /** With its messages. */
  remove(orgId: OrgId, id: WebhookId, audit: AuditEvent): Promise<boolean>
  /** Queues messages and moves the cursor, all or nothing; false where another node moved it first. */
  advance(webhook: Webhook, cursor: number, queued: readonly Delivery[]): Promise<boolean>
  queue(delivery: Delivery): Promise<void>
  /** Pending ones that are due, but of those webhooks; each is claimed for `claimMs`, so that no second node sends it at once. */
  claimDue(
    now: number,
    claimMs: number,
    limits: { readonly most: number; readonly mostEach: number; readonly without: readonly WebhookId[] },
  ): Promise<readonly Delivery[]>
  settle(delivery: Delivery): Promise<void>
  delivery(orgId: OrgId, webhook: WebhookId, id: DeliveryId): Promise<Delivery | undefined>
  deliveries(
    orgId: OrgId,
    webhook: WebhookId,
    status: Delivery['status'] | undefined,
    page: PageRequest,
  ): Promise<Page<Delivery>>
  /** Removes settled ones: delivered before the one instant, dead before the other; how many. */
  sweep(before: { readonly delivered: number; readonly dead: number }): Promise<number>
}
