import { BrokerError } from '../../domain/broker-error.ts'
import type { Organization } from '../../domain/organization.ts'
import type { Principal } from '../../domain/principal.ts'
import type { RequestContext } from '../../domain/request-context.ts'
import type { Ports } from '../../ports/index.ts'
import { newAuditEvent } from '../audit/new-audit-event.ts'

export type OrganizationChange = Partial<
  Pick<Organization, 'name' | 'callbackPolicy' | 'subjectIdleDays' | 'roleMapping'>
>

/** Changes an organization's settings. Throws `version_conflict`. */
export function createUpdateOrganization(ports: Pick<Ports, 'clock' | 'entropy' | 'organizations'>) {
  return async function updateOrganization(
    context: RequestContext,
    principal: Principal,
    { change, version }: { readonly change: OrganizationChange; readonly version: number },
  ): Promise<Organization> {
    const before = context.organization
    if (before.version !== version) throw new BrokerError('version_conflict')
    const after = { ...before, ...change, version: before.version + 1 }
    const details = { changed: Object.keys(change), callback_policy: after.callbackPolicy }
    const audit = newAuditEvent(ports, context, principal, 'organization.changed', { target: before.slug, details })
    if (!(await ports.organizations.update(after, audit))) throw new BrokerError('version_conflict')
    return after
  }
}
