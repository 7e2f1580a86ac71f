import assert from 'node:assert/strict'
import type { ProviderSaw, Sequence } from './fault-provider.ts'

/** One call as a client saw it: what it asked, when, and what it was told. */
export type Told = {
  readonly n: number
  readonly endedN: number
  readonly node: number
  readonly what: 'call' | 'disconnect' | 'plugin_key' | 'connect' | 'role'
  readonly account: string
  readonly startedAt: number
  readonly ms: number
  readonly deadlineMs: number
  /** Null where no answer came: the connection broke. */
  readonly status: number | null
  readonly code: string | null
  /** Whose token the provider's API says it was. */
  readonly served: string | null
  /** What was acknowledged, by its id. */
  readonly made: string | null
}

export type History = {
  readonly told: readonly Told[]
  add(entry: Told): void
  /** Calls that have begun and not ended. */
  open: number
}

/** The database and the vault, read once all is over. */
export type FinalState = {
  readonly connections: readonly {
    readonly id: string
    readonly account: string
    readonly status: string
    readonly reason: string | null
    readonly refreshToken: string | null
  }[]
  readonly audit: readonly {
    readonly action: string
    readonly target: string | null
    readonly at: number
    readonly details: Readonly<Record<string, unknown>>
  }[]
  readonly keys: ReadonlySet<string>
}

export type Evidence = {
  readonly history: History
  readonly saw: readonly ProviderSaw[]
  readonly issued: ReadonlySet<string>
  readonly isNewest: (refreshToken: string) => boolean
  readonly final: FinalState
  readonly log: readonly string[]
}

export const createSequence = (): Sequence => {
  let n = 0
  return () => {
    n += 1
    return n
  }
}

export function createHistory(): History {
  const told: Told[] = []
  return { told, add: entry => void told.push(entry), open: 0 }
}

const HONEST = new Set(['reconnect_required', 'disconnecting', 'revoked', 'disconnected_unconfirmed'])

/** The invariants I1 to I7 of the reliability cases: every breach, in words. */
export function breaches(evidence: Evidence): readonly string[] {
  return [
    ...acknowledged(evidence),
    ...newestOrMarked(evidence),
    ...neverSentAgain(evidence),
    ...deadAfterDisconnect(evidence),
    ...ownTokenOnly(evidence),
    ...nothingHangs(evidence),
    ...nothingInLogs(evidence),
  ]
}

/** Fails with every breach and the seed that replays them. */
export function assertHolds(evidence: Evidence, seed: number): void {
  const found = breaches(evidence)
  assert.deepEqual(found, [], `broken, replay with FAULT_SEED=${seed}`)
}

function acknowledged({ history, final }: Evidence): string[] {
  const audited = (action: string, target: string) =>
    final.audit.some(event => event.action === action && (event.target === target || event.details['key'] === target))
  return history.told
    .filter(({ status, made }) => status !== null && status < 300 && made !== null)
    .flatMap(({ what, made }) => {
      const id = made ?? ''
      if (what === 'disconnect') {
        const there = final.connections.find(connection => connection.id === id)
        const ended = there !== undefined && there.status !== 'connected' && audited('connection.disconnected', id)
        return ended ? [] : [`I1: the disconnect of ${id} was acknowledged, and is ${there?.status}`]
      }
      if (what === 'plugin_key')
        return final.keys.has(id) && audited('plugin_key.created', id)
          ? []
          : [`I1: the plugin key ${id} was acknowledged, and is lost`]
      if (what === 'connect')
        return final.connections.some(connection => connection.id === id) && audited('connect.completed', id)
          ? []
          : [`I1: the connect of ${id} was acknowledged, and is lost`]
      return []
    })
}

function newestOrMarked({ final, isNewest }: Evidence): string[] {
  return final.connections.flatMap(({ id, account, status, refreshToken }) => {
    if (HONEST.has(status)) return []
    if (refreshToken === null) return []
    return isNewest(refreshToken)
      ? []
      : [`I2: ${id} (${account}) is ${status} with a refresh token that is not the newest one issued`]
  })
}

