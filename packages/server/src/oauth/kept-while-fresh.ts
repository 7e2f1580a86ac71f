import type { Clock } from '../ports/clock.ts'

const FRESH_MS = 600_000
const STALE_MS = 86_400_000
const COOL_MS = 30_000
const COOL_EMPTY_MS = 1_000
const MOST_KEPT = 1_000

type Kept<Value> = {
  readonly value?: Value
  readonly readAt: number
  readonly error?: unknown
  readonly triedAt: number
}

export type KeptWhileFresh<Value> = {
  /**
   * What `read` gave: for ten minutes without asking, for a day where asking fails. `again` asks anew, though not within 30 seconds of the last
   * time. Callers at once share one read. Throws what `read` throws; where nothing is known yet, asks again after a second.
   */
  get(key: string, read: () => Promise<Value>, options?: { readonly again: boolean }): Promise<Value>
}

/** Keeps what an SSO publishes, so that neither its outage nor a storm of unknown keys reaches the other side (reliability case RP-10). */
export function createKeptWhileFresh<Value>(clock: Clock): KeptWhileFresh<Value> {
  const kept = new Map<string, Kept<Value>>()
  const reading = new Map<string, Promise<Value>>()

  return {
    async get(key, read, { again } = { again: false }) {
      const known = kept.get(key)
      if (known !== undefined) {
        const now = clock.monotonic()
        const isFresh = known.value !== undefined && !again && now - known.readAt < FRESH_MS
        if (isFresh || now - known.triedAt < coolMs(known)) return settled(known, now)
      }
      const already = reading.get(key)
      if (already !== undefined) return already
      const begun = ask(key, read, known).finally(() => reading.delete(key))
      reading.set(key, begun)
      return begun
    },
  }

  async function ask(key: string, read: () => Promise<Value>, known: Kept<Value> | undefined): Promise<Value> {
    try {
      const value = await read()
      const now = clock.monotonic()
      remember(key, { value, readAt: now, triedAt: now })
      return value
    } catch (error) {
      const now = clock.monotonic()
      const failed = { readAt: now, ...known, error, triedAt: now }
      remember(key, failed)
      return settled(failed, now)
    }
  }

  function settled({ value, readAt, error }: Kept<Value>, now: number): Value {
    if (value !== undefined && now - readAt < STALE_MS) return value
    throw error
  }

  function remember(key: string, entry: Kept<Value>): void {
    kept.delete(key)
    kept.set(key, entry)
    if (kept.size > MOST_KEPT) kept.delete(kept.keys().next().value ?? key)
  }
}

// With nothing to live on, people are waiting.
const coolMs = ({ value }: Kept<unknown>): number => (value === undefined ? COOL_EMPTY_MS : COOL_MS)
