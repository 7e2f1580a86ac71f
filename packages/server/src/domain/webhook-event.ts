import type { WebhookEventType } from '@behalf/contract'
import type { AuditAction, StoredAuditEvent } from './audit-event.ts'

type Data = Readonly<Record<string, string | number | boolean | null | readonly string[]>>

/** What webhooks are told of an audited fact: its kind, and of its details what leads on. Never a secret, a hash of one, or content. */
export type WebhookEvent = {
  readonly type: WebhookEventType
  readonly at: number
  /** The id of the audit event. */
  readonly factId: string
  readonly connectionId: string | null
  readonly subjectId: string | null
  readonly data: Data
}

type Told = { readonly type: WebhookEventType; readonly data: Data } | undefined
type Tell = (event: StoredAuditEvent) => Told

const text = (value: unknown): string | null => (typeof value === 'string' ? value : null)
const list = (value: unknown): readonly string[] => (Array.isArray(value) ? value.map(String) : [])
const isSame = (a: readonly string[], b: readonly string[]): boolean =>
  a.length === b.length && a.every(each => b.includes(each))
/** A provider's error code; anything longer or odder is its own text, which is nobody else's. */
const reason = (value: unknown): string | null => (/^[\w.-]{1,60}$/.test(text(value) ?? '') ? text(value) : null)

const connected: Tell = ({ details }) => {
  const [scope, before] = [list(details['scope']), details['before']]
  const changed = !isSame(scope, list(details['scope_before']))
  if (before === 'connected') return changed ? { type: 'connection.scopes_changed', data: { scope } } : undefined
  if (before === 'reconnect_required') return { type: 'connection.recovered', data: { scope, scopes_changed: changed } }
  return { type: 'connection.created', data: { scope } }
}

const revocation: Tell = ({ details }) =>
  details['outcome'] === 'pending'
    ? undefined
    : {
        type: 'connection.revocation',
        data: { token: text(details['token']), outcome: text(details['outcome']) },
      }

const launch =
  (type: 'launch.started' | 'launch.ended'): Tell =>
  ({ target, details }) => ({ type, data: { plugin: target, launch: text(details['launch']) } })

const run =
  (type: 'run.waiting' | 'run.resumed' | 'run.ended'): Tell =>
  ({ target, result, details }) => ({
    type,
    data: {
      run: target,
      plugin: text(details['plugin']),
      action: text(details['action']),
      result,
      code: text(details['code']),
    },
  })

const TELL: Partial<Readonly<Record<AuditAction, Tell>>> = {
  'connect.completed': connected,
  'token.refreshed': ({ details }) =>
    details['scope'] === undefined
      ? undefined
      : { type: 'connection.scopes_changed', data: { scope: list(details['scope']) } },
  'token.refresh_failed': ({ details }) =>
    details['status'] === 'reconnect_required'
      ? { type: 'connection.reconnect_required', data: { reason: reason(details['reason']) } }
      : undefined,
  'connection.seal_broken': () => ({ type: 'connection.reconnect_required', data: { reason: 'seal_broken' } }),
  'connection.disconnected': () => ({ type: 'connection.disconnected', data: {} }),
  'connection.revoked': revocation,
  'connection.unconfirmed': revocation,
  'connection.first_used': ({ details }) => ({
    type: 'connection.first_used',
    data: { plugin: text(details['plugin']) },
  }),
  'launch.created': launch('launch.started'),
  'launch.ended': launch('launch.ended'),
  'run.waiting': run('run.waiting'),
  'run.resumed': run('run.resumed'),
  'run.ended': run('run.ended'),
}

/** The audit actions that webhooks may be told of. */
export const TOLD_ACTIONS = Object.keys(TELL) as readonly AuditAction[]

/** Undefined where webhooks are not told of it. */
export function toWebhookEvent(event: StoredAuditEvent): WebhookEvent | undefined {
  const told = TELL[event.action]?.(event)
  if (told === undefined) return undefined
  const connectionId = told.type.startsWith('connection.') ? event.target : null
  return { ...told, at: event.at, factId: event.id, connectionId, subjectId: event.onBehalfOf }
}

/** The body of a message (Standard Webhooks: type, timestamp, data). */
export const webhookBody = ({ type, at, data }: Pick<WebhookEvent, 'type' | 'at' | 'data'>): string =>
  JSON.stringify({ type, timestamp: new Date(at).toISOString(), data })
