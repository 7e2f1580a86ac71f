import type { Principal } from '../../domain/principal.ts'
import type { RequestContext } from '../../domain/request-context.ts'
import type { Ports } from '../../ports/index.ts'
import { newAuditEvent } from '../audit/new-audit-event.ts'

/** Makes the signed-in person the first admin by the one-time code that was printed when the organization was made. */
export function createClaimAdmin(ports: Pick<Ports, 'audit' | 'clock' | 'entropy' | 'people'>) {
  return async function claimAdmin(
    context: RequestContext,
    principal: Extract<Principal, { kind: 'session' }>,
    code: string,
  ): Promise<boolean> {
    const { person } = principal
    const hash = ports.entropy.sha256(code.trim())
    const fields = { onBehalfOf: person.id, target: person.id }
    const audit = newAuditEvent(ports, context, principal, 'admin.claimed', fields)
    if (await ports.people.claimAdmin(context.organization.id, person.id, hash, audit)) return true
    await ports.audit.add([
      newAuditEvent(ports, context, principal, 'access.refused', {
        ...fields,
        result: 'refused',
        details: { what: 'admin claim' },
      }),
    ])
    return false
  }
}
