import type { PluginId } from '@behalf/contract'
import { BrokerError } from '../../domain/broker-error.ts'
import type { ConnectLink } from '../../domain/connect-link.ts'
import type { Connection } from '../../domain/connection.ts'
import { type Connector, displayName, mayConnect } from '../../domain/connector.ts'
import { endpointTemplate } from '../../domain/endpoints.ts'
import { hostPatterns } from '../../domain/host-pattern.ts'
import { manifestScope, type Plugin } from '../../domain/plugin.ts'
import type { Principal } from '../../domain/principal.ts'
import type { RequestContext } from '../../domain/request-context.ts'
import type { Values } from '../../domain/template.ts'
import { askedVariables } from '../../domain/variables.ts'
import type { Ports } from '../../ports/index.ts'
import { createLaunched } from '../launch/launched.ts'
import { type VisibleNeeds, visibleConnectors } from './visible-connectors.ts'

type Session = Extract<Principal, { kind: 'session' }>

/** What a person is told before leaving for the provider. */
export type ConnectDescription = {
  readonly connector: Connector
  readonly displayName: string
  /** Hash of an uploaded icon, where there is one. */
  readonly iconHash: string | null
  readonly description: string | null
  /** The plugin that asks, where one does. */
  readonly plugin: Plugin | null
  readonly plugins: readonly Plugin[]
  /** Since when the one plugin that asks is launched to this person; null where several or none ask. */
  readonly launchedAt: number | null
  /** Everything that will be asked for. */
  readonly scope: readonly string[]
  readonly nextHost: string
  /** What the person is asked before leaving. */
  readonly asked: ReturnType<typeof askedVariables>
  /** What a link filled in beforehand. */
  readonly prefilled: Values
  readonly existing: Connection | null
}

/**
 * Describes one connect for its confirmation page. Throws `connector_not_found`, also for what this person may not see,
 * `connector_not_approved`, `plugin_not_found`, and for a link's plugin `plugin_not_launched`, `not_in_launch_audience`.
 */
export function createDescribeConnect(ports: Pick<Ports, 'connections'> & VisibleNeeds) {
  const { launchedTo } = createLaunched(ports)

  return async function describeConnect(
    context: RequestContext,
    principal: Session,
    connectorName: string,
    { pluginName, link }: { readonly pluginName?: string | undefined; readonly link?: ConnectLink | undefined } = {},
  ): Promise<ConnectDescription> {
    const { connector, plugins } = await seen(context, principal, connectorName, link)
    const asking =
      link?.pluginId == null
        ? plugins.find(plugin => plugin.definition.name === pluginName)
        : await askingBy(context, principal, link.pluginId)
    if (pluginName !== undefined && asking === undefined) throw new BrokerError('plugin_not_found')
    const asked = asking === undefined ? plugins : [asking]
    const scopes = [
      ...connector.definition.auth.scope,
      ...connector.definition.auth.optional_scope,
      ...connector.definition.auth.refresh_scope,
      ...asked.flatMap(plugin => manifestScope(plugin, connector.name) ?? []),
      ...(link?.scope ?? []),
    ]
    const { subject, org } = { subject: principal.person.id, org: context.organization.id }
    return {
      connector,
      displayName: displayName(connector),
      iconHash: (await ports.connectors.iconHashes(org)).get(connector.id) ?? null,
      description: connector.definition.display_description ?? null,
      plugin: asking ?? null,
      plugins,
      launchedAt: await launchedAt(context, principal, asked),
      scope: [...new Set(scopes)],
      nextHost: nextHost(connector),
      asked: askedVariables(connector.definition),
      prefilled: link?.variables ?? {},
      existing: (await ports.connections.bySubject(org, subject, connector.id)) ?? null,
    }
  }

  /** A link speaks for its plugin only as long as that is launched to the person. */
  async function askingBy({ organization }: RequestContext, { person }: Session, id: PluginId): Promise<Plugin> {
    const plugin = await ports.plugins.byId(organization.id, id)
    if (plugin === undefined || plugin.retiredAt !== null) throw new BrokerError('plugin_not_found')
    return (await launchedTo({ organization }, plugin, person)).value.plugin
  }

  async function launchedAt(
    context: RequestContext,
    { person }: Session,
    [only, ...others]: readonly Plugin[],
  ): Promise<number | null> {
    if (only === undefined || others.length > 0) return null
    return (await launchedTo(context, only, person)).value.launchedAt
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

/** With a star where the person chooses it. */
function nextHost({ definition }: Connector): string {
  const [host = ''] = hostPatterns(definition, endpointTemplate(definition, 'authorization_url') ?? '')
  return host.replace(/^https?:\/\//, '')
}
