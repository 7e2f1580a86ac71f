import type { Connection } from './connection.ts'
import type { PublicDefinition } from './connector.ts'
import { isAlive, isFresh } from './token-set.ts'

/** When a grant must be used, renewed or given again. Epoch milliseconds; null where nobody tells. */
export type GrantForecast = {
  /** The refresh token lapses when it is not used until then. */
  readonly idleUntil: number | null
  /** The person must consent again by then. */
  readonly consentUntil: number | null
  readonly keptAlive: boolean
}

export const NO_FORECAST: GrantForecast = { idleUntil: null, consentUntil: null, keptAlive: false }

/** Whether anything but the person could bring a new access token now. */
export function isRenewable({ auth }: PublicDefinition, connection: Connection, now: number): boolean {
  const { strategy } = auth.refresh
  if (strategy === 'refresh_token') return connection.refreshToken !== null
  return strategy === 'exchange_access_token' && isAlive(connection, now)
}

/** Whether an access token is good for a call now, by the connector's own margin where it has one. */
export function isGood({ auth }: PublicDefinition, connection: Connection, now: number): boolean {
  const { margin_s } = auth.refresh
  if (margin_s === undefined || connection.expiresAt === null) return isFresh(connection, now)
  const life = connection.expiresAt - connection.receivedAt
  return now < connection.expiresAt - Math.min(margin_s * 1000, life / 2)
}

/** What is known of how long a grant will last. */
export function forecast({ auth }: PublicDefinition, connection: Connection): GrantForecast {
  const { idle_s, absolute_s, strategy } = auth.refresh
  const renews = strategy === 'refresh_token' && connection.refreshToken !== null
  const idleUntil = renews && idle_s !== undefined ? connection.receivedAt + idle_s * 1000 : null
  const ends = [
    renews ? connection.refreshExpiresAt : null,
    absolute_s === undefined ? null : connection.connectedAt + absolute_s * 1000,
    renews || strategy === 'exchange_access_token' ? null : connection.expiresAt,
  ].filter(end => end !== null)
  return { idleUntil, consentUntil: ends.length === 0 ? null : Math.min(...ends), keptAlive: idleUntil !== null }
}

/** A life shorter than this is too short to be looked after by a job that passes every minute. */
const YOUNGEST_MS = 20_000

/** What a connector's grants were renewed before when they may have to be renewed although nobody uses them; null where none of them ever has to. */
export function unusedSince({ auth }: PublicDefinition, now: number): number | null {
  const { strategy, idle_s } = auth.refresh
  if (strategy === 'exchange_access_token') return now - YOUNGEST_MS
  if (strategy !== 'refresh_token' || idle_s === undefined) return null
  return now - Math.max(YOUNGEST_MS, (idle_s * 1000 * 2) / 3)
}

/** Whether a grant must be renewed now although nobody uses it: it lapses otherwise, or its access token is what renews it. */
export function needsKeepingAlive(definition: PublicDefinition, connection: Connection, now: number): boolean {
  if (connection.status !== 'connected' || !isRenewable(definition, connection, now)) return false
  if (definition.auth.refresh.strategy === 'exchange_access_token') return !isGood(definition, connection, now)
  const { idleUntil } = forecast(definition, connection)
  // In the last third of its idle life, so that an outage does not cost the grant.
  return idleUntil !== null && now > idleUntil - Math.max((idleUntil - connection.receivedAt) / 3, 0)
}
