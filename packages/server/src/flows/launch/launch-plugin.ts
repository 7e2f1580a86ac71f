import type { LaunchAudienceGiven, LaunchId, RedactionPolicy } from '@behalf/contract'
import { BrokerError } from '../../domain/broker-error.ts'
import type { Launch, LaunchAudience } from '../../domain/launch.ts'
import { mayDeveloperLaunch, reachOf } from '../../domain/launch-right.ts'
import { may } from '../../domain/permission.ts'
import type { Plugin, PluginVersion } from '../../domain/plugin.ts'
import { type Principal, principalName } from '../../domain/principal.ts'
import { countNamed, whyStrict } from '../../domain/redaction-policy.ts'
import type { RequestContext } from '../../domain/request-context.ts'
import type { Ports } from '../../ports/index.ts'
import { readPluginByName } from '../admin/read-plugin.ts'
import { newAuditEvent } from '../audit/new-audit-event.ts'
import { endOfUse } from '../revoke/end-of-use.ts'
import { createNamePeople } from './name-people.ts'

export type LaunchAsked = {
  readonly version: number | undefined
  readonly launchAudience: LaunchAudienceGiven
  readonly redaction: RedactionPolicy
  readonly reason: string
  readonly replace: boolean
}

type Needs = Pick<Ports, 'clock' | 'connectors' | 'entropy' | 'launches' | 'people' | 'plugins'>

/**
 * Makes a published version of a plugin live for a launch audience. Where it narrows or tightens what was live before, it answers once that is
 * so on every node. Throws `plugin_not_found`, `invalid_request`, `forbidden`, `version_conflict`.
 */
export function createLaunchPlugin(ports: Needs) {
  const namePeople = createNamePeople(ports)

  return async function launchPlugin(
    context: RequestContext,
    principal: Principal,
    name: string,
    asked: LaunchAsked,
  ): Promise<Launch> {
    const plugin = await readPluginByName(ports, context, name)
    const version = await versionOf(plugin, asked.version)
    const launchAudience = await namePeople(plugin.orgId, asked.launchAudience)
    const live = (await ports.launches.live(plugin.orgId, plugin.id)).launches
    const staying = asked.replace ? [] : live
    const approvedReach = await right(principal, plugin, version, { launchAudience, staying })
    const now = ports.clock.now()
    const launch: Launch = {
      id: ports.entropy.newId<LaunchId>('lch'),
      orgId: plugin.orgId,
      pluginId: plugin.id,
      pluginVersion: version.version,
      launchAudience,
      redaction: asked.redaction,
      agreed: [],
      approvedReach,
      launchedAt: now,
      launchedBy: principalName(principal),
      reason: asked.reason,
      endedAt: null,
      endedBy: null,
      endReason: null,
    }
    const ids = asked.replace ? live.map(({ id }) => id) : []
    const end = { at: now, by: launch.launchedBy, reason: `Replaced: ${asked.reason}`, withdrawn: [] }
    const audits = [
      newAuditEvent(ports, context, principal, 'launch.created', {
        target: name,
        details: { ...told(context, launch, [...staying, launch]), ended: ids },
      }),
      ...ids.map(ended =>
        newAuditEvent(ports, context, principal, 'launch.ended', {
          target: name,
          details: { launch: ended, reason: end.reason },
        }),
      ),
    ]
    if (!(await ports.launches.add(launch, { ids, end }, plugin.launchEpoch, audits)))
      throw new BrokerError('version_conflict', {
        detail: 'It was launched otherwise meanwhile. Look at its launches again.',
      })
    await claimLate(launch)
    if (live.length > 0) await endOfUse(ports)
    return (await ports.launches.byId(plugin.orgId, plugin.id, launch.id)) ?? launch
  }

  async function versionOf(plugin: Plugin, asked: number | undefined): Promise<PluginVersion> {
    const wanted = asked ?? plugin.publishedVersion
    const found = wanted === null ? undefined : await ports.plugins.version(plugin.orgId, plugin.id, wanted)
    if (found !== undefined) return found
    const reason = wanted === null ? 'publish the draft first' : 'no such version'
    throw new BrokerError('invalid_request', {
      detail: 'Only a published version can be launched.',
      errors: [{ pointer: '/version', reason }],
    })
  }

  /** What an admin approves by launching; null for a developer's own right. */
  async function right(
    principal: Principal,
    plugin: Plugin,
    version: PluginVersion,
    { launchAudience, staying }: { readonly launchAudience: LaunchAudience; readonly staying: readonly Launch[] },
  ): Promise<string | null> {
    const reach = reachOf(version.definition, await ports.connectors.all(plugin.orgId))
    if (may(principal.roles, 'plugin.launch-anyone')) return reach
    const approved = await ports.launches.approved(plugin.orgId, plugin.id)
    if (mayDeveloperLaunch({ launchAudience, reach }, staying, approved)) return null
    throw new BrokerError('forbidden', {
      detail:
        'Developers launch to at most ten named people, all their launches together, or again to a launch audience that an admin launched to, while scopes, methods, paths and hosts are the same. Ask an admin.',
    })
  }

  // Somebody may have signed in between the look-up of the e-mails and the write of the launch.
  async function claimLate({ orgId, launchAudience }: Launch): Promise<void> {
    const people = 'people' in launchAudience ? launchAudience.people : []
    for (const { subjectId, email } of people) {
      if (subjectId !== null || email === null) continue
      const [person, other] = await ports.people.byVerifiedEmail(orgId, email)
      if (person !== undefined && other === undefined) await ports.launches.claimEmail(orgId, email, person.id)
    }
  }
}

/** A launch as the audit tells it; `live` are all that are live with it. */
function told({ organization }: Pick<RequestContext, 'organization'>, launch: Launch, live: readonly Launch[]) {
  const { launchAudience } = launch
  const why = whyStrict(live, organization.strictAbove)
  return {
    launch: launch.id,
    version: launch.pluginVersion,
    launch_audience: launchAudience.kind,
    ...('people' in launchAudience
      ? { people: launchAudience.people.map(({ subjectId, email }) => subjectId ?? email ?? '') }
      : {}),
    ...('groups' in launchAudience ? { groups: launchAudience.groups } : {}),
    ...(launchAudience.kind === 'rule' ? { rule: launchAudience.rule } : {}),
    redaction: why === undefined ? launch.redaction : 'strict',
    named_in_all: countNamed(live),
    reason: launch.reason,
  }
}
