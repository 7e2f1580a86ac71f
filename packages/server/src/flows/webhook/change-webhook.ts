import type { OrgId, WebhookEventType, WebhookId } from '@behalf/contract'
import { BrokerError } from '../../domain/broker-error.ts'
import type { Principal } from '../../domain/principal.ts'
import type { RequestContext } from '../../domain/request-context.ts'
import type { Secret } from '../../domain/secret.ts'
import type { Webhook } from '../../domain/webhook.ts'
import type { Ports } from '../../ports/index.ts'
import type { PageRequest } from '../../ports/page.ts'
import { newAuditEvent } from '../audit/new-audit-event.ts'
import { drawSecret } from './webhook-secret.ts'

type Needs = Pick<Ports, 'audit' | 'clock' | 'entropy' | 'outbound' | 'vault' | 'webhooks'>

export type WebhookFields = {
  readonly url: string
  readonly description: string | null
  readonly events: readonly WebhookEventType[]
  readonly status: 'active' | 'paused'
}
/** A webhook with its secret, which is in this answer alone. */
export type NewSecret = { readonly webhook: Webhook; readonly secret: Secret }

const MOST = 20

/** Where an organization is told of what happens. Each throws `not_found`; saving a URL that may not be called, `invalid_request`. */
export function createChangeWebhook(ports: Needs) {
  return { createWebhook, readWebhook, listWebhooks, updateWebhook, rotateWebhookSecret, removeWebhook }

  async function createWebhook(
    context: RequestContext,
    principal: Principal,
    fields: WebhookFields,
  ): Promise<NewSecret> {
    const orgId = context.organization.id
    await judgeUrl(context, fields.url)
    const { items } = await ports.webhooks.list(orgId, { after: null, limit: MOST })
    if (items.length === MOST)
      throw new BrokerError('invalid_request', { detail: `An organization has at most ${MOST} webhooks.` })
    const id = ports.entropy.newId<WebhookId>('whk')
    const { sealed, shown } = await drawSecret(ports, { orgId, id }, 1)
    const now = ports.clock.now()
    const cursor = await headOf(orgId)
    const kept = { previousSecret: null, cursor, createdAt: now, updatedAt: now, version: 1 }
    const webhook: Webhook = { id, orgId, ...fields, secret: sealed, ...kept }
    await ports.webhooks.create(webhook, audited(context, principal, 'webhook.created', webhook))
    return { webhook, secret: shown }
  }

  async function readWebhook({ organization }: RequestContext, id: WebhookId): Promise<Webhook> {
    const webhook = await ports.webhooks.byId(organization.id, id)
    if (webhook === undefined) throw new BrokerError('not_found')
    return webhook
  }

  function listWebhooks({ organization }: RequestContext, page: PageRequest) {
    return ports.webhooks.list(organization.id, page)
  }

  /** Throws `version_conflict`. */
  async function updateWebhook(
    context: RequestContext,
    principal: Principal,
    id: WebhookId,
    { change, version }: { readonly change: Partial<WebhookFields>; readonly version: number },
  ): Promise<Webhook> {
    const before = await readWebhook(context, id)
    if (before.version !== version) throw new BrokerError('version_conflict')
    if (change.url !== undefined) await judgeUrl(context, change.url)
    const resumes = before.status !== 'active' && change.status === 'active'
    const cursor = resumes ? await headOf(before.orgId) : before.cursor
    return write(context, principal, { ...before, ...change, cursor }, 'webhook.changed', resumes)
  }

  /** Makes a new secret; the present one signs along for `keptMs`. */
  async function rotateWebhookSecret(
    context: RequestContext,
    principal: Principal,
    id: WebhookId,
    keptMs: number,
  ): Promise<NewSecret> {
    const before = await readWebhook(context, id)
    const { sealed, shown } = await drawSecret(ports, before, before.secret.secretVersion + 1)
    const previousSecret = keptMs === 0 ? null : { ...before.secret, endsAt: ports.clock.now() + keptMs }
    const changed = { ...before, secret: sealed, previousSecret }
    return { webhook: await write(context, principal, changed, 'webhook.secret_rotated'), secret: shown }
  }

  async function removeWebhook(context: RequestContext, principal: Principal, id: WebhookId): Promise<void> {
    const webhook = await readWebhook(context, id)
    const audit = audited(context, principal, 'webhook.removed', webhook)
    if (!(await ports.webhooks.remove(webhook.orgId, id, audit))) throw new BrokerError('not_found')
  }

  async function write(
    context: RequestContext,
    principal: Principal,
    changed: Webhook,
    action: 'webhook.changed' | 'webhook.secret_rotated',
    resumes = false,
  ): Promise<Webhook> {
    const webhook = { ...changed, updatedAt: ports.clock.now(), version: changed.version + 1 }
    if (!(await ports.webhooks.update(webhook, resumes, audited(context, principal, action, webhook))))
      throw new BrokerError('version_conflict')
    return webhook
  }

  // It is told what happens from here on, not what happened before or while it was paused.
  async function headOf(orgId: OrgId): Promise<number> {
    return (await ports.audit.head(orgId))?.sequence ?? 0
  }

  async function judgeUrl({ organization }: RequestContext, url: string): Promise<void> {
    const refused = await ports.outbound.check(url, { orgSlug: organization.slug }).catch((error: unknown) => error)
    if (refused === undefined) return
    const reason = 'not an address that may be called (see BEHALF_OUTBOUND_ALLOW)'
    throw new BrokerError('invalid_request', { errors: [{ pointer: '/url', reason }] })
  }

  function audited(
    context: RequestContext,
    principal: Principal,
    action: 'webhook.created' | 'webhook.changed' | 'webhook.secret_rotated' | 'webhook.removed',
    { id, url, events, status }: Webhook,
  ) {
    // A path or a query can hold a receiver's own secret.
    const details = { host: new URL(url).host, events, status }
    return newAuditEvent(ports, context, principal, action, { target: id, details })
  }
}
