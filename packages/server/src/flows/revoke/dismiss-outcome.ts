import type { ConnectionId } from '@behalf/contract'
import { BrokerError } from '../../domain/broker-error.ts'
import type { Principal } from '../../domain/principal.ts'
import type { RequestContext } from '../../domain/request-context.ts'
import type { Ports } from '../../ports/index.ts'

/** Puts aside that an end of one's own connection was not confirmed, once it is not tried any more. Throws `connection_not_found`, also for somebody else's. */
export function createDismissOutcome(ports: Pick<Ports, 'connections'>) {
  return async function dismissOutcome(
    { organization }: RequestContext,
    { person }: Extract<Principal, { kind: 'session' }>,
    id: ConnectionId,
  ): Promise<void> {
    const connection = await ports.connections.byId(organization.id, id)
    if (connection === undefined || connection.subjectId !== person.id) throw new BrokerError('connection_not_found')
    // Connected again meanwhile: there is nothing to put aside.
    await ports.connections.dismiss(organization.id, id, connection.generation)
  }
}
