import { BrokerError } from '../../domain/broker-error.ts'
import type { Connector } from '../../domain/connector.ts'
import type { RequestContext } from '../../domain/request-context.ts'
import type { Ports } from '../../ports/index.ts'

/** A live connector by its name. Throws `connector_not_found`. */
export async function readConnectorByName(
  ports: Pick<Ports, 'connectors'>,
  { organization }: Pick<RequestContext, 'organization'>,
  name: string,
): Promise<Connector> {
  const connector = await ports.connectors.byName(organization.id, name)
  if (connector === undefined || connector.retiredAt !== null) throw new BrokerError('connector_not_found')
  return connector
}
