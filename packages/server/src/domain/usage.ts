import type { ConnectionId, ConnectorId, OrgId, PluginId, SubjectId } from '@behalf/contract'

/** Whose connection a plugin used. */
export type Use = {
  readonly orgId: OrgId
  readonly connectionId: ConnectionId
  readonly connectorId: ConnectorId
  readonly subjectId: SubjectId
  readonly pluginId: PluginId
}

/** How often a plugin used a connection, and when: never with what. */
export type Usage = Use & {
  readonly firstUsedAt: number
  readonly lastUsedAt: number
  readonly calls: number
  readonly failures: number
  /** When the person saw that the plugin had begun; null until then. */
  readonly seenAt: number | null
}

/** The same for one day (UTC, days since the epoch). */
export type DailyUsage = Use & { readonly day: number; readonly calls: number; readonly failures: number }

/** The same of one connector, whoever used it. */
export type ConnectorCalls = { readonly connectorId: ConnectorId; readonly calls: number; readonly failures: number }

const FAILING = { calls: 5, share: 0.5 }

/** Whether a connector fails: half of its calls do, and they are enough to say so. */
export const isFailing = ({ calls, failures }: Omit<ConnectorCalls, 'connectorId'>): boolean =>
  calls >= FAILING.calls && failures / calls >= FAILING.share

/** Uses that were counted and are not written yet. */
export type CountedUse = Use & { calls: number; failures: number; firstAt: number; lastAt: number }

/** Counts uses between two writes. */
export type UsageCounter = {
  note(use: Use, at: number, failed: boolean): void
  /** Hands over what was counted, and starts anew. */
  take(): readonly CountedUse[]
  /** Takes back what could not be written. */
  restore(counted: readonly CountedUse[]): void
}

const DAY_MS = 86_400_000
const MOST = 100_000

export const dayOf = (at: number): number => Math.floor(at / DAY_MS)
export const startOfDay = (day: number): number => day * DAY_MS

export function createUsageCounter(): UsageCounter {
  let counted = new Map<string, CountedUse>()

  function add(key: string, use: CountedUse): void {
    const before = counted.get(key)
    if (before === undefined) {
      if (counted.size < MOST) counted.set(key, use)
      return
    }
    before.calls += use.calls
    before.failures += use.failures
    before.firstAt = Math.min(before.firstAt, use.firstAt)
    before.lastAt = Math.max(before.lastAt, use.lastAt)
  }

  return {
    note(use, at, failed) {
      const key = use.connectionId + use.pluginId
      const known = counted.get(key)
      if (known === undefined) return add(key, { ...use, calls: 1, failures: failed ? 1 : 0, firstAt: at, lastAt: at })
      known.calls += 1
      if (failed) known.failures += 1
      known.lastAt = at
    },
    take() {
      const taken = [...counted.values()]
      counted = new Map()
      return taken
    },
    restore(uses) {
      for (const use of uses) add(use.connectionId + use.pluginId, use)
    },
  }
}
