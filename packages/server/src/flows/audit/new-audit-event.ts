import type { AuditEventId, SubjectId } from '@behalf/contract'
import type { AuditAction, AuditEvent } from '../../domain/audit-event.ts'
import { type Principal, principalName } from '../../domain/principal.ts'
import type { RequestContext } from '../../domain/request-context.ts'
import type { Ports } from '../../ports/index.ts'

export type AuditFields = {
  readonly result?: AuditEvent['result']
  readonly onBehalfOf?: SubjectId | null
  readonly target?: string | null
  readonly details?: AuditEvent['details']
}

/** Makes the audit event of what `principal` did now; the caller puts it into the transaction of what it tells of. */
export function newAuditEvent(
  ports: Pick<Ports, 'clock' | 'entropy'>,
  context: Pick<RequestContext, 'organization'> & Partial<RequestContext>,
  principal: Principal | 'anonymous' | 'system',
  action: AuditAction,
  fields: AuditFields = {},
): AuditEvent {
  return {
    id: ports.entropy.newId<AuditEventId>('aud'),
    orgId: context.organization.id,
    at: ports.clock.now(),
    action,
    result: fields.result ?? 'done',
    principal: principalName(principal),
    onBehalfOf: fields.onBehalfOf ?? null,
    target: fields.target ?? null,
    address: context.address ?? null,
    requestId: context.requestId ?? null,
    details: fields.details ?? {},
  }
}
