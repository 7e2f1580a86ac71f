import type { AuditEventId, OrgId, SubjectId } from '@behalf/contract'

export type AuditAction =
  | 'organization.created'
  | 'organization.changed'
  | 'organization.sso_tried'
  | 'organization.sso_changed'
  | 'admin.claimed'
  | 'sign_in.completed'
  | 'sign_in.refused'
  | 'sign_out.completed'
  | 'session.ended'
  | 'connector.created'
  | 'connector.changed'
  | 'connector.secret_set'
  | 'connector.approved'
  | 'connector.checked'
  | 'connector.health_changed'
  | 'connector.retired'
  | 'connector.suspected'
  | 'connect.begun'
  | 'connect.completed'
  | 'connect.cancelled'
  | 'connect.failed'
  | 'connect.refused'
  | 'connect_link.created'
  | 'token.refreshed'
  | 'token.refresh_failed'
  | 'token.released'
  | 'connection.seal_broken'
  | 'connection.first_used'
  | 'connection.disconnected'
  | 'connection.revoked'
  | 'connection.unconfirmed'
  | 'revocation.cancelled'
  | 'plugin.created'
  | 'plugin.changed'
  | 'plugin.retired'
  | 'plugin.published'
  | 'launch.created'
  | 'launch.ended'
  | 'launch.agreed'
  | 'launch.agreement_withdrawn'
  | 'roster.imported'
  | 'run.waiting'
  | 'run.resumed'
  | 'run.ended'
  | 'plugin_key.created'
  | 'plugin_key.revoked'
  | 'api_key.created'
  | 'api_key.revoked'
  | 'person.roles_changed'
  | 'person.suspended'
  | 'person.resumed'
  | 'subject.asserted'
  | 'gateway.called'
  | 'access.refused'
  | 'key.rotated'
  | 'audit.exported'
  | 'call_log.exported'
  | 'usage.exported'
  | 'webhook.created'
  | 'webhook.changed'
  | 'webhook.secret_rotated'
  | 'webhook.tested'
  | 'webhook.replayed'
  | 'webhook.removed'
  | 'debug_window.asked'
  | 'debug_window.agreed'
  | 'debug_window.declined'
  | 'debug_window.ended'
  | 'store.restored'
  | 'store.moved'

/** An immutable fact, written in the transaction of what it tells of. */
export type AuditEvent = {
  readonly id: AuditEventId
  readonly orgId: OrgId
  readonly at: number
  readonly action: AuditAction
  readonly result: 'done' | 'refused' | 'failed'
  readonly principal: string
  readonly onBehalfOf: SubjectId | null
  readonly target: string | null
  readonly address: string | null
  readonly requestId: string | null
  /** Never a secret; hashes of sealed bytes at most. */
  readonly details: Readonly<Record<string, string | number | boolean | null | readonly string[]>>
}

/** An event and where it stands in its organization's chain, as far as the sealer came. */
export type StoredAuditEvent = AuditEvent & { readonly sequence: number | null; readonly mac: Uint8Array | null }
