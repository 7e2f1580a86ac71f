import type { ConnectionId, PluginId } from '@behalf/contract'
import type { Connector } from '../../domain/connector.ts'
import type { DebugWindow } from '../../domain/debug-window.ts'
import { createLeasedValues, type Leased, type LeasedValues, type Moment } from '../../domain/leased-values.ts'
import type { CompiledLaunches } from '../../domain/live-launches.ts'
import type { NowOrLater } from '../../domain/now-or-later.ts'
import type { Organization } from '../../domain/organization.ts'
import type { Person } from '../../domain/person.ts'
import type { Plugin, PluginKey } from '../../domain/plugin.ts'
import type { Ports } from '../../ports/index.ts'
import type { Spoken } from '../plugin/speak-for.ts'
import type { FreshToken } from '../token/fresh-token.ts'

/** A person, and the end of the token that named them. */
export type ProvenSubject = { readonly person: Person; readonly untilAt: number }

/** A person whom a plugin speaks for at a connector, with the token that is good for it, until what named the person ends. */
export type Right = { readonly spoken: Spoken; readonly grant: Leased<FreshToken>; readonly untilAt: number }

/** What the hot paths of this node may use for the length of a cache lease. */
export type Leases = {
  readonly organizations: Lease<Organization | undefined>
  readonly plugins: Lease<{ readonly key: PluginKey; readonly plugin: Plugin } | undefined>
  readonly connectors: Lease<Connector | undefined>
  /** What is live of a plugin. */
  readonly launches: Lease<CompiledLaunches>
  /** By the proof that was presented. */
  readonly subjects: Lease<ProvenSubject>
  /** By organization: what is live of all its plugins. */
  readonly launched: Lease<ReadonlyMap<PluginId, CompiledLaunches>>
  /** By organization: what its people could connect, and for what. */
  readonly offers: Lease<{ readonly connectors: readonly Connector[]; readonly plugins: readonly Plugin[] }>
  /** A connection that may be used, with its opened token. */
  readonly grants: Lease<FreshToken>
  /** By organization: the debug windows that were agreed to. */
  readonly debugWindows: Lease<readonly DebugWindow[]>
  /** By plugin key, connector and proof: all of the above in one. */
  readonly rights: Lease<Right>
  now(): Moment
  /** A right changed on this node: what it writes it reads at once. */
  forgetAll(): void
  forgetConnection(id: ConnectionId): void
  sweep(): Promise<void>
}

type Lease<Value> = {
  /** What is under a lease, or what `read` gives; callers at once share one reading, and errors are not kept. */
  through(key: string, read: () => Promise<Value>): NowOrLater<Leased<Value>>
  /** The same for what rests on other readings too: `read` tells the earliest of them. */
  resting(key: string, read: () => Promise<Leased<Value>>): NowOrLater<Leased<Value>>
  /** Begins a reading; returns how to keep what it gives, which does nothing where a right ended meanwhile. */
  begin(key: string): (leased: Leased<Value>) => void
  peek(key: string): Leased<Value> | undefined
  forget(key: string): void
}

/** Now, by both clocks that a lease is judged by. */
export const momentOf = (clock: Ports['clock']): Moment => ({ monotonic: clock.monotonic(), wall: clock.now() })

export function createLeases({ clock }: Pick<Ports, 'clock'>): Leases {
  const now = () => momentOf(clock)
  const organizations = createLease<Organization | undefined>(now)
  const plugins = createLease<{ readonly key: PluginKey; readonly plugin: Plugin } | undefined>(now)
  const connectors = createLease<Connector | undefined>(now)
  const launches = createLease<CompiledLaunches>(now)
  const launched = createLease<ReadonlyMap<PluginId, CompiledLaunches>>(now)
  const offers = createLease<{ readonly connectors: readonly Connector[]; readonly plugins: readonly Plugin[] }>(now)
  const subjects = createLease<ProvenSubject>(now)
  const grants = createLease<FreshToken>(now, ({ connection }) => connection.id)
  const rights = createLease<Right>(now, ({ grant }) => grant.value.connection.id)
  const debugWindows = createLease<readonly DebugWindow[]>(now)
  const all = [organizations, plugins, connectors, launches, launched, offers, subjects, grants, rights, debugWindows]
  return {
    organizations,
    plugins,
    connectors,
    launches,
    launched,
    offers,
    subjects,
    grants,
    debugWindows,
    rights,
    now,
    forgetAll() {
      for (const lease of all) lease.clear()
    },
    forgetConnection(id) {
      grants.forgetAbout(id)
      rights.forgetAbout(id)
    },
    async sweep() {
      for (const lease of all) lease.sweep()
    },
  }
}

type OwnLease<Value> = Lease<Value> & {
  clear(): void
  /** Ends what is about a connection, and readings under way: they may be older than what was just written. */
  forgetAbout(id: ConnectionId): void
  sweep(): void
}

function createLease<Value>(now: () => Moment, about?: (value: Value) => ConnectionId): OwnLease<Value> {
  const values: LeasedValues<Value> = createLeasedValues()
  const keysAbout = new Map<ConnectionId, Set<string>>()
  let reading = new Map<string, Promise<Leased<Value>>>()

  return {
    through: (key, read) =>
      values.get(key, now()) ??
      resting(key, async () => {
        const readAt = now()
        return { value: await read(), readAt }
      }),
    resting,
    begin,
    peek: key => values.get(key, now()),
    forget: key => values.forget(key),
    clear() {
      values.clear()
      keysAbout.clear()
      reading = new Map()
    },
    forgetAbout(id) {
      for (const key of keysAbout.get(id) ?? []) values.forget(key)
      keysAbout.delete(id)
      reading = new Map()
    },
    sweep() {
      values.sweep(now())
      for (const [id, keys] of keysAbout)
        if ([...keys].every(key => values.get(key, now()) === undefined)) keysAbout.delete(id)
    },
  }

  function resting(key: string, read: () => Promise<Leased<Value>>): NowOrLater<Leased<Value>> {
    const held = values.get(key, now())
    if (held !== undefined) return held
    const under = reading
    const already = under.get(key)
    if (already !== undefined) return already
    const begun = take(key, read).finally(() => under.delete(key))
    under.set(key, begun)
    return begun
  }

  async function take(key: string, read: () => Promise<Leased<Value>>): Promise<Leased<Value>> {
    const keep = begin(key)
    const leased = await read()
    keep(leased)
    return leased
  }

  function begin(key: string): (leased: Leased<Value>) => void {
    const under = reading
    return leased => {
      if (under !== reading) return
      values.put(key, leased)
      if (about === undefined) return
      const id = about(leased.value)
      keysAbout.set(id, (keysAbout.get(id) ?? new Set()).add(key))
    }
  }
}
