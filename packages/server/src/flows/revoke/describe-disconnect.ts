import type { ConnectionId, RevocationStep } from '@behalf/contract'
import { BrokerError } from '../../domain/broker-error.ts'
import type { Connection } from '../../domain/connection.ts'
import { type Connector, displayName } from '../../domain/connector.ts'
import type { Principal } from '../../domain/principal.ts'
import type { RequestContext } from '../../domain/request-context.ts'
import type { Revocation } from '../../domain/revocation.ts'
import { revocationEffect, revocationSteps } from '../../domain/revocation-steps.ts'
import type { Ports } from '../../ports/index.ts'
import { type VisibleNeeds, visibleConnectors } from '../connect/visible-connectors.ts'
import { sharersOf } from './sharers-of.ts'

/** What a person is told before a connection ends, and after. */
export type DisconnectDescription = {
  readonly connection: Connection
  readonly connector: Connector
  readonly displayName: string
  /** Display names of plugins that stop working with it. */
  readonly plugins: readonly string[]
  /** Those among them that may hold an access token of their own. */
  readonly released: readonly string[]
  readonly canRevoke: boolean
  /** What ends at the provider: the tokens, the whole grant, or the app for everyone. */
  readonly effect: RevocationStep['effect']
  /** How many other connections would end with it. */
  readonly sharers: number
  readonly instructionsUrl: string | null
  /** Of the connection's latest generation that ended, each token's. */
  readonly revocations: readonly Revocation[]
  /** Until when unconfirmed revocations are tried again; null where none is. */
  readonly deadlineAt: number | null
}

type Needs = Pick<Ports, 'connections' | 'revocations'> & VisibleNeeds

/** Describes the end of one's own connection, asked for or done. Throws `connection_not_found`, also for somebody else's. */
export function createDescribeDisconnect(ports: Needs) {
  return async function describeDisconnect(
    context: RequestContext,
    principal: Extract<Principal, { kind: 'session' }>,
    id: ConnectionId,
  ): Promise<DisconnectDescription> {
    const orgId = context.organization.id
    const connection = await ports.connections.byId(orgId, id)
    if (connection === undefined || connection.subjectId !== principal.person.id)
      throw new BrokerError('connection_not_found')
    const connector = await ports.connectors.byId(orgId, connection.connectorId)
    if (connector === undefined) throw new BrokerError('connection_not_found')
    const visible = await visibleConnectors(ports, context, principal.person)
    const plugins = visible.find(found => found.connector.id === connector.id)?.plugins ?? []
    const nameOf = ({ definition }: (typeof plugins)[number]) => definition.display_name ?? definition.name
    const all = await ports.revocations.ofConnection(orgId, id)
    const latest = Math.max(...all.map(({ generation }) => generation))
    const revocations = all.filter(({ generation }) => generation === latest)
    const pending = revocations.filter(({ outcome }) => outcome === 'pending')
    return {
      connection,
      connector,
      displayName: displayName(connector),
      plugins: plugins.map(nameOf),
      released: plugins.filter(({ definition }) => definition.token_release.includes(connector.name)).map(nameOf),
      canRevoke: revocationSteps(connector.definition).length > 0,
      effect: revocationEffect(connector.definition),
      sharers: (await sharersOf(ports, connector, connection)).length,
      instructionsUrl: connector.definition.auth.instructions_url ?? null,
      revocations,
      deadlineAt: pending.length === 0 ? null : Math.max(...pending.map(({ deadlineAt }) => deadlineAt)),
    }
  }
}
