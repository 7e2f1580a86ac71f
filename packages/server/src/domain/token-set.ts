import type { AccountFound } from './account.ts'
import type { Secret } from './secret.ts'
import type { Values } from './template.ts'

/** What the token endpoint returned (RFC 6749 5.1). Exists only between vault, oauth and flows. */
export type TokenSet = {
  readonly accessToken: Secret
  readonly refreshToken: Secret | null
  /** Null where the provider did not say. */
  readonly expiresAt: number | null
  /** Null where the answer named none: then it is what was asked (RFC 6749 5.1). */
  readonly scope: readonly string[] | null
  /** Further tokens under the names the connector gives them. */
  readonly extraTokens: Readonly<Record<string, Secret>>
  /** Null where nobody tells. */
  readonly refreshExpiresAt: number | null
  /** What the answer brought for the connector's variables. */
  readonly values: Values
  /** Null where it was not asked or not told. */
  readonly account: AccountFound | null
}

/** A token is renewed this long before its end, or a tenth of its life where that is shorter. */
const MARGIN_MS = 60_000
const MAX_LIFE_S = 366 * 86_400

/** Whether an access token is good for a call now. A token of unknown life counts as fresh until the API says otherwise. */
export function isFresh(
  token: { readonly expiresAt: number | null; readonly receivedAt: number },
  now: number,
): boolean {
  if (token.expiresAt === null) return true
  const margin = Math.min(MARGIN_MS, (token.expiresAt - token.receivedAt) / 10)
  return now < token.expiresAt - margin
}

/** Whether an access token has not ended yet, margin or not. */
export const isAlive = (token: { readonly expiresAt: number | null }, now: number): boolean =>
  token.expiresAt === null || now < token.expiresAt

/**
 * Reads `expires_in` (RFC 6749 5.1): numbers and decimal strings count, absurd lives are clamped to 366 days.
 * Absent, null, zero, negative and unreadable values are unknown: never an endless refresh, never refused.
 */
export function readExpiresIn(raw: unknown, receivedAt: number): number | null {
  const seconds = typeof raw === 'string' && /^\d{1,15}(\.\d+)?$/.test(raw.trim()) ? Number(raw) : raw
  if (typeof seconds !== 'number' || !Number.isFinite(seconds) || seconds <= 0) return null
  return receivedAt + Math.min(seconds, MAX_LIFE_S) * 1000
}

/**
 * A refreshed token set: a refresh token the answer left out stays the old one (RFC 6749 6), but where a refresh is known to spend it: sent
 * again it would look stolen.
 */
export const mergeRefreshed = (old: TokenSet, fresh: TokenSet, rotates = false): TokenSet => ({
  ...fresh,
  refreshToken: fresh.refreshToken ?? (rotates ? null : old.refreshToken),
  scope: fresh.scope ?? old.scope,
  extraTokens: { ...old.extraTokens, ...fresh.extraTokens },
  refreshExpiresAt:
    fresh.refreshToken === null ? (fresh.refreshExpiresAt ?? old.refreshExpiresAt) : fresh.refreshExpiresAt,
  values: { ...old.values, ...fresh.values },
  account: fresh.account ?? old.account,
})
