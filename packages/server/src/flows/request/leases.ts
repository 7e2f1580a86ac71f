import type { ConnectionId } from '@behalf/contract'
import type { DebugWindow } from '../../domain/debug-window.ts'
import { createLeasedValues, type Leased, type LeasedValues, type Moment } from '../../domain/leased-values.ts'
import type { CompiledLaunches } from '../../domain/live-launches.ts'
import type { Organization } from '../../domain/organization.ts'
import type { Person } from '../../domain/person.ts'
import type { Plugin, PluginKey } from '../../domain/plugin.ts'
import type { Ports } from '../../ports/index.ts'
import type { FreshToken } from '../token/fresh-token.ts'

/** A person, and the end of the token that named them. */
export type ProvenSubject = { readonly person: Person; readonly untilAt: number }

/** What the hot paths of this node may use for the length of a cache lease. */
export type Leases = {
  readonly organizations: Lease<Organization | undefined>
  readonly plugins: Lease<{ readonly key: PluginKey; readonly plugin: Plugin } | undefined>
  /** What is live of a plugin. */
  readonly launches: Lease<CompiledLaunches>
  /** By the proof that was presented. */
  readonly subjects: Lease<ProvenSubject>
  /** A connection that may be used, with its opened token. */
  readonly grants: Lease<FreshToken>
  /** By organization: the debug windows that were agreed to. */
  readonly debugWindows: Lease<readonly DebugWindow[]>
  now(): Moment
  /** A right changed on this node: what it writes it reads at once. */
  forgetAll(): void
  forgetConnection(id: ConnectionId): void
  sweep(): Promise<void>
}

type Lease<Value> = {
  /** What is under a lease, or what `read` gives; callers at once share one reading, and errors are not kept. */
  through(key: string, read: () => Promise<Value>): Promise<Leased<Value>>
  peek(key: string): Leased<Value> | undefined
  forget(key: string): void
}

/** Now, by both clocks that a lease is judged by. */
export const momentOf = (clock: Ports['clock']): Moment => ({ monotonic: clock.monotonic(), wall: clock.now() })

export function createLeases({ clock }: Pick<Ports, 'clock'>): Leases {
  const now = () => momentOf(clock)
  const grantKeys = new Map<ConnectionId, Set<string>>()
  const organizations = createLease<Organization | undefined>(now)
  const plugins = createLease<{ readonly key: PluginKey; readonly plugin: Plugin } | undefined>(now)
  const launches = createLease<CompiledLaunches>(now)
  const subjects = createLease<ProvenSubject>(now)
  const grants = createLease<FreshToken>(now, (key, { connection }) => {
    const keys = grantKeys.get(connection.id) ?? new Set()
    grantKeys.set(connection.id, keys.add(key))
  })
  const debugWindows = createLease<readonly DebugWindow[]>(now)
  const all = [organizations, plugins, launches, subjects, grants, debugWindows]
  return {
    organizations,
    plugins,
    launches,
    subjects,
    grants,
    debugWindows,
    now,
    forgetAll() {
      for (const lease of all) lease.clear()
      grantKeys.clear()
    },
    forgetConnection(id) {
      for (const key of grantKeys.get(id) ?? []) grants.forget(key)
      grantKeys.delete(id)
      grants.disown()
    },
    async sweep() {
      for (const lease of all) lease.sweep()
      for (const [id, keys] of grantKeys)
        if ([...keys].every(key => grants.peek(key) === undefined)) grantKeys.delete(id)
    },
  }
}

type OwnLease<Value> = Lease<Value> & {
  clear(): void
  /** Readings under way will not be kept: they may be older than what was just written. */
  disown(): void
  sweep(): void
}

function createLease<Value>(
  now: () => Moment,
  onKept: (key: string, value: Value) => void = () => {},
): OwnLease<Value> {
  const values: LeasedValues<Value> = createLeasedValues()
  let reading = new Map<string, Promise<Leased<Value>>>()

  return {
    async through(key, read) {
      const held = values.get(key, now())
      if (held !== undefined) return held
      const under = reading
      const already = under.get(key)
      if (already !== undefined) return already
      const begun = take(key, read, under).finally(() => under.delete(key))
      under.set(key, begun)
      return begun
    },
    peek: key => values.get(key, now()),
    forget: key => values.forget(key),
    clear() {
      values.clear()
      reading = new Map()
    },
    disown() {
      reading = new Map()
    },
    sweep: () => values.sweep(now()),
  }

  async function take(key: string, read: () => Promise<Value>, under: typeof reading): Promise<Leased<Value>> {
    const readAt = now()
    const leased = { value: await read(), readAt }
    if (under === reading) {
      values.put(key, leased)
      onKept(key, leased.value)
    }
    return leased
  }
}
