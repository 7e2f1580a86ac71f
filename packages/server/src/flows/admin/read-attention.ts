import type { Connector } from '../../domain/connector.ts'
import { may } from '../../domain/permission.ts'
import type { Principal } from '../../domain/principal.ts'
import { whyStrict } from '../../domain/redaction-policy.ts'
import { forecast } from '../../domain/renewal.ts'
import type { RequestContext } from '../../domain/request-context.ts'
import { dayOf, isFailing, startOfDay } from '../../domain/usage.ts'
import type { Ports } from '../../ports/index.ts'

const SOON_MS = 7 * 86_400_000
const MOST_LAPSING = 1_000
const COUNTED = ['reconnect_required', 'disconnecting', 'disconnected_unconfirmed'] as const

export type ConnectorStanding = {
  readonly name: string
  readonly calls: number
  readonly failures: number
  /** Connections that could not be renewed because the provider does not accept the connector's client. */
  readonly rejected: number
  /** The last health call failed. */
  readonly unwell: boolean
  readonly failing: boolean
}

export type Attention = {
  /** How connectors do since yesterday began, those that fail first; one that was not called and does not fail is not among them. */
  readonly connectors: readonly ConnectorStanding[] | null
  readonly connections: Readonly<Record<(typeof COUNTED)[number], number>> | null
  readonly lapsing: readonly { readonly connector: string; readonly connections: number }[] | null
  /** Names of plugins. */
  readonly turnedStrict: readonly string[] | null
}

type Needs = Pick<Ports, 'clock' | 'connections' | 'connectors' | 'launches' | 'plugins' | 'refreshLeases' | 'usage'>

/** What needs somebody, as far as the principal may read it. */
export function createReadAttention(ports: Needs) {
  return async function readAttention(context: RequestContext, principal: Principal): Promise<Attention> {
    const [people, plugins] = [may(principal.roles, 'connection.read'), may(principal.roles, 'plugin.read')]
    const calls = may(principal.roles, 'connector.read') || may(principal.roles, 'usage.read')
    // Read once for both: an organization may have hundreds.
    const all = calls || people ? await ports.connectors.all(context.organization.id) : []
    const [connectors, connections, lapsing, strict] = await Promise.all([
      calls ? called(context, all) : null,
      people ? counted(context) : null,
      people ? lapsingSoon(context, all) : null,
      plugins ? turnedStrict(context) : null,
    ])
    return { connectors, connections, lapsing, turnedStrict: strict }
  }

  async function called(
    { organization: { id } }: RequestContext,
    connectors: readonly Connector[],
  ): Promise<readonly ConnectorStanding[]> {
    const day = dayOf(ports.clock.now()) - 1
    const [sums, rejections] = await Promise.all([
      ports.usage.byConnector(id, day),
      ports.refreshLeases.clientRejected(id, startOfDay(day)),
    ])
    const callsOf = new Map(sums.map(({ connectorId, calls, failures }) => [connectorId, { calls, failures }]))
    return connectors
      .map(connector => {
        const sum = callsOf.get(connector.id) ?? { calls: 0, failures: 0 }
        const rejected = rejections.get(connector.id) ?? 0
        const unwell = connector.health?.result === 'failed'
        return { name: connector.name, ...sum, rejected, unwell, failing: rejected > 0 || unwell || isFailing(sum) }
      })
      .filter(({ calls, failing }) => calls > 0 || failing)
      .toSorted((a, b) => Number(b.failing) - Number(a.failing) || (a.name < b.name ? -1 : 1))
  }

  async function counted({ organization }: RequestContext) {
    const counts = await ports.connections.countUnfinished(organization.id)
    const [reconnect_required = 0, disconnecting = 0, disconnected_unconfirmed = 0] = COUNTED.map(
      status => counts.get(status) ?? 0,
    )
    return { reconnect_required, disconnecting, disconnected_unconfirmed }
  }

  async function lapsingSoon({ organization }: RequestContext, all: readonly Connector[]) {
    const from = ports.clock.now()
    const until = from + SOON_MS
    const connectors = new Map(all.map(each => [each.id, each]))
    const givenBefore = [...connectors.values()].flatMap(({ id, definition }) => {
      const { absolute_s } = definition.auth.refresh
      return absolute_s === undefined ? [] : [{ connector: id, at: until - absolute_s * 1000 }]
    })
    const found = await ports.connections.mayLapse(organization.id, { from, until, givenBefore }, MOST_LAPSING)
    const counts = new Map<string, number>()
    for (const connection of found) {
      const connector = connectors.get(connection.connectorId)
      const end = connector && forecast(connector.definition, connection).consentUntil
      if (connector === undefined || end == null || end <= from || end > until) continue
      counts.set(connector.name, (counts.get(connector.name) ?? 0) + 1)
    }
    return [...counts].map(([connector, connections]) => ({ connector, connections }))
  }

  async function turnedStrict({ organization }: RequestContext) {
    const strict = [...(await ports.launches.liveOfAll(organization.id))].filter(
      ([, { launches }]) =>
        launches.some(({ redaction }) => redaction !== 'strict') &&
        whyStrict(launches, organization.strictAbove) !== undefined,
    )
    const plugins = await Promise.all(strict.map(([id]) => ports.plugins.byId(organization.id, id)))
    return plugins.flatMap(plugin => (plugin === undefined ? [] : [plugin.definition.name])).toSorted()
  }
}