type Stored = { readonly account: string; readonly index: number; readonly before: (sent: ProviderSaw) => boolean }

/**
 * A newer refresh token was certainly stored when a call carried the access token that came with it (told by the provider's own order), or when
 * its `token.refreshed` was written: each that says it rotated stands for one refresh token more than at first.
 */
function neverSentAgain({ saw, final }: Evidence): string[] {
  const stored = byAccount([...carried(saw), ...audited(final)])
  return saw
    .filter(({ grantType, index }) => grantType === 'refresh_token' && index !== null)
    .flatMap(sent => {
      const { n, account, index, outstanding } = sent
      const newer = stored.get(account ?? '')?.find(known => known.index > (index ?? 0) && known.before(sent))
      return [
        ...(outstanding > 1 ? [`I3: ${account} had ${outstanding} requests open with refresh token ${index}`] : []),
        ...(newer === undefined
          ? []
          : [`I3: refresh token ${index} of ${account} was sent (n ${n}) after ${newer.index} was stored`]),
      ]
    })
}

function byAccount(stored: readonly Stored[]): ReadonlyMap<string, readonly Stored[]> {
  return Map.groupBy(stored, ({ account }) => account)
}

/** The first call with each access token that goes with another refresh token. */
function carried(saw: readonly ProviderSaw[]): readonly Stored[] {
  const first = new Map<string, ProviderSaw>()
  for (const seen of saw) {
    if (seen.kind !== 'api' || seen.index === null) continue
    const key = `${seen.account} ${seen.index}`
    const known = first.get(key)
    if (known === undefined || seen.n < known.n) first.set(key, seen)
  }
  return [...first.values()].map(({ account, index, n }) => ({
    account: account ?? '',
    index: index ?? 0,
    before: sent => n < sent.n,
  }))
}

function audited({ audit, connections }: FinalState): readonly Stored[] {
  const accountOf = new Map(connections.map(({ id, account }) => [id, account]))
  const refreshed = audit
    .filter(({ action, target }) => action === 'token.refreshed' && accountOf.has(target ?? ''))
    .sort((a, b) => Number(a.details['token_version']) - Number(b.details['token_version']))
  const rotations = new Map<string, number>()
  return refreshed.flatMap(({ target, at, details }) => {
    if (details['rotated'] !== true) return []
    const account = accountOf.get(target ?? '') ?? ''
    const index = (rotations.get(account) ?? 0) + 1
    rotations.set(account, index)
    return [{ account, index, before: sent => at < sent.at }]
  })
}

function deadAfterDisconnect({ history, saw }: Evidence): string[] {
  return history.told
    .filter(({ what, status }) => what === 'disconnect' && status !== null && status < 300)
    .flatMap(({ account, endedN }) =>
      saw
        .filter(
          seen =>
            seen.account === account &&
            seen.n > endedN &&
            seen.kind !== 'revoke' &&
            seen.grantType !== 'authorization_code',
        )
        .map(
          ({ n, kind }) =>
            `I4: ${account} was disconnected at ${endedN}, and a ${kind} request carried its token at ${n}`,
        ),
    )
}

function ownTokenOnly({ history }: Evidence): string[] {
  return history.told
    .filter(({ served, account }) => served !== null && served !== account)
    .map(({ n, account, served }) => `I5: the call ${n} for ${account} was made with the token of ${served}`)
}

function nothingHangs({ history }: Evidence): string[] {
  const late = history.told
    .filter(({ ms, deadlineMs }) => ms > deadlineMs)
    .map(({ n, what, ms, deadlineMs }) => `I6: ${what} ${n} took ${Math.round(ms)} ms of ${deadlineMs}`)
  return history.open === 0 ? late : [...late, `I6: ${history.open} calls have not ended`]
}

function nothingInLogs({ log, issued }: Evidence): string[] {
  const text = log.join('\n')
  return [...issued]
    .filter(secret =>
      [secret, Buffer.from(secret).toString('base64'), encodeURIComponent(secret)].some(form => text.includes(form)),
    )
    .map(secret => `I7: a log line holds ${secret.slice(0, secret.lastIndexOf('.'))}`)
}
