import type { ConnectorId, OrgId, SubjectId } from '@behalf/contract'
import { BrokerError } from '../../domain/broker-error.ts'
import type { Connector } from '../../domain/connector.ts'
import type { Organization } from '../../domain/organization.ts'
import type { Ports } from '../../ports/index.ts'
import { newAuditEvent } from '../audit/new-audit-event.ts'
import type { createFreshToken } from '../token/fresh-token.ts'
import { callHealth } from './check-health.ts'

type Needs = Pick<
  Ports,
  | 'audit'
  | 'clock'
  | 'connections'
  | 'connectors'
  | 'entropy'
  | 'jobLeases'
  | 'journal'
  | 'log'
  | 'metrics'
  | 'organizations'
  | 'outbound'
  | 'people'
  | 'provider'
> & { readonly freshToken: ReturnType<typeof createFreshToken> }

/** The node that is at it goes on; when it is gone another one takes over after so long. */
const LEASE_MS = 90_000

/**
 * Makes the health calls of connectors that name an interval, with their author's own connection and nobody else's; how many were made. What
 * changed since the call before is audited. Keys and people who are not connected have none to make.
 */
export function createWatchHealth(ports: Needs) {
  const last = new Map<ConnectorId, { readonly at: number; readonly healthy: boolean }>()

  return async function watchHealth(): Promise<number> {
    let made = 0
    for (const organization of await ports.organizations.all()) {
      const due = (await ports.connectors.all(organization.id)).filter(isDue)
      if (due.length === 0 || !(await holds(organization.id))) continue
      for (const connector of due) if (await look(organization, connector)) made += 1
    }
    return made
  }

  function isDue({ id, definition }: Connector): boolean {
    const every = definition.health?.interval_s
    return every !== undefined && ports.clock.now() - (last.get(id)?.at ?? -Infinity) >= every * 1000
  }

  function holds(orgId: OrgId): Promise<boolean> {
    return ports.jobLeases.hold(orgId, 'watch_health', ports.journal.node, LEASE_MS)
  }

  async function look(organization: Organization, connector: Connector): Promise<boolean> {
    const { id, orgId, author, definition } = connector
    const [person, connection] = await Promise.all([
      ports.people.byId(orgId, author as SubjectId),
      ports.connections.bySubject(orgId, author as SubjectId, id),
    ])
    if (definition.health === undefined || person?.status !== 'active' || connection?.status !== 'connected')
      return false
    const answered = await answerOf(organization, connector, connection.id)
    const healthy = typeof answered === 'number' && definition.health.status.includes(answered)
    const changed = (last.get(id)?.healthy ?? true) !== healthy
    last.set(id, { at: ports.clock.now(), healthy })
    ports.metrics.count('health_calls', healthy ? 'passed' : 'failed')
    if (!changed) return true
    ports.log.warn('connector.health_changed', { connector: connector.name, answered })
    const audit = newAuditEvent(ports, { organization }, 'system', 'connector.health_changed', {
      result: healthy ? 'done' : 'failed',
      target: connector.name,
      details: { answered: String(answered) },
    })
    await ports.audit.add([audit])
    return true
  }

  /** A status, or the code of why there is none. */
  async function answerOf(
    organization: Organization,
    { definition }: Connector,
    id: Parameters<Needs['freshToken']>[1],
  ): Promise<number | string> {
    try {
      const token = await ports.freshToken({ organization }, id)
      return (await callHealth(ports, { organization }, token, definition.health ?? { method: 'GET', path: '' })).status
    } catch (error) {
      if (error instanceof BrokerError) return error.code
      throw error
    }
  }
}
