import { BrokerError } from '../../domain/broker-error.ts'
import { may } from '../../domain/permission.ts'
import type { Principal } from '../../domain/principal.ts'
import type { RequestContext } from '../../domain/request-context.ts'
import type { Ports } from '../../ports/index.ts'
import { newAuditEvent } from '../audit/new-audit-event.ts'
import type { createDisconnect } from '../revoke/disconnect.ts'
import { readConnectorByName } from './read-connector.ts'

const PAGE = 100

type Needs = Pick<Ports, 'clock' | 'connections' | 'connectors' | 'entropy'> & {
  readonly disconnect: ReturnType<typeof createDisconnect>
}

/** Retires a connector: nobody may connect any more, and everyone who did is disconnected. Throws `connector_not_found`, `forbidden`. */
export function createRetireConnector(ports: Needs) {
  return async function retireConnector(context: RequestContext, principal: Principal, name: string): Promise<void> {
    const { id, orgId } = await readConnectorByName(ports, context, name)
    const first = await ports.connections.connectedAt(orgId, id, { after: null, limit: PAGE })
    const others = first.items.some(
      connection => principal.kind !== 'session' || connection.subjectId !== principal.person.id,
    )
    if (others && !may(principal.roles, 'connection.disconnect')) {
      throw new BrokerError('forbidden', { detail: 'People are connected: an admin may retire this connector.' })
    }
    const audit = newAuditEvent(ports, context, principal, 'connector.retired', { target: name })
    if (!(await ports.connectors.retire(orgId, id, ports.clock.now(), audit)))
      throw new BrokerError('connector_not_found')
    for (
      let page = first;
      page.items.length > 0;
      page = await ports.connections.connectedAt(orgId, id, { after: null, limit: PAGE })
    ) {
      await Promise.all(page.items.map(connection => ports.disconnect(context, principal, connection.id)))
    }
  }
}
