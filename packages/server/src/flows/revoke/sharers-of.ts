import type { ConnectionId } from '@behalf/contract'
import type { Connection } from '../../domain/connection.ts'
import type { Connector } from '../../domain/connector.ts'
import { revocationEffect } from '../../domain/revocation-steps.ts'
import type { Ports } from '../../ports/index.ts'

/**
 * Other connections that would end with this one: of the same account where the provider keeps one grant an account or revokes the whole grant,
 * of everyone at the connector where it removes the app.
 */
export async function sharersOf(
  { connections }: Pick<Ports, 'connections'>,
  { definition, id }: Connector,
  connection: Pick<Connection, 'id' | 'orgId' | 'accountId'>,
): Promise<readonly ConnectionId[]> {
  const effect = revocationEffect(definition)
  const shared = definition.account.shared_grant || effect !== 'token'
  if (!shared || connection.accountId === null) return []
  const found = await connections.ofAccount(connection.orgId, id, connection.accountId)
  return found.map(other => other.id).filter(other => other !== connection.id)
}
