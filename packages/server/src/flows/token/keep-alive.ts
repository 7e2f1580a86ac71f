import type { ConnectionId, ConnectorId } from '@behalf/contract'
import { BrokerError } from '../../domain/broker-error.ts'
import type { Connection } from '../../domain/connection.ts'
import type { Connector } from '../../domain/connector.ts'
import { isSuspended } from '../../domain/person.ts'
import { needsKeepingAlive } from '../../domain/renewal.ts'
import type { Ports } from '../../ports/index.ts'
import { createFreshToken } from './fresh-token.ts'
import type { RefreshNeeds } from './refresh-under-lease.ts'

/** A life shorter than this is too short to be looked after by a job that passes every minute. */
const YOUNGEST_MS = 20_000
const PAGE = 200

/**
 * Renews grants that would lapse because nobody uses them, each under its own refresh lease: the refresh token before its idle life ends, and
 * an access token that is itself what brings the next one. How many were renewed. A suspended person's tokens are left to lapse.
 */
export function createKeepAlive(ports: RefreshNeeds & Pick<Ports, 'organizations' | 'people'>) {
  const freshToken = createFreshToken(ports)

  return async function keepAlive(): Promise<number> {
    let renewed = 0
    // Each connector is read once a round, whose connections may be a million.
    const connectors = new Map<ConnectorId, Promise<Connector | undefined>>()
    let after: ConnectionId | null = null
    for (;;) {
      const page: readonly Connection[] = await ports.connections.renewedBefore(
        ports.clock.now() - YOUNGEST_MS,
        after,
        PAGE,
      )
      for (const connection of page) if (await renew(connection, connectors)) renewed += 1
      const last = page.at(-1)
      if (last === undefined || page.length < PAGE) return renewed
      after = last.id
    }
  }

  async function renew(
    connection: Connection,
    connectors: Map<ConnectorId, Promise<Connector | undefined>>,
  ): Promise<boolean> {
    const { orgId, connectorId, subjectId, id, tokenVersion } = connection
    const reading = connectors.get(connectorId) ?? ports.connectors.byId(orgId, connectorId)
    connectors.set(connectorId, reading)
    const connector = await reading
    if (connector === undefined || connector.retiredAt !== null) return false
    if (!needsKeepingAlive(connector.definition, connection, ports.clock.now())) return false
    const [organization, person] = await Promise.all([
      ports.organizations.byId(orgId),
      ports.people.byId(orgId, subjectId),
    ])
    if (organization === undefined || person === undefined) return false
    if (isSuspended(person, organization, ports.clock.now())) return false
    try {
      const { connection: now } = await freshToken({ organization }, id, { forceIf: { tokenVersion } })
      return now.tokenVersion !== tokenVersion
    } catch (error) {
      if (!(error instanceof BrokerError)) throw error
      ports.log.warn('grant.not_kept_alive', { connection: id, code: error.code })
      return false
    }
  }
}
