import type { ConnectionId } from '@behalf/contract'
import { BrokerError } from '../../domain/broker-error.ts'
import { isGood } from '../../domain/renewal.ts'
import type { RequestContext } from '../../domain/request-context.ts'
import type { Ports } from '../../ports/index.ts'
import type { LeaseState, RefreshLease } from '../../ports/refresh-lease-store.ts'
import type { UnderWay } from '../request/under-way.ts'
import { type Held, loadConnection } from './load-connection.ts'
import { createSendRefresh, type SendNeeds, TOKEN_DEADLINE_MS } from './send-refresh.ts'
import { createSettleOpenAttempt } from './settle-open-attempt.ts'

export type RefreshNeeds = SendNeeds & Pick<Ports, 'connectors'> & { readonly underWay: UnderWay }

type Context = Pick<RequestContext, 'organization'>
type Taken = Extract<LeaseState, { kind: 'taken' }>

/** A lease outlasts the token endpoint's deadline and the commit after it. */
const LEASE_MS = 30_000
const COMMIT_MS = 5_000
/** How soon it is looked whether another node is done: at first as soon as a quick provider could be, then at this pace. */
const FIRST_POLL_MS = 10
const POLL_MS = 50
const WAIT_MS = LEASE_MS + COMMIT_MS
/** Whether a holder is gone is looked up this often. */
const LOOK_MS = 1_000

if (TOKEN_DEADLINE_MS + COMMIT_MS >= LEASE_MS) throw new Error('the refresh lease must outlast the token endpoint')

/**
 * Brings a connection's token up to date under its lease row; undefined where it is now, else the problem that kept it from being so.
 * No transaction spans the provider's answer: the lease is a row, compare-and-set, fenced by its epoch.
 */
export function createRefreshUnderLease(ports: RefreshNeeds) {
  const sendRefresh = createSendRefresh(ports)
  const settleOpenAttempt = createSettleOpenAttempt(ports)

  return async function refreshUnderLease(
    context: Context,
    id: ConnectionId,
    rejectedVersion: number | null,
  ): Promise<BrokerError | undefined> {
    const startedAt = ports.clock.monotonic()
    const holder = `${ports.journal.node}/${ports.entropy.randomToken()}`
    const isGone = createIsGone()
    let pollMs = FIRST_POLL_MS
    for (;;) {
      const takenAt = ports.clock.monotonic()
      const { organization } = context
      const state = await ports.refreshLeases.take(organization.id, id, holder, LEASE_MS, ports.clock.now(), isGone)
      if (state.kind === 'taken')
        return ports.underWay.add(refreshHolding(context, id, state, rejectedVersion, takenAt))
      if (state.kind === 'cooling') return coolingProblem(state, ports.clock.now())
      if (takenAt - startedAt > WAIT_MS)
        return new BrokerError('provider_timeout', { detail: 'Another refresh is taking too long.' })
      await ports.clock.sleep(pollMs)
      pollMs = Math.min(POLL_MS, pollMs * 1.5)
      const held = await loadConnection(ports, context, id)
      if (isCurrent(held, rejectedVersion)) return undefined
    }
  }

  // A node whose journal is free has ended: what it held need not run out first.
  function createIsGone(): (holder: string) => Promise<boolean> {
    let lookedAt = -LOOK_MS
    return async holder => {
      const now = ports.clock.monotonic()
      if (now - lookedAt < LOOK_MS) return false
      lookedAt = now
      return (await ports.journal.whereabouts(holder.slice(0, holder.indexOf('/')))) === 'gone'
    }
  }

  async function refreshHolding(
    context: Context,
    id: ConnectionId,
    { lease, openAttempt, retries }: Taken,
    rejectedVersion: number | null,
    takenAt: number,
  ): Promise<BrokerError | undefined> {
    try {
      if (openAttempt !== null) {
        const wait = await settleOpenAttempt(context, id, openAttempt)
        if (wait !== undefined) return await keepOpen(lease, wait)
      }
      // Somebody else may have refreshed between our look and our lease.
      const held = await loadConnection(ports, context, id)
      if (isCurrent(held, rejectedVersion)) return await settled(lease)
      const tries = openAttempt === null ? 0 : retries + 1
      return await sendRefresh(context, held, lease, { tries, sendBefore: takenAt + LEASE_MS - COMMIT_MS })
    } catch (error) {
      // An attempt that was opened stays open: its answer may be in the journal, and nobody may resend blindly.
      const released = ports.refreshLeases
        .release(lease, { settled: false, coolUntilAt: null, reason: null })
        .catch(() => undefined)
      // A store that is away was waited for already.
      if (!(error instanceof BrokerError && error.code === 'store_unavailable')) await released
      throw error
    }
  }

  function isCurrent({ connection, connector }: Held, rejectedVersion: number | null): boolean {
    if (rejectedVersion !== null) return connection.tokenVersion !== rejectedVersion
    return isGood(connector.definition, connection, ports.clock.now())
  }

  async function settled(lease: RefreshLease): Promise<undefined> {
    await ports.refreshLeases.release(lease, { settled: true, coolUntilAt: null, reason: null })
  }

  async function keepOpen(lease: RefreshLease, problem: BrokerError): Promise<BrokerError> {
    await ports.refreshLeases.release(lease, { settled: false, coolUntilAt: null, reason: null })
    return problem
  }
}

function coolingProblem(state: Extract<LeaseState, { kind: 'cooling' }>, now: number): BrokerError {
  const retryAfterMs = Math.max(0, state.untilAt - now)
  if (state.reason === 'client_rejected') {
    return new BrokerError('connector_misconfigured', {
      detail: 'The provider does not accept the client.',
      retryAfterMs,
    })
  }
  return new BrokerError('provider_unavailable', { detail: 'The provider could not renew the token.', retryAfterMs })
}
