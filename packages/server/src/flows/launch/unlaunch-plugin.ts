import type { LaunchId } from '@behalf/contract'
import { BrokerError } from '../../domain/broker-error.ts'
import type { Launch } from '../../domain/launch.ts'
import { audienceText } from '../../domain/launch-right.ts'
import { may } from '../../domain/permission.ts'
import type { Plugin } from '../../domain/plugin.ts'
import { type Principal, principalName } from '../../domain/principal.ts'
import type { RequestContext } from '../../domain/request-context.ts'
import type { Ports } from '../../ports/index.ts'
import { readPluginByName } from '../admin/read-plugin.ts'
import { newAuditEvent } from '../audit/new-audit-event.ts'
import { endOfUse } from '../revoke/end-of-use.ts'

type Needs = Pick<Ports, 'clock' | 'entropy' | 'launches' | 'plugins'>

/** Ends launches; when it returns no node serves whom they alone reached, and streams in flight are cut. */
export function createUnlaunchPlugin(ports: Needs) {
  return { unlaunchPlugin, endLaunch }

  /** Ends every launch of a plugin. Throws `plugin_not_found`, `plugin_not_launched`. */
  async function unlaunchPlugin(
    context: RequestContext,
    principal: Principal,
    name: string,
    reason: string,
  ): Promise<void> {
    const plugin = await readPluginByName(ports, context, name)
    const { launches } = await ports.launches.live(plugin.orgId, plugin.id)
    if (!(await end(context, principal, plugin, launches, reason))) throw new BrokerError('plugin_not_launched')
  }

  /** Ends one launch. Throws `plugin_not_found`, and `not_found` for one that is not live. */
  async function endLaunch(
    context: RequestContext,
    principal: Principal,
    name: string,
    { id, reason }: { readonly id: LaunchId; readonly reason: string },
  ): Promise<void> {
    const plugin = await readPluginByName(ports, context, name)
    const launch = await ports.launches.byId(plugin.orgId, plugin.id, id)
    if (launch === undefined || launch.endedAt !== null || !(await end(context, principal, plugin, [launch], reason)))
      throw new BrokerError('not_found')
  }

  async function end(
    context: RequestContext,
    principal: Principal,
    plugin: Plugin,
    launches: readonly Launch[],
    reason: string,
  ): Promise<boolean> {
    if (launches.length === 0) return false
    const ids = launches.map(({ id }) => id)
    const how = {
      at: ports.clock.now(),
      by: principalName(principal),
      reason,
      withdrawn: may(principal.roles, 'plugin.launch-anyone') ? await approvedAlike(plugin, launches) : [],
    }
    const audits = ids.map(launch =>
      newAuditEvent(ports, context, principal, 'launch.ended', {
        target: plugin.definition.name,
        details: { launch, reason },
      }),
    )
    if (!(await ports.launches.end(plugin.orgId, plugin.id, ids, how, audits))) return false
    await endOfUse(ports)
    return true
  }

  // An admin who unlaunches takes back what developers could launch again by his approval.
  async function approvedAlike({ orgId, id }: Plugin, launches: readonly Launch[]): Promise<readonly LaunchId[]> {
    const texts = new Set(launches.map(({ launchAudience }) => audienceText(launchAudience)))
    const approved = await ports.launches.approved(orgId, id)
    return approved.filter(({ launchAudience }) => texts.has(audienceText(launchAudience))).map(launch => launch.id)
  }
}
