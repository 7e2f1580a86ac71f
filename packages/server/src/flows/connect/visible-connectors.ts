import { type Connector, isApproved } from '../../domain/connector.ts'
import type { Person } from '../../domain/person.ts'
import type { Plugin } from '../../domain/plugin.ts'
import type { RequestContext } from '../../domain/request-context.ts'
import type { Ports } from '../../ports/index.ts'
import { createLaunched, type LaunchedNeeds } from '../launch/launched.ts'

export type VisibleConnector = {
  readonly connector: Connector
  readonly plugins: readonly Plugin[]
  /** Seen only because this person made it; others may not connect yet. */
  readonly yours: boolean
}

export type VisibleNeeds = Pick<Ports, 'connectors' | 'plugins'> & LaunchedNeeds

/** Connectors a person meets: approved and needed by a plugin launched to this person, or open to all; and what one made oneself, for trying. */
export async function visibleConnectors(
  ports: VisibleNeeds,
  context: Pick<RequestContext, 'organization'>,
  person: Person,
): Promise<readonly VisibleConnector[]> {
  const { id } = context.organization
  const read = async () => {
    const [connectors, plugins] = await Promise.all([ports.connectors.all(id), ports.plugins.all(id)])
    return { connectors, plugins }
  }
  const { connectors, plugins } = (await ports.leases.offers.through(id, read)).value
  const launched = await createLaunched(ports).launchedOf(context, plugins, person)
  return connectors.flatMap(connector => {
    if (connector.retiredAt !== null) return []
    const needing = launched.map(({ plugin }) => plugin).filter(plugin => needs(plugin, connector))
    const open = isApproved(connector) && (needing.length > 0 || connector.definition.open_to_all)
    const yours = !open && connector.author === person.id
    return open || yours ? [{ connector, plugins: needing, yours }] : []
  })
}

const needs = (plugin: Plugin, connector: Connector): boolean =>
  plugin.definition.connectors.some(entry => entry.connector === connector.name)
