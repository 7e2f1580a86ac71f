import type { ConnectionId } from '@behalf/contract'
import type { Connection } from '../../domain/connection.ts'
import { type Connector, isOfOneClient } from '../../domain/connector.ts'
import { revocationEffect } from '../../domain/revocation-steps.ts'
import type { Ports } from '../../ports/index.ts'

/**
 * Other connections that would end with this one, where the provider keeps one grant an account or a revocation ends more than its token: of the
 * same account, at this connector and at others that are the same client of the same provider.
 */
export async function sharersOf(
  { connections, connectors }: Pick<Ports, 'connections' | 'connectors'>,
  connector: Connector,
  connection: Pick<Connection, 'id' | 'orgId' | 'accountId'>,
): Promise<readonly ConnectionId[]> {
  const { definition } = connector
  const { accountId, orgId } = connection
  const shared = definition.account.shared_grant || revocationEffect(definition) !== 'token'
  if (!shared || accountId === null) return []
  const sisters = (await connectors.all(orgId)).filter(other => isOfOneClient(connector, other))
  const found = await Promise.all(sisters.map(({ id }) => connections.ofAccount(orgId, id, accountId)))
  return found.flatMap(all => all.map(other => other.id)).filter(other => other !== connection.id)
}
