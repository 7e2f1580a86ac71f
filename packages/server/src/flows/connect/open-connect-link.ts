import { BrokerError } from '../../domain/broker-error.ts'
import { type ConnectLink, isLinkLive } from '../../domain/connect-link.ts'
import type { Connector } from '../../domain/connector.ts'
import type { Principal } from '../../domain/principal.ts'
import type { RequestContext } from '../../domain/request-context.ts'
import type { Ports } from '../../ports/index.ts'

type Needs = Pick<Ports, 'clock' | 'connectLinks' | 'connectors' | 'entropy'>

/** Reads a connect link for the person it was made for. Throws `link_expired`, `wrong_person`. */
export function createOpenConnectLink(ports: Needs) {
  return async function openConnectLink(
    context: RequestContext,
    principal: Extract<Principal, { kind: 'session' }>,
    token: string,
  ): Promise<{ readonly link: ConnectLink; readonly connector: Connector }> {
    const link = await ports.connectLinks.byHash(context.organization.id, ports.entropy.sha256(token))
    if (link === undefined || !isLinkLive(link, ports.clock.now())) throw new BrokerError('link_expired')
    if (link.subjectId !== principal.person.id) throw new BrokerError('wrong_person')
    const connector = await ports.connectors.byId(context.organization.id, link.connectorId)
    if (connector === undefined || connector.retiredAt !== null) throw new BrokerError('link_expired')
    return { link, connector }
  }
}
