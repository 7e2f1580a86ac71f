import type { ConnectOutcome } from '../../domain/authorization-request.ts'
import { fromHex } from '../../domain/bytes.ts'
import type { Connection } from '../../domain/connection.ts'
import { type Connector, displayName } from '../../domain/connector.ts'
import type { Principal } from '../../domain/principal.ts'
import type { RequestContext } from '../../domain/request-context.ts'
import type { Ports } from '../../ports/index.ts'
import { type VisibleNeeds, visibleConnectors } from './visible-connectors.ts'

export type ConnectResult = {
  readonly connector: Connector
  readonly displayName: string
  readonly outcome: ConnectOutcome
  /** As it stands now, whatever came of this request. */
  readonly connection: Connection | null
  /** Those that need this system and may go on. */
  readonly plugins: readonly { readonly displayName: string }[]
  /** Name of the plugin that it was begun for, where it was for one that still asks. */
  readonly pluginName: string | null
  readonly returnTo: string
}

type Needs = Pick<Ports, 'authorizationRequests' | 'connections'> & VisibleNeeds

/** What became of an authorization request, for the person who began it; undefined for anybody else and for what is not done. */
export function createReadConnectResult(ports: Needs) {
  return async function readConnectResult(
    context: RequestContext,
    principal: Extract<Principal, { kind: 'session' }>,
    { resultId }: { readonly resultId: string },
  ): Promise<ConnectResult | undefined> {
    const stateHash = fromHex(resultId)
    if (stateHash === undefined || stateHash.length !== 32) return undefined
    const request = await ports.authorizationRequests.byState(context.organization.id, stateHash)
    if (request === undefined || request.outcome === null || request.subjectId !== principal.person.id) return undefined
    const connector = await ports.connectors.byId(request.orgId, request.connectorId)
    if (connector === undefined) return undefined
    const connection = await ports.connections.bySubject(request.orgId, request.subjectId, request.connectorId)
    const visible = await visibleConnectors(ports, context, principal.person)
    const needing = visible.find(found => found.connector.id === connector.id)?.plugins ?? []
    const asking = needing.filter(({ id }) => request.pluginId === null || id === request.pluginId)
    return {
      connector,
      displayName: displayName(connector),
      outcome: request.outcome,
      connection: connection ?? null,
      plugins: asking.map(({ definition }) => ({ displayName: definition.display_name ?? definition.name })),
      pluginName: needing.find(({ id }) => id === request.pluginId)?.definition.name ?? null,
      returnTo: request.returnTo,
    }
  }
}
