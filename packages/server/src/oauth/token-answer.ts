import type { ProviderError } from '../domain/outcome.ts'
import { type Secret, secret } from '../domain/secret.ts'
import { readExpiresIn } from '../domain/token-set.ts'

/** A token endpoint's answer, judged leniently where providers break RFC 6749 5.1 harmlessly, and strictly where it matters. */
export type TokenAnswer =
  | {
      readonly kind: 'tokens'
      readonly accessToken: Secret
      readonly refreshToken: Secret | null
      readonly idToken: Secret | null
      readonly expiresAt: number | null
      readonly scope: readonly string[] | null
    }
  | { readonly kind: 'error'; readonly error: ProviderError }
  | { readonly kind: 'unusable'; readonly reason: string }

const LONGEST_TOKEN = 16_384
// What a token may consist of: visible ASCII, so that it never breaks a header (RFC 6750 2.1 is narrower than what providers send).
const TOKEN = /^[\x21-\x7e]+$/

type Rules = { readonly scopeSeparator: string; readonly receivedAt: number }

/** Reads an answer's text. `ok` is whether the status was 2xx. */
export function readTokenAnswer(text: string, ok: boolean, { scopeSeparator, receivedAt }: Rules): TokenAnswer {
  const answer = parseObject(text)
  if (answer === undefined) return { kind: 'unusable', reason: 'not_json' }
  const error = readError(answer)
  if (error !== undefined) return { kind: 'error', error }
  if (!ok) return { kind: 'unusable', reason: 'error_without_code' }
  const accessToken = token(own(answer, 'access_token'))
  if (accessToken === undefined) return { kind: 'unusable', reason: 'no_access_token' }
  const type = own(answer, 'token_type')
  // These bind the token to a key we do not hold; any other or missing type is a Bearer token in practice.
  if (typeof type === 'string' && /^(mac|dpop)$/i.test(type)) return { kind: 'unusable', reason: 'token_type' }
  return {
    kind: 'tokens',
    accessToken: secret(accessToken),
    refreshToken: optionalToken(own(answer, 'refresh_token')),
    idToken: optionalToken(own(answer, 'id_token')),
    expiresAt: readExpiresIn(own(answer, 'expires_in'), receivedAt),
    scope: readScope(own(answer, 'scope'), scopeSeparator),
  }
}

/** Reads the text of a JSON object; a byte-order mark before it is passed over. */
export function parseObject(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(text.replace(/^\ufeff/, ''))
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : undefined
  } catch {
    return undefined
  }
}

// SECURITY: own properties alone, so that nothing inherited is ever taken for an answer.
const own = (object: Readonly<Record<string, unknown>>, name: string): unknown =>
  Object.hasOwn(object, name) ? object[name] : undefined

const token = (value: unknown): string | undefined =>
  typeof value === 'string' && value.length <= LONGEST_TOKEN && TOKEN.test(value) ? value : undefined

function optionalToken(value: unknown): Secret | null {
  const text = token(value)
  return text === undefined ? null : secret(text)
}

function readScope(value: unknown, separator: string): readonly string[] | null {
  const parts = typeof value === 'string' ? value.split(separator === ' ' ? /\s+/ : separator) : value
  if (!Array.isArray(parts)) return null
  const scopes = parts
    .filter(part => typeof part === 'string')
    .map(part => part.trim())
    .filter(part => /^[\x21-\x7e]{1,200}$/.test(part))
  return scopes.length === 0 ? null : [...new Set(scopes)].slice(0, 200)
}

function readError(answer: Readonly<Record<string, unknown>>): ProviderError | undefined {
  const raw = own(answer, 'error')
  if (raw === undefined || raw === null || raw === false || raw === '') return undefined
  if (typeof raw === 'string')
    return { error: printable(raw, 80), description: described(own(answer, 'error_description')) }
  if (typeof raw !== 'object') return { error: 'provider_error', description: null }
  const nested = raw as Record<string, unknown>
  const code = [own(nested, 'type'), own(nested, 'code'), own(nested, 'status')].find(part => typeof part === 'string')
  return {
    error: printable(typeof code === 'string' ? code : 'provider_error', 80),
    description: described(own(nested, 'message')),
  }
}

const described = (value: unknown): string | null => (typeof value === 'string' ? printable(value, 300) || null : null)

/** Provider text as it may be shown: one line, no control characters, no direction overrides, bounded. */
export const printable = (text: string, max: number): string =>
  text
    .replace(/[^\x20-\x7e\u00a0-\u1fff\u2030-\u205e\u2070-\ud7ff]+/g, ' ')
    .trim()
    .slice(0, max)
