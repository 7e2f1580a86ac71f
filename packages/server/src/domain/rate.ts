/** So many at once, and so many a second after that. */
export type Rate = { readonly burst: number; readonly perSecond: number }

type Bucket = { readonly left: number; readonly at: number }
const MOST_KEYS = 20_000

/** Counts by key against one rate; forgets the key that was asked for longest ago. */
export type RateLimit = {
  /** Null where one more is within the rate, and counts it; else milliseconds until it would be. */
  take(key: string, nowMs: number): number | null
}

export function createRateLimit({ burst, perSecond }: Rate): RateLimit {
  const buckets = new Map<string, Bucket>()
  return {
    take(key, nowMs) {
      const { left, at } = buckets.get(key) ?? { left: burst, at: nowMs }
      const now = Math.min(burst, left + (Math.max(0, nowMs - at) / 1000) * perSecond)
      buckets.delete(key)
      buckets.set(key, { left: now < 1 ? now : now - 1, at: nowMs })
      if (buckets.size > MOST_KEYS) buckets.delete(buckets.keys().next().value ?? key)
      return now < 1 ? Math.ceil(((1 - now) / perSecond) * 1000) : null
    },
  }
}
