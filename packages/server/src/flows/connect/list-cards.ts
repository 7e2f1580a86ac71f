import { type Connection, missingScope, scopeOf } from '../../domain/connection.ts'
import { type Connector, displayName } from '../../domain/connector.ts'
import { manifestScope } from '../../domain/plugin.ts'
import type { Principal } from '../../domain/principal.ts'
import type { RequestContext } from '../../domain/request-context.ts'
import type { Revocation } from '../../domain/revocation.ts'
import type { Ports } from '../../ports/index.ts'
import { type VisibleNeeds, visibleConnectors } from './visible-connectors.ts'

/** One system on a person's connections page. */
export type Card = {
  readonly connector: Connector
  readonly displayName: string
  readonly description: string | null
  readonly connection: Connection | null
  readonly plugins: readonly { readonly displayName: string; readonly scope: readonly string[] }[]
  /** Asked for or needed by a plugin, and not granted. */
  readonly missingScope: readonly string[]
  readonly revocations: readonly Revocation[]
  readonly instructionsUrl: string | null
  readonly revocationDeadlineAt: number | null
  /** Made by this person and not approved for others yet. */
  readonly yours: boolean
}

type Needs = Pick<Ports, 'connections' | 'revocations'> & VisibleNeeds

/** What a person's connections page shows: what may be connected, and what once was; `search` narrows by name, description and plugin. */
export function createListCards(ports: Needs) {
  return async function listCards(
    context: RequestContext,
    principal: Extract<Principal, { kind: 'session' }>,
    search: string,
  ): Promise<readonly Card[]> {
    const connections = await ports.connections.allOf(context.organization.id, principal.person.id)
    const visible = await visibleConnectors(ports, context, principal.person)
    const cards: Card[] = []
    for (const { connector, plugins, yours } of visible) {
      const connection = connections.find(candidate => candidate.connectorId === connector.id) ?? null
      cards.push(await card(connector, connection, plugins, yours))
    }
    for (const connection of connections) {
      if (visible.some(({ connector }) => connector.id === connection.connectorId) || connection.status === 'revoked')
        continue
      const connector = await ports.connectors.byId(context.organization.id, connection.connectorId)
      if (connector !== undefined) cards.push(await card(connector, connection, [], false))
    }
    const wanted = search.trim().toLowerCase()
    const found = ({ displayName, description, plugins }: Card) =>
      [displayName, description ?? '', ...plugins.map(plugin => plugin.displayName)]
        .join(' ')
        .toLowerCase()
        .includes(wanted)
    return cards.filter(found).sort((a, b) => a.displayName.localeCompare(b.displayName, 'en'))
  }

  async function card(
    connector: Connector,
    connection: Connection | null,
    needing: readonly Parameters<typeof manifestScope>[0][],
    yours: boolean,
  ): Promise<Card> {
    const revocations =
      connection === null || connection.status === 'connected'
        ? []
        : await ports.revocations.ofConnection(connection.orgId, connection.id)
    const pending = revocations.filter(revocation => revocation.outcome === 'pending')
    const plugins = needing.map(plugin => ({
      displayName: plugin.definition.display_name ?? plugin.definition.name,
      scope: manifestScope(plugin, connector.name) ?? [],
    }))
    const wanted = [...new Set([...(connection?.requestedScope ?? []), ...plugins.flatMap(plugin => plugin.scope)])]
    return {
      connector,
      displayName: displayName(connector),
      description: connector.definition.display_description ?? null,
      connection,
      plugins,
      missingScope: connection?.status === 'connected' ? missingScope(wanted, scopeOf(connection)) : [],
      revocations,
      instructionsUrl: connector.definition.auth.instructions_url ?? null,
      revocationDeadlineAt: pending.length === 0 ? null : Math.max(...pending.map(revocation => revocation.deadlineAt)),
      yours,
    }
  }
}
