import type { ProviderError } from '../domain/outcome.ts'
import { type Secret, secret } from '../domain/secret.ts'
import { readExpiresIn } from '../domain/token-set.ts'
import { printable, withoutSecrets } from './provider-text.ts'
import { own, parseObject } from './strict-json.ts'

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
  | { readonly kind: 'unusable'; readonly reason: UnusableReason }
export type UnusableReason = 'not_json' | 'error_without_code' | 'no_access_token' | 'refresh_token' | 'token_type'

const LONGEST_TOKEN = 16_384
// RFC 6749 A.12, and nothing at the ends that a header would lose. No line break can ever reach one.
const TOKEN = /^[\x21-\x7e](?:[\x20-\x7e]*[\x21-\x7e])?$/

type Rules = {
  readonly scopeSeparator: string
  readonly receivedAt: number
  /** What was sent, and no error may repeat. */
  readonly secrets: readonly Secret[]
}

/** Reads an answer's text. `ok` is whether the status was 2xx. */
export function readTokenAnswer(text: string, ok: boolean, rules: Rules): TokenAnswer {
  const answer = parseObject(text)
  if (answer === undefined) return { kind: 'unusable', reason: 'not_json' }
  const error = readError(answer, rules.secrets)
  if (error !== undefined) return { kind: 'error', error }
  if (!ok) return { kind: 'unusable', reason: 'error_without_code' }
  const accessToken = token(own(answer, 'access_token'))
  if (accessToken === null) return { kind: 'unusable', reason: 'no_access_token' }
  const type = own(answer, 'token_type')
  // These bind the token to a key we do not hold; any other or missing type is a Bearer token in practice.
  if (typeof type === 'string' && /^(mac|dpop)$/i.test(type.trim())) return { kind: 'unusable', reason: 'token_type' }
  const refresh = own(answer, 'refresh_token')
  const refreshToken = token(refresh)
  // An unreadable new refresh token is not the same as none: the old one may just have been rotated away.
  if (refreshToken === null && !isAbsent(refresh)) return { kind: 'unusable', reason: 'refresh_token' }
  return {
    kind: 'tokens',
    accessToken,
    refreshToken,
    idToken: token(own(answer, 'id_token')),
    expiresAt: readExpiresIn(own(answer, 'expires_in'), rules.receivedAt),
    scope: readScope(own(answer, 'scope'), rules.scopeSeparator),
  }
}

const isAbsent = (value: unknown): boolean => value === undefined || value === null || value === '' || value === false

const token = (value: unknown): Secret | null =>
  typeof value === 'string' && value.length <= LONGEST_TOKEN && TOKEN.test(value) ? secret(value) : null

function readScope(value: unknown, separator: string): readonly string[] | null {
  const parts: unknown = typeof value === 'string' ? value.split(separator) : value
  if (!Array.isArray(parts)) return null
  const scopes = parts
    .filter(part => typeof part === 'string')
    .flatMap(part => part.split(/\s+/))
    .filter(part => /^[\x21-\x7e]{1,200}$/.test(part))
  return scopes.length === 0 ? null : [...new Set(scopes)].slice(0, 200)
}

// RFC 6749 5.2 says a string; some answer an object, a number or `true`.
function readError(answer: Readonly<Record<string, unknown>>, secrets: readonly Secret[]): ProviderError | undefined {
  const toError = (code: string, description: unknown): ProviderError => ({
    error: shown(code, 80) || 'provider_error',
    description: typeof description === 'string' ? shown(description, 300) || null : null,
  })
  const shown = (text: string, max: number): string => printable(withoutSecrets(text, secrets), max)
  const raw = own(answer, 'error')
  if (isAbsent(raw) || raw === 0) return undefined
  if (typeof raw === 'string') return toError(raw, own(answer, 'error_description'))
  if (typeof raw !== 'object' || raw === null) return toError('', own(answer, 'error_description'))
  const nested = raw as Readonly<Record<string, unknown>>
  const code = ['type', 'code', 'status'].map(name => own(nested, name)).find(part => typeof part === 'string')
  return toError(typeof code === 'string' ? code : '', own(nested, 'message'))
}
