import type { SubjectId } from '@behalf/contract'
import { BrokerError } from '../../domain/broker-error.ts'
import type { Connection } from '../../domain/connection.ts'
import { type Connector, type ConnectorHealth, isApproved } from '../../domain/connector.ts'
import type { Organization } from '../../domain/organization.ts'
import { may } from '../../domain/permission.ts'
import { isSuspended, rolesOf } from '../../domain/person.ts'
import type { Ports } from '../../ports/index.ts'
import { newAuditEvent } from '../audit/new-audit-event.ts'
import type { createFreshToken } from '../token/fresh-token.ts'
import { callHealth } from './check-health.ts'

type Needs = Pick<
  Ports,
  | 'clock'
  | 'connections'
  | 'connectors'
  | 'entropy'
  | 'log'
  | 'metrics'
  | 'organizations'
  | 'outbound'
  | 'people'
  | 'provider'
> & { readonly freshToken: ReturnType<typeof createFreshToken> }

/** Longer than a health call may take with its renewal: when its node is gone another one makes it. */
const CLAIM_MS = 90_000
const BATCH = 20
/** After so long it is looked again whether somebody is connected. */
const NOBODY_S = 300
const MOST_BUILDERS = 10
const BUILDERS = ['developer', 'admin'] as const

/**
 * Makes the health calls that are due, of connectors that name an interval; how many were made. Each is made with the connection of the
 * connector's author, else of somebody else who builds, once the hosts are approved: never of a person who merely uses it. What came of it is
 * kept with the connector, and a change is audited.
 */
export function createWatchHealth(ports: Needs) {
  return async function watchHealth(): Promise<number> {
    const due = await ports.connectors.claimHealthDue(ports.clock.now(), CLAIM_MS, BATCH)
    return (await Promise.all(due.map(look))).filter(Boolean).length
  }

  async function look(connector: Connector): Promise<boolean> {
    const { orgId, definition } = connector
    const organization = await ports.organizations.byId(orgId)
    const every = definition.health?.interval_s
    if (organization === undefined || every === undefined) return false
    const connection = await chosen(organization, connector)
    const health = await healthBy(organization, connector, connection)
    const audit = isChanged(connector, health) ? [told(organization, connector, health)] : []
    const nextAt = health.at + (connection === undefined ? Math.min(every, NOBODY_S) : every) * 1000
    await ports.connectors.recordHealth(connector, health, nextAt, audit)
    return connection !== undefined
  }

  async function chosen(organization: Organization, connector: Connector): Promise<Connection | undefined> {
    const { orgId, id, author } = connector
    const own = await ports.connections.bySubject(orgId, author as SubjectId, id)
    // SECURITY: until an admin approved the hosts, nobody's token but the author's goes there.
    const others = isApproved(connector) ? await ports.connections.ofBuilders(orgId, id, BUILDERS, MOST_BUILDERS) : []
    for (const connection of own === undefined ? others : [own, ...others]) {
      const person = await ports.people.byId(orgId, connection.subjectId)
      if (connection.status !== 'connected' || person === undefined) continue
      if (isSuspended(person, organization, ports.clock.now())) continue
      if (connection.subjectId === author || may(rolesOf(person), 'connector.edit')) return connection
    }
    return undefined
  }

  async function healthBy(
    organization: Organization,
    { definition: { health } }: Connector,
    connection: Connection | undefined,
  ): Promise<ConnectorHealth> {
    if (connection === undefined || health === undefined)
      return { at: ports.clock.now(), result: 'not_made', answered: null }
    const answered = await answerOf({ organization }, connection, health)
    const result = typeof answered === 'number' && health.status.includes(answered) ? 'passed' : 'failed'
    ports.metrics.count('health_calls', result)
    return { at: ports.clock.now(), result, answered: String(answered) }
  }

  /** A status, or the code of why there is none. */
  async function answerOf(
    context: { readonly organization: Organization },
    { id }: Connection,
    call: Parameters<typeof callHealth>[3],
  ): Promise<number | string> {
    try {
      return (await callHealth(ports, context, await ports.freshToken(context, id), call)).status
    } catch (error) {
      if (error instanceof BrokerError) return error.code
      throw error
    }
  }

  function told(organization: Organization, { name }: Connector, { result, answered }: ConnectorHealth) {
    ports.log.warn('connector.health_changed', { connector: name, answered })
    return newAuditEvent(ports, { organization }, 'system', 'connector.health_changed', {
      result: result === 'passed' ? 'done' : 'failed',
      target: name,
      details: { answered },
    })
  }
}

/** A call that nobody could make says nothing. */
const isChanged = ({ health: before }: Connector, { result }: ConnectorHealth): boolean =>
  result !== 'not_made' && (before === null || before.result === 'not_made' ? 'passed' : before.result) !== result
