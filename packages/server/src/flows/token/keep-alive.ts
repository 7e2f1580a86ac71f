import { BrokerError } from '../../domain/broker-error.ts'
import type { Connection } from '../../domain/connection.ts'
import type { Connector } from '../../domain/connector.ts'
import { isSuspended } from '../../domain/person.ts'
import { needsKeepingAlive, unusedSince } from '../../domain/renewal.ts'
import type { Ports } from '../../ports/index.ts'
import { createFreshToken } from './fresh-token.ts'
import type { RefreshNeeds } from './refresh-under-lease.ts'

const PAGE = 200

/**
 * Renews grants that would lapse because nobody uses them, each under its own refresh lease: the refresh token before its idle life ends, and
 * an access token that is itself what brings the next one. How many were renewed. Only what may be due is read: there may be a million others.
 * A suspended person's tokens are left to lapse. When it is to stop, the one that is being renewed is the last.
 */
export function createKeepAlive(ports: RefreshNeeds & Pick<Ports, 'organizations' | 'people'>) {
  const freshToken = createFreshToken(ports)

  return async function keepAlive(stop?: AbortSignal): Promise<number> {
    let renewed = 0
    for (const connector of await ports.connectors.keptAlive()) renewed += await renewAll(connector, stop)
    return renewed
  }

  async function renewAll(connector: Connector, stop: AbortSignal | undefined): Promise<number> {
    const before = unusedSince(connector.definition, ports.clock.now())
    if (before === null) return 0
    let renewed = 0
    let after: Connection | null = null
    for (;;) {
      const page: readonly Connection[] = await ports.connections.renewedBefore(connector, before, after, PAGE)
      for (const connection of page) {
        if (stop?.aborted === true) return renewed
        if (await renew(connector, connection)) renewed += 1
      }
      const last = page.at(-1)
      if (last === undefined || page.length < PAGE) return renewed
      after = last
    }
  }

  async function renew(connector: Connector, connection: Connection): Promise<boolean> {
    const { orgId, subjectId, id, tokenVersion } = connection
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
