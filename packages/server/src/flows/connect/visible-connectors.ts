import type { SubjectId } from '@behalf/contract'
import { type Connector, isApproved } from '../../domain/connector.ts'
import type { Plugin } from '../../domain/plugin.ts'
import type { RequestContext } from '../../domain/request-context.ts'
import type { Ports } from '../../ports/index.ts'

export type VisibleConnector = {
  readonly connector: Connector
  readonly plugins: readonly Plugin[]
  /** Seen only because this person made it; others may not connect yet. */
  readonly yours: boolean
}

/** Connectors a person meets: approved and needed by a live plugin or open to all; and what one made oneself, for trying. */
export async function visibleConnectors(
  ports: Pick<Ports, 'connectors' | 'plugins'>,
  context: Pick<RequestContext, 'organization'>,
  subjectId: SubjectId,
): Promise<readonly VisibleConnector[]> {
  const { id } = context.organization
  const [connectors, plugins] = await Promise.all([ports.connectors.all(id), ports.plugins.all(id)])
  return connectors.flatMap(connector => {
    if (connector.retiredAt !== null) return []
    const needing = plugins.filter(plugin => plugin.retiredAt === null && needs(plugin, connector))
    const open = isApproved(connector) && (needing.length > 0 || connector.definition.open_to_all)
    const yours = !open && connector.author === subjectId
    return open || yours ? [{ connector, plugins: needing, yours }] : []
  })
}

const needs = (plugin: Plugin, connector: Connector): boolean =>
  plugin.definition.connectors.some(entry => entry.connector === connector.name)
