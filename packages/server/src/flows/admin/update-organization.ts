import { BrokerError } from '../../domain/broker-error.ts'
import type { Organization } from '../../domain/organization.ts'
import { type Principal, principalName } from '../../domain/principal.ts'
import { mayLowerThreshold } from '../../domain/redaction-policy.ts'
import type { RequestContext } from '../../domain/request-context.ts'
import type { Ports } from '../../ports/index.ts'
import { newAuditEvent } from '../audit/new-audit-event.ts'

export type OrganizationChange = Partial<
  Pick<
    Organization,
    | 'name'
    | 'callbackPolicy'
    | 'callLogDays'
    | 'debugWindows'
    | 'subjectIdleDays'
    | 'roleMapping'
    | 'rosterClaims'
    | 'strictAbove'
  >
>

/** Changes an organization's settings. Throws `version_conflict`, `invalid_request`. */
export function createUpdateOrganization(ports: Pick<Ports, 'clock' | 'debugWindows' | 'entropy' | 'organizations'>) {
  return async function updateOrganization(
    context: RequestContext,
    principal: Principal,
    { change, version }: { readonly change: OrganizationChange; readonly version: number },
  ): Promise<Organization> {
    const before = context.organization
    if (before.version !== version) throw new BrokerError('version_conflict')
    if (change.strictAbove !== undefined && !mayLowerThreshold(before.strictAbove, change.strictAbove))
      throw new BrokerError('invalid_request', {
        errors: [{ pointer: '/strict_above', reason: 'can only be lowered' }],
      })
    const after = { ...before, ...change, version: before.version + 1 }
    const details = {
      changed: Object.keys(change),
      callback_policy: after.callbackPolicy,
      strict_above: after.strictAbove,
      call_log_days: after.callLogDays,
    }
    const audit = newAuditEvent(ports, context, principal, 'organization.changed', { target: before.slug, details })
    if (!(await ports.organizations.update(after, audit))) throw new BrokerError('version_conflict')
    if (before.debugWindows && !after.debugWindows) await endDebugWindows(context, principal)
    return after
  }

  // Switched on again, none of them is open by itself.
  async function endDebugWindows(context: RequestContext, principal: Principal): Promise<void> {
    const audit = newAuditEvent(ports, context, principal, 'debug_window.ended', { details: { windows: 'all' } })
    await ports.debugWindows.endAll(context.organization.id, ports.clock.now(), principalName(principal), audit)
  }
}
