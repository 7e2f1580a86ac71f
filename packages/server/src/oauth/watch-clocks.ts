import type { Clock } from '../ports/clock.ts'
import type { Log } from '../ports/log.ts'
import type { Outbound } from '../ports/outbound.ts'

/** A difference that no network explains: somebody's clock is wrong. */
const SKEW_MS = 300_000
const APART_MS = 3_600_000
const MOST = 1_000

/** Warns, once an hour for a host, where a provider's `Date` (RFC 9110 6.6.1) is far from our clock. Tokens' lives do not depend on it. */
export function watchClocks(
  outbound: Outbound,
  { clock, log }: { readonly clock: Clock; readonly log: Log },
): Outbound {
  const warned = new Map<string, number>()
  return {
    ...outbound,
    async fetch(request) {
      const answer = await outbound.fetch(request)
      const skewMs = Date.parse(answer.headers.get('date') ?? '') - clock.now()
      if (Math.abs(skewMs) > SKEW_MS) warn(new URL(request.url).host, skewMs)
      return answer
    },
  }

  function warn(host: string, skewMs: number): void {
    const now = clock.monotonic()
    const before = warned.get(host)
    if (before !== undefined && now - before < APART_MS) return
    if (warned.size >= MOST) warned.clear()
    warned.set(host, now)
    log.warn('clock.skewed', { host, seconds: Math.round(skewMs / 1000) })
  }
}
