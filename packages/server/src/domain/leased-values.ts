/** How long what was read may be used without reading it again (design section 6): what ended elsewhere is in use no longer than this. */
export const CACHE_LEASE_MS = 700

/** An instant by two clocks: one that never goes back, and one that goes on while the machine sleeps. */
export type Moment = { readonly monotonic: number; readonly wall: number }

/** Whether a lease that began at `readAt` still runs. A clock that was set ends it, either way. */
export function isLeaseLive(readAt: Moment, now: Moment): boolean {
  const [elapsed, elapsedByWall] = [now.monotonic - readAt.monotonic, now.wall - readAt.wall]
  return elapsed >= 0 && elapsed < CACHE_LEASE_MS && elapsedByWall > -CACHE_LEASE_MS && elapsedByWall < CACHE_LEASE_MS
}

/** Of two readings the one whose lease ends first. */
export const earlier = (a: Moment, b: Moment): Moment => (a.monotonic <= b.monotonic ? a : b)

export type Leased<Value> = { readonly value: Value; readonly readAt: Moment }

/** Values under a cache lease, which starts before they are read. */
export type LeasedValues<Value> = {
  get(key: string, now: Moment): Leased<Value> | undefined
  put(key: string, leased: Leased<Value>): void
  forget(key: string): void
  clear(): void
  /** Drops what has lapsed, secrets among it. */
  sweep(now: Moment): void
}

const MOST = 20_000

export function createLeasedValues<Value>(): LeasedValues<Value> {
  // In the order of reading: whatever is read anew goes to the end.
  const kept = new Map<string, Leased<Value>>()
  return {
    get(key, now) {
      const found = kept.get(key)
      return found !== undefined && isLeaseLive(found.readAt, now) ? found : undefined
    },
    put(key, leased) {
      kept.delete(key)
      kept.set(key, leased)
      if (kept.size > MOST) kept.delete(kept.keys().next().value ?? key)
    },
    forget: key => void kept.delete(key),
    clear: () => kept.clear(),
    sweep(now) {
      for (const [key, { readAt }] of kept) if (!isLeaseLive(readAt, now)) kept.delete(key)
    },
  }
}
