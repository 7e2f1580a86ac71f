import type { ConnectionId } from '@behalf/contract'
import { BrokerError } from '../../domain/broker-error.ts'
import type { Connection } from '../../domain/connection.ts'
import type { LiveCalls } from '../../domain/live-calls.ts'
import { may } from '../../domain/permission.ts'
import type { Principal } from '../../domain/principal.ts'
import type { RequestContext } from '../../domain/request-context.ts'
import type { Revocation } from '../../domain/revocation.ts'
import type { Ports } from '../../ports/index.ts'
import { newAuditEvent } from '../audit/new-audit-event.ts'
import type { UnderWay } from '../request/under-way.ts'
import { createAttemptRevocations } from './attempt-revocations.ts'
import { endOfUse } from './end-of-use.ts'
import { queueRevocations } from './queue-revocations.ts'

type Needs = Pick<
  Ports,
  | 'clock'
  | 'connections'
  | 'connectors'
  | 'entropy'
  | 'journal'
  | 'log'
  | 'metrics'
  | 'organizations'
  | 'provider'
  | 'revocations'
  | 'vault'
> & { readonly liveCalls: LiveCalls; readonly underWay: UnderWay }

export type Disconnected = { readonly connection: Connection; readonly revocations: readonly Revocation[] }

const REVOKE_WAIT_MS = 5_000
const POLL_MS = 50
const TRIES = 5

/**
 * Ends our use of a connection. When it returns no node starts another call with its tokens, streams are cut, and revocation at the provider
 * has been tried once or goes on in the background. Throws `connection_not_found`, `forbidden`.
 */
export function createDisconnect(ports: Needs) {
  const attemptRevocations = createAttemptRevocations(ports)

  return async function disconnect(
    context: RequestContext,
    principal: Principal,
    id: ConnectionId,
  ): Promise<Disconnected> {
    const ended = await end(context, principal, id)
    if (ended === 'ended before') return read(context, id)
    ports.metrics.count('disconnects')
    ports.liveCalls.cutConnection(context.organization.id, id)
    const useEnds = endOfUse(ports)
    const bounded = new AbortController()
    const attempted = attemptRevocations
      .ofConnection(context.organization.id, id)
      .then(() => triedElsewhere(context, id, ended, bounded.signal))
      .catch(error => ports.log.error('revocation.attempt_failed', error, { connection: id }))
    await Promise.race([attempted, ports.clock.sleep(REVOKE_WAIT_MS, bounded.signal).catch(() => undefined)])
    bounded.abort()
    await useEnds
    return read(context, id)
  }

  // The job, here or on another node, may have taken a token first and be at it: what comes of that is worth a moment.
  async function triedElsewhere(
    { organization }: RequestContext,
    id: ConnectionId,
    queued: readonly Revocation[],
    signal: AbortSignal,
  ): Promise<void> {
    const ids = new Set(queued.map(revocation => revocation.id))
    while (!signal.aborted) {
      const pending = (await ports.revocations.pendingOf(organization.id, id)).filter(one => ids.has(one.id))
      const first = Math.min(...pending.map(({ step }) => step))
      if (!pending.some(({ step, attempts }) => step === first && attempts === 0)) return
      await ports.clock.sleep(POLL_MS, signal).catch(() => undefined)
    }
  }

  async function end(
    context: RequestContext,
    principal: Principal,
    id: ConnectionId,
  ): Promise<readonly Revocation[] | 'ended before'> {
    for (let tries = 0; tries < TRIES; tries += 1) {
      const connection = await ports.connections.byId(context.organization.id, id)
      if (connection === undefined || !mayDisconnect(principal, connection))
        throw new BrokerError('connection_not_found')
      if (connection.status !== 'connected' && connection.status !== 'reconnect_required') return 'ended before'
      const queued = await queueRevocations(ports, connection)
      const audit = newAuditEvent(ports, context, principal, 'connection.disconnected', {
        onBehalfOf: connection.subjectId,
        target: id,
        details: { tokens: queued.map(revocation => revocation.token) },
      })
      // A refresh or a reconnect that lands between the read and the write moves the generation or the tokens: read again.
      if (await ports.connections.disconnect(connection, queued, audit)) return queued
    }
    throw new BrokerError('version_conflict')
  }

  async function read(context: RequestContext, id: ConnectionId): Promise<Disconnected> {
    const connection = await ports.connections.byId(context.organization.id, id)
    if (connection === undefined) throw new BrokerError('connection_not_found')
    return { connection, revocations: await ports.revocations.ofConnection(context.organization.id, id) }
  }
}

function mayDisconnect(principal: Principal, connection: Connection): boolean {
  if (principal.kind === 'session' && principal.person.id === connection.subjectId) return true
  return may(principal.roles, 'connection.disconnect')
}
