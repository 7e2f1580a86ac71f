import type { TokenResponse } from '@behalf/contract'
import { at } from '../domain/json-pointer.ts'
import { readExpiresIn } from '../domain/token-set.ts'

type Unit = TokenResponse['expires']['unit']
const LONGEST_S = 366 * 86_400

/** When the access token ends, as far as its answer tells; epoch milliseconds. Null where nobody does. */
export function accessExpiry(
  document: unknown,
  accessToken: string,
  { expires }: Pick<TokenResponse, 'expires'>,
  receivedAt: number,
): number | null {
  const raw = at(document, expires.at)
  if (!expires.zero_is_never && (raw === 0 || raw === '0')) return receivedAt
  const told = expires.from === 'jwt' ? jwtExpiry(accessToken) : readMoment(raw, expires.unit, receivedAt)
  return clamped(told, expires, receivedAt)
}

/** A life told elsewhere, within what the connector allows; the default where it was not told. */
export function clamped(
  told: number | null,
  { default_s, max_s }: TokenResponse['expires'],
  receivedAt: number,
): number | null {
  const end = told ?? (default_s === undefined ? null : receivedAt + default_s * 1000)
  return end === null || max_s === undefined ? end : Math.min(end, receivedAt + max_s * 1000)
}

/** When the refresh token ends, where the answer tells it. */
export const refreshExpiry = (
  document: unknown,
  { refresh_expires }: Pick<TokenResponse, 'refresh_expires'>,
  receivedAt: number,
): number | null =>
  refresh_expires === undefined ? null : readMoment(at(document, refresh_expires.at), refresh_expires.unit, receivedAt)

function readMoment(raw: unknown, unit: Unit, receivedAt: number): number | null {
  if (unit === 'seconds') return readExpiresIn(raw, receivedAt)
  const number = typeof raw === 'string' && /^\d{1,16}(\.\d+)?$/.test(raw.trim()) ? Number(raw) : raw
  if (unit === 'milliseconds') return typeof number === 'number' ? readExpiresIn(number / 1000, receivedAt) : null
  const instant =
    unit === 'iso' ? isoInstant(raw) : typeof number === 'number' ? number * (unit === 'epoch_seconds' ? 1000 : 1) : NaN
  if (!Number.isFinite(instant) || instant <= receivedAt) return null
  return Math.min(instant, receivedAt + LONGEST_S * 1000)
}

const isoInstant = (raw: unknown): number =>
  typeof raw === 'string' && /^\d{4}-\d\d-\d\d[T ]/.test(raw)
    ? Date.parse(/[zZ]|[+-]\d\d:?\d\d$/.test(raw) ? raw : `${raw}Z`)
    : NaN

// Unverified on purpose: it only tells when to renew a token that its own server gave us.
function jwtExpiry(token: string): number | null {
  const [, body] = token.split('.')
  if (body === undefined) return null
  try {
    const exp = at(JSON.parse(Buffer.from(body, 'base64url').toString('utf8')), '/exp')
    return typeof exp === 'number' && Number.isFinite(exp) ? exp * 1000 : null
  } catch {
    return null
  }
}
