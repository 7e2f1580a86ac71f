import { BrokerError } from '../../domain/broker-error.ts'
import { type Connector, hostsOf } from '../../domain/connector.ts'
import type { Principal } from '../../domain/principal.ts'
import type { RequestContext } from '../../domain/request-context.ts'
import type { Ports } from '../../ports/index.ts'
import { newAuditEvent } from '../audit/new-audit-event.ts'
import { readConnectorByName } from './read-connector.ts'

/** Approves the hosts a connector has now, so that it may reach other people than its author. Throws `connector_not_found`, `version_conflict`. */
export function createApproveConnector(ports: Pick<Ports, 'clock' | 'connectors' | 'entropy'>) {
  return async function approveConnector(
    context: RequestContext,
    principal: Principal,
    name: string,
  ): Promise<Connector> {
    const connector = await readConnectorByName(ports, context, name)
    const hosts = hostsOf(connector.definition)
    const audit = newAuditEvent(ports, context, principal, 'connector.approved', { target: name, details: { hosts } })
    if (!(await ports.connectors.approve(connector.orgId, connector.id, hosts, connector.version, audit)))
      throw new BrokerError('version_conflict')
    return { ...connector, approvedHosts: hosts }
  }
}
