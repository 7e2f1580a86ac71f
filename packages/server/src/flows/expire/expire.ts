import { MOST_LOG_DAYS } from '../../domain/call-entry.ts'
import { dayOf } from '../../domain/usage.ts'
import type { Ports } from '../../ports/index.ts'
import { createDropParkedGrant, type DropNeeds } from '../connect/drop-parked-grant.ts'

const MOST_PARKED = 100
const IDEMPOTENCY_MS = 86_400_000

const DAY_MS = 86_400_000
const USAGE_DAYS = 400
const DELIVERED_MS = 7 * 86_400_000
const DEAD_MS = 30 * 86_400_000

type Needs = DropNeeds &
  Pick<
    Ports,
    | 'usage'
    | 'authorizationRequests'
    | 'callLog'
    | 'clock'
    | 'connectLinks'
    | 'idempotency'
    | 'organizations'
    | 'sessions'
    | 'ssoTrials'
    | 'webhooks'
  >

/** Removes what is over: sessions, requests, links, kept answers, old call log entries; how many rows. */
export function createExpire(ports: Needs) {
  const dropParkedGrant = createDropParkedGrant(ports)
  return async function expire(): Promise<number> {
    const now = ports.clock.now()
    // Nobody answered: the grant is not wanted.
    const unanswered = await ports.parkedGrants.takeExpired(now, MOST_PARKED)
    for (const parked of unanswered) await dropParkedGrant(parked)
    const swept = [
      unanswered.length,
      await ports.sessions.sweep(now),
      await ports.authorizationRequests.sweep(now),
      await ports.connectLinks.sweep(now),
      await ports.idempotency.sweep(now - IDEMPOTENCY_MS),
      await ports.callLog.sweep(now),
      await sweepLogs(now),
      await ports.ssoTrials.sweep(now),
      await ports.webhooks.sweep({ delivered: now - DELIVERED_MS, dead: now - DEAD_MS }),
      await ports.usage.sweep(dayOf(now) - USAGE_DAYS),
    ]
    return swept.reduce((sum, rows) => sum + rows, 0)
  }

  /** Where an organization keeps its log for less than entries were dated for. */
  async function sweepLogs(now: number): Promise<number> {
    let swept = 0
    for (const { id, callLogDays } of await ports.organizations.all())
      if (callLogDays < MOST_LOG_DAYS) swept += await ports.callLog.sweepOlder(id, now - callLogDays * DAY_MS)
    return swept
  }
}
