import type { ConnectLinkId } from '@behalf/contract'
import { BrokerError } from '../../domain/broker-error.ts'
import { isLinkLive } from '../../domain/connect-link.ts'
import { scopeOf } from '../../domain/connection.ts'
import { type Connector, displayName } from '../../domain/connector.ts'
import { lacking } from '../../domain/granted-scope.ts'
import { manifestScope, type Plugin } from '../../domain/plugin.ts'
import type { Principal } from '../../domain/principal.ts'
import type { RequestContext } from '../../domain/request-context.ts'
import type { Ports } from '../../ports/index.ts'
import { createLaunched, type LaunchedNeeds } from '../launch/launched.ts'

/** A system that a plugin waits for, and how far the person has come with it. */
export type NeededSystem = {
  readonly connector: Connector
  readonly displayName: string
  /** Hash of an uploaded icon, where there is one. */
  readonly iconHash: string | null
  readonly description: string | null
  readonly state: 'connected' | 'connect' | 'reconnect' | 'allow_more'
}
export type NeededSystems = { readonly plugin: Plugin; readonly systems: readonly NeededSystem[] }

type Needs = Pick<Ports, 'clock' | 'connectLinks' | 'connections' | 'connectors' | 'plugins'> & LaunchedNeeds

/**
 * Describes a connect link over several systems for the person it was made for. Throws `link_expired`, `wrong_person`, `plugin_not_launched`,
 * `not_in_launch_audience`.
 */
export function createDescribeMany(ports: Needs) {
  const { launchedTo } = createLaunched(ports)

  return async function describeMany(
    context: RequestContext,
    { person }: Extract<Principal, { kind: 'session' }>,
    id: ConnectLinkId,
  ): Promise<NeededSystems> {
    const { id: orgId } = context.organization
    const link = await ports.connectLinks.byId(orgId, id)
    if (link === undefined || link.pluginId === null || !isLinkLive(link, ports.clock.now()))
      throw new BrokerError('link_expired')
    if (link.subjectId !== person.id) throw new BrokerError('wrong_person')
    const found = await ports.plugins.byId(orgId, link.pluginId)
    if (found === undefined || found.retiredAt !== null) throw new BrokerError('link_expired')
    const { plugin } = (await launchedTo(context, found, person)).value
    const icons = await ports.connectors.iconHashes(orgId)
    const systems: NeededSystem[] = []
    for (const connectorId of [link.connectorId, ...link.further]) {
      const connector = await ports.connectors.byId(orgId, connectorId)
      if (connector === undefined || connector.retiredAt !== null) continue
      const connection = await ports.connections.bySubject(orgId, person.id, connectorId)
      const missing = lacking(
        connector.definition.auth,
        manifestScope(plugin, connector.name) ?? [],
        connection ? scopeOf(connection) : [],
      )
      const standing =
        connection?.status === 'connected' ? (missing.length > 0 ? 'allow_more' : 'connected') : 'connect'
      systems.push({
        connector,
        displayName: displayName(connector),
        iconHash: icons.get(connectorId) ?? null,
        description: connector.definition.display_description ?? null,
        state: connection?.status === 'reconnect_required' ? 'reconnect' : standing,
      })
    }
    return { plugin, systems }
  }
}
