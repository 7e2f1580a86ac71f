import type { ConnectorId } from '@behalf/contract'
import { type Connection, isDismissed, scopeOf } from '../../domain/connection.ts'
import { type Connector, displayName } from '../../domain/connector.ts'
import { missed } from '../../domain/granted-scope.ts'
import { manifestScope, type Plugin } from '../../domain/plugin.ts'
import type { Principal } from '../../domain/principal.ts'
import type { RequestContext } from '../../domain/request-context.ts'
import type { Revocation } from '../../domain/revocation.ts'
import type { Usage } from '../../domain/usage.ts'
import type { Ports } from '../../ports/index.ts'
import { type VisibleNeeds, visibleConnectors } from './visible-connectors.ts'

/** One system on a person's connections page. */
export type Card = {
  readonly connector: Connector
  readonly displayName: string
  /** Hash of an uploaded icon, where there is one. */
  readonly iconHash: string | null
  readonly description: string | null
  readonly connection: Connection | null
  /** Those that need it and are launched to this person. */
  readonly plugins: readonly { readonly displayName: string; readonly scope: readonly string[] }[]
  /** Which plugins have used it, the latest first; also those that are not launched any more. */
  readonly uses: readonly CardUse[]
  /** Asked for or needed by a plugin, and not granted. */
  readonly missingScope: readonly string[]
  readonly revocations: readonly Revocation[]
  readonly instructionsUrl: string | null
  readonly revocationDeadlineAt: number | null
  /** Made by this person and not approved for others yet. */
  readonly yours: boolean
}

type CardUse = {
  readonly displayName: string
  readonly calls: number
  readonly firstUsedAt: number
  readonly lastUsedAt: number
  /** The person was not told yet that it has begun. */
  readonly isNew: boolean
}

type Needs = Pick<Ports, 'connections' | 'revocations' | 'usage'> & VisibleNeeds
type Session = Extract<Principal, { kind: 'session' }>
const MOST_USES = 500

/** What a person's connections page shows: what may be connected, and what once was; `search` narrows by name, description and plugin. */
export function createListCards(ports: Needs) {
  return async function listCards(
    context: RequestContext,
    principal: Session,
    search: string,
  ): Promise<readonly Card[]> {
    const all = await ports.connections.allOf(context.organization.id, principal.person.id)
    const connections = all.filter(connection => !isDismissed(connection))
    const visible = await visibleConnectors(ports, context, principal.person)
    const about = {
      used: await usesOf(context, principal),
      icons: await ports.connectors.iconHashes(context.organization.id),
    }
    const cards: Card[] = []
    for (const { connector, plugins, yours } of visible) {
      const connection = connections.find(candidate => candidate.connectorId === connector.id) ?? null
      cards.push(await card(connector, connection, { plugins, yours, ...about }))
    }
    for (const connection of connections) {
      if (visible.some(({ connector }) => connector.id === connection.connectorId) || connection.status === 'revoked')
        continue
      const connector = await ports.connectors.byId(context.organization.id, connection.connectorId)
      if (connector !== undefined)
        cards.push(await card(connector, connection, { plugins: [], yours: false, ...about }))
    }
    const wanted = search.trim().toLowerCase()
    const found = ({ displayName, description, plugins }: Card) =>
      [displayName, description ?? '', ...plugins.map(plugin => plugin.displayName)]
        .join(' ')
        .toLowerCase()
        .includes(wanted)
    return cards.filter(found).sort((a, b) => a.displayName.localeCompare(b.displayName, 'en'))
  }

  async function usesOf({ organization }: RequestContext, { person }: Session): Promise<Used> {
    const page = { after: null, limit: MOST_USES }
    const { items } = await ports.usage.list(organization.id, { subject: person.id }, page)
    const plugins = new Map((await ports.plugins.all(organization.id)).map(plugin => [plugin.id, plugin]))
    return items
      .map(use => ({ ...use, displayName: nameOf(plugins.get(use.pluginId)), isNew: use.seenAt === null }))
      .sort((a, b) => b.lastUsedAt - a.lastUsedAt)
  }

  async function card(connector: Connector, connection: Connection | null, about: About): Promise<Card> {
    const revocations =
      connection === null || connection.status === 'connected'
        ? []
        : await ports.revocations.ofConnection(connection.orgId, connection.id)
    const pending = revocations.filter(revocation => revocation.outcome === 'pending')
    const plugins = about.plugins.map(plugin => ({
      displayName: nameOf(plugin),
      scope: manifestScope(plugin, connector.name) ?? [],
    }))
    const wanted = [...new Set([...(connection?.requestedScope ?? []), ...plugins.flatMap(plugin => plugin.scope)])]
    return {
      connector,
      displayName: displayName(connector),
      iconHash: about.icons.get(connector.id) ?? null,
      description: connector.definition.display_description ?? null,
      connection,
      plugins,
      uses: about.used.filter(use => use.connectionId === connection?.id),
      missingScope:
        connection?.status === 'connected' ? missed(connector.definition.auth, wanted, scopeOf(connection)) : [],
      revocations,
      instructionsUrl: connector.definition.auth.instructions_url ?? null,
      revocationDeadlineAt: pending.length === 0 ? null : Math.max(...pending.map(revocation => revocation.deadlineAt)),
      yours: about.yours,
    }
  }
}

type About = {
  readonly plugins: readonly Plugin[]
  readonly yours: boolean
  readonly used: Used
  readonly icons: ReadonlyMap<ConnectorId, string>
}
type Used = readonly (CardUse & Pick<Usage, 'connectionId'>)[]

const nameOf = (plugin: Plugin | undefined): string => plugin?.definition.display_name ?? plugin?.definition.name ?? ''
