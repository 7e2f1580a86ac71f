import { BrokerError } from '../../domain/broker-error.ts'
import type { RequestContext } from '../../domain/request-context.ts'
import { addVanished, isSuspect, type VanishedGrants } from '../../domain/suspicion.ts'
import { isAlive } from '../../domain/token-set.ts'
import type { Ports } from '../../ports/index.ts'
import type { RefreshLease } from '../../ports/refresh-lease-store.ts'
import { newAuditEvent } from '../audit/new-audit-event.ts'
import { type Held, reconnectRequired } from './load-connection.ts'
import type { FailedRefresh } from './send-refresh.ts'

type Needs = Pick<Ports, 'audit' | 'clock' | 'connections' | 'entropy' | 'log' | 'metrics' | 'refreshLeases'>
type Context = Pick<RequestContext, 'organization'>

const FIRST_DELAY_MS = 2_000
const LONGEST_DELAY_MS = 300_000
const RETRY_AFTER_CAP_MS = 3_600_000
const CLIENT_REJECTED_MS = 60_000

/** What a failed refresh leaves behind: a mark, a back-off, an alarm; never a deletion. Each returns the problem to tell. */
export function createRefreshFailed(ports: Needs) {
  const vanished = new Map<string, VanishedGrants>()

  return { nothingToRefreshWith, told }

  /** No refresh token was ever given: at its end the person is asked again. */
  async function nothingToRefreshWith(context: Context, held: Held, lease: RefreshLease): Promise<BrokerError> {
    const { connection } = held
    await release(lease, null, null)
    if (isAlive(connection, ports.clock.now()))
      return new BrokerError('provider_unavailable', { detail: 'This token cannot be renewed.' })
    await mark(context, held, 'no_refresh_token')
    return reconnectRequired(connection, 'The access has ended, and the provider gave no way to renew it.')
  }

  async function told(context: Context, held: Held, lease: RefreshLease, outcome: FailedRefresh): Promise<BrokerError> {
    ports.metrics.count('refresh_failures', outcome.kind)
    if (outcome.kind === 'grant_gone' && !suspects(held)) return grantGone(context, held, lease, outcome.error.error)
    if (outcome.kind === 'unavailable') return unavailable(context, held, lease, outcome)
    return blamesConnector(context, held, lease, outcome)
  }

  async function grantGone(context: Context, held: Held, lease: RefreshLease, error: string): Promise<BrokerError> {
    await mark(context, held, error)
    await release(lease, null, null)
    return reconnectRequired(held.connection)
  }

  async function blamesConnector(
    context: Context,
    { connection, connector }: Held,
    lease: RefreshLease,
    outcome: Exclude<FailedRefresh, { kind: 'unavailable' }>,
  ): Promise<BrokerError> {
    const action = outcome.kind === 'grant_gone' ? 'connector.suspected' : 'token.refresh_failed'
    const details = { connection: connection.id, error: outcome.error.error }
    await ports.audit.add([
      newAuditEvent(ports, context, 'system', action, {
        result: 'failed',
        onBehalfOf: connection.subjectId,
        target: connector.name,
        details,
      }),
    ])
    ports.log.warn('connector.client_rejected', { connector: connector.name, error: outcome.error.error })
    await release(lease, ports.clock.now() + CLIENT_REJECTED_MS, 'client_rejected')
    return new BrokerError('connector_misconfigured', {
      detail: 'The provider does not accept the connector as it is configured.',
    })
  }

  async function unavailable(
    context: Context,
    { connection, connector }: Held,
    lease: RefreshLease,
    outcome: Extract<FailedRefresh, { kind: 'unavailable' }>,
  ): Promise<BrokerError> {
    const failures = await ports.refreshLeases.failures(connection.orgId, connection.id)
    const backOff = ports.entropy.jitter() * Math.min(LONGEST_DELAY_MS, FIRST_DELAY_MS * 2 ** Math.min(failures, 10))
    const asked = Math.min(Math.max(outcome.retryAfterMs ?? 0, 0), RETRY_AFTER_CAP_MS)
    const retryAfterMs = Math.round(Math.max(250 + backOff, asked))
    await ports.audit.add([
      newAuditEvent(ports, context, 'system', 'token.refresh_failed', {
        result: 'failed',
        onBehalfOf: connection.subjectId,
        target: connection.id,
        details: { reason: outcome.reason, connector: connector.name },
      }),
    ])
    await release(lease, ports.clock.now() + retryAfterMs, 'unavailable')
    return new BrokerError('provider_unavailable', { detail: 'The provider could not renew the token.', retryAfterMs })
  }

  // A late answer counts only for the tokens it was asked with: generation and token version fence the mark.
  async function mark(context: Context, { connection }: Held, reason: string): Promise<void> {
    const audit = newAuditEvent(ports, context, 'system', 'token.refresh_failed', {
      result: 'failed',
      onBehalfOf: connection.subjectId,
      target: connection.id,
      details: { reason, status: 'reconnect_required' },
    })
    const { orgId, id, generation, tokenVersion } = connection
    await ports.connections.mark(orgId, id, generation, tokenVersion, 'reconnect_required', reason, audit)
  }

  function suspects({ connector }: Held): boolean {
    const now = ports.clock.now()
    const key = `${connector.id}/${connector.version}`
    const seen = addVanished(vanished.get(key) ?? [], now)
    vanished.delete(key)
    vanished.set(key, seen)
    if (vanished.size > 1_000) vanished.delete(vanished.keys().next().value ?? key)
    return isSuspect(seen, connector, now)
  }

  function release(lease: RefreshLease, coolUntilAt: number | null, reason: string | null): Promise<void> {
    return ports.refreshLeases.release(lease, { settled: true, coolUntilAt, reason })
  }
}
