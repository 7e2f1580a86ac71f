import type { LaunchId, PluginId, RedactionPolicy } from '@behalf/contract'
import { BrokerError } from '../../domain/broker-error.ts'
import type { Leased } from '../../domain/leased-values.ts'
import { type CompiledLaunches, compileLaunches, reachedBy } from '../../domain/live-launches.ts'
import type { Person } from '../../domain/person.ts'
import { atVersion, type Plugin } from '../../domain/plugin.ts'
import type { RequestContext } from '../../domain/request-context.ts'
import type { Ports } from '../../ports/index.ts'
import type { Leases } from '../request/leases.ts'

/** What a plugin is for one person. */
export type Launched = {
  /** With the manifest of the version that was launched to the person. */
  readonly plugin: Plugin
  readonly version: number
  readonly launchId: LaunchId
  readonly launchedAt: number
  readonly policy: RedactionPolicy
}

export type LaunchedNeeds = Pick<Ports, 'launches'> & { readonly leases: Leases }
type Scope = Pick<RequestContext, 'organization'>

/**
 * The one question: is this plugin launched to this person, in which version, under which policy? The gateway, runs, token exchange, the
 * connections page and connect links all ask it here.
 */
export function createLaunched(ports: LaunchedNeeds) {
  /** Under a cache lease. Throws `plugin_not_launched`, `not_in_launch_audience`. */
  async function launchedTo(context: Scope, plugin: Plugin, person: Person): Promise<Leased<Launched>> {
    const { value, readAt } = await underLease(context, plugin)
    const launched = launchedIn(value, context, plugin, person)
    if (launched !== undefined) return { value: launched, readAt }
    throw new BrokerError(isForAnybody(value) ? 'not_in_launch_audience' : 'plugin_not_launched')
  }

  async function isLaunchedTo(context: Scope, plugin: Plugin, person: Person): Promise<boolean> {
    return launchedIn((await underLease(context, plugin)).value, context, plugin, person) !== undefined
  }

  /** Whether the plugin is launched to anybody. */
  const isLive = async (context: Scope, plugin: Plugin): Promise<boolean> =>
    isForAnybody((await underLease(context, plugin)).value)

  /** Those of an organization's plugins that are launched to a person, each in the version that is. */
  async function launchedOf(context: Scope, plugins: readonly Plugin[], person: Person): Promise<readonly Launched[]> {
    const live = await liveUnderLease(context)
    return plugins.flatMap(plugin => {
      const found = live.get(plugin.id)
      const launched = found && launchedIn(found, context, plugin, person)
      return launched === undefined || plugin.retiredAt !== null ? [] : [launched]
    })
  }

  /** The connector of an action in the newest launch that has it; what a Behalf token is held against before the person is known. */
  async function connectorOfAction(context: Scope, plugin: Plugin, actionName: string): Promise<string | undefined> {
    const { compiled, manifests } = (await underLease(context, plugin)).value
    const actions = compiled.flatMap(({ launch }) => manifests.get(launch.pluginVersion)?.actions ?? [])
    return actions.find(({ name }) => name === actionName)?.connector
  }

  return { launchedTo, launchedOf, isLaunchedTo, isLive, connectorOfAction }

  async function liveUnderLease({ organization }: Scope): Promise<ReadonlyMap<PluginId, CompiledLaunches>> {
    const read = async () => {
      const live = await ports.launches.liveOfAll(organization.id)
      return new Map([...live].map(([id, its]) => [id, compileLaunches(its)]))
    }
    return (await ports.leases.launched.through(organization.id, read)).value
  }

  async function underLease({ organization }: Scope, { id }: Plugin): Promise<Leased<CompiledLaunches>> {
    const read = async () => compileLaunches(await ports.launches.live(organization.id, id))
    return ports.leases.launches.through(`${organization.id} ${id}`, read)
  }
}

const isForAnybody = ({ launches }: CompiledLaunches): boolean =>
  launches.some(({ launchAudience }) => launchAudience.kind !== 'nobody')

function launchedIn(
  live: CompiledLaunches,
  { organization }: Scope,
  plugin: Plugin,
  person: Person,
): Launched | undefined {
  const reached = reachedBy(live, person, organization.strictAbove)
  if (reached === undefined) return undefined
  return {
    plugin: atVersion(plugin, reached.manifest),
    version: reached.launch.pluginVersion,
    launchId: reached.launch.id,
    launchedAt: reached.launch.launchedAt,
    policy: reached.policy,
  }
}
