import type { PluginId } from '@behalf/contract'
import { BrokerError } from '../../domain/broker-error.ts'
import type { ConnectLink } from '../../domain/connect-link.ts'
import type { Connection } from '../../domain/connection.ts'
import { type Connector, mayConnect } from '../../domain/connector.ts'
import { endpointTemplate } from '../../domain/endpoints.ts'
import { hostPatterns } from '../../domain/host-pattern.ts'
import { manifestScope, type Plugin } from '../../domain/plugin.ts'
import type { Principal } from '../../domain/principal.ts'
import type { RequestContext } from '../../domain/request-context.ts'
import type { Ports } from '../../ports/index.ts'
import { createLaunched } from '../launch/launched.ts'
import { type VisibleNeeds, visibleConnectors } from './visible-connectors.ts'

type Session = Extract<Principal, { kind: 'session' }>

/** What a person may connect, for whom, and what will be asked for. */
export type Offer = {
  readonly connector: Connector
  /** The plugin that asks, where one does. */
  readonly plugin: Plugin | null
  /** Every plugin of the person's that needs it. */
  readonly plugins: readonly Plugin[]
  /** Everything that will be asked for. */
  readonly scope: readonly string[]
  readonly existing: Connection | null
}

/**
 * Finds what a person wants to connect. Throws `connector_not_found`, also for what this person may not see, `connector_not_approved`,
 * `plugin_not_found`, and for a link's plugin `plugin_not_launched`, `not_in_launch_audience`.
 */
export function createFindOffer(ports: Pick<Ports, 'connections'> & VisibleNeeds) {
  const { launchedTo } = createLaunched(ports)

  return async function findOffer(
    context: RequestContext,
    principal: Session,
    connectorName: string,
    { pluginName, link }: { readonly pluginName?: string | undefined; readonly link?: ConnectLink | undefined },
  ): Promise<Offer> {
    const { connector, plugins } = await seen(context, principal, connectorName, link)
    const asking =
      link?.pluginId == null
        ? plugins.find(plugin => plugin.definition.name === pluginName)
        : await askingBy(context, principal, link.pluginId)
    if (pluginName !== undefined && asking === undefined) throw new BrokerError('plugin_not_found')
    const scopes = [
      ...connector.definition.auth.scope,
      ...connector.definition.auth.optional_scope,
      ...connector.definition.auth.refresh_scope,
      ...(asking === undefined ? plugins : [asking]).flatMap(plugin => manifestScope(plugin, connector.name) ?? []),
      ...(link?.scope ?? []),
    ]
    const existing = await ports.connections.bySubject(context.organization.id, principal.person.id, connector.id)
    return { connector, plugin: asking ?? null, plugins, scope: [...new Set(scopes)], existing: existing ?? null }
  }

  /** A link speaks for its plugin only as long as that is launched to the person. */
  async function askingBy({ organization }: RequestContext, { person }: Session, id: PluginId): Promise<Plugin> {
    const plugin = await ports.plugins.byId(organization.id, id)
    if (plugin === undefined || plugin.retiredAt !== null) throw new BrokerError('plugin_not_found')
    return (await launchedTo({ organization }, plugin, person)).value.plugin
  }

  async function seen(
    context: RequestContext,
    principal: Session,
    name: string,
    link: ConnectLink | undefined,
  ): Promise<{ connector: Connector; plugins: readonly Plugin[] }> {
    const visible = await visibleConnectors(ports, context, principal.person)
    const found = visible.find(({ connector }) => connector.name === name)
    if (found !== undefined) return found
    // A link names its own connector; whether it may be connected is still the connector's to say.
    const linked = link && (await ports.connectors.byId(context.organization.id, link.connectorId))
    if (linked === undefined || linked.name !== name) throw new BrokerError('connector_not_found')
    if (!mayConnect(linked, principal.person.id)) throw new BrokerError('connector_not_approved')
    return { connector: linked, plugins: [] }
  }
}

/** Where the browser goes, with a star where the person chooses it. */
export function nextHost({ definition }: Connector): string {
  const [host = ''] = hostPatterns(definition, endpointTemplate(definition, 'authorization_url') ?? '')
  return host.replace(/^https?:\/\//, '')
}
