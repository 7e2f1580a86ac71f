import type { ConnectionId } from '@behalf/contract'
import { BrokerError } from '../../domain/broker-error.ts'
import { type Connection, isUsable } from '../../domain/connection.ts'
import { type Connector, servesGrant } from '../../domain/connector.ts'
import type { RequestContext } from '../../domain/request-context.ts'
import type { Ports } from '../../ports/index.ts'

export type Held = { readonly connection: Connection; readonly connector: Connector }

/**
 * Reads a connection that may be used, with its connector as it is now.
 * Throws `connection_required`, `reconnect_required`.
 */
export async function loadConnection(
  ports: Pick<Ports, 'connections' | 'connectors'>,
  context: Pick<RequestContext, 'organization'>,
  id: ConnectionId,
): Promise<Held> {
  const connection = await ports.connections.byId(context.organization.id, id)
  assertUsable(connection)
  return judgeHeld(connection, await ports.connectors.byId(context.organization.id, connection.connectorId))
}

/** The same for what was read just now. */
export function judgeHeld(connection: Connection, connector: Connector | undefined): Held {
  assertUsable(connection)
  if (connector === undefined || connector.retiredAt !== null) throw new BrokerError('connector_not_found')
  // SECURITY: a token endpoint or API that was changed since never receives what was granted for the old one.
  if (!servesGrant(connector.definition, connection.granted)) {
    throw reconnectRequired(connection, 'The connector leads elsewhere since the person agreed.')
  }
  return { connection, connector }
}

function assertUsable(connection: Connection | undefined): asserts connection is Connection {
  if (connection === undefined || connection.accessToken === null) throw new BrokerError('connection_required')
  if (connection.status === 'reconnect_required') throw reconnectRequired(connection)
  if (!isUsable(connection)) throw new BrokerError('connection_required')
}

export const reconnectRequired = (
  connection: Connection,
  detail = 'The provider no longer honours this grant.',
): BrokerError => new BrokerError('reconnect_required', { detail, connectionId: connection.id })
