import type { ConnectionId } from '@behalf/contract'
import type { ConnectOutcome } from '../../domain/authorization-request.ts'
import { fromHex } from '../../domain/bytes.ts'
import type { Connection } from '../../domain/connection.ts'
import { type Connector, displayName } from '../../domain/connector.ts'
import type { Principal } from '../../domain/principal.ts'
import type { RequestContext } from '../../domain/request-context.ts'
import type { Ports } from '../../ports/index.ts'

export type ConnectResult = {
  readonly connector: Connector
  readonly displayName: string
  readonly outcome: ConnectOutcome
  readonly connection: Connection | null
  readonly returnTo: string
}

/** What became of an authorization request, for the person who began it; undefined for anybody else and for what is not done. */
export function createReadConnectResult(ports: Pick<Ports, 'authorizationRequests' | 'connections' | 'connectors'>) {
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
    const { outcome } = request
    const connection =
      outcome.kind === 'connected'
        ? await ports.connections.byId(request.orgId, outcome.connectionId as ConnectionId)
        : undefined
    return {
      connector,
      displayName: displayName(connector),
      outcome,
      connection: connection ?? null,
      returnTo: request.returnTo,
    }
  }
}
