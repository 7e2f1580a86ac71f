import type { TokenResponse } from '@behalf/contract'
import { type Answered, anyHolds } from '../domain/condition.ts'
import { at } from '../domain/json-pointer.ts'
import type { ProviderError } from '../domain/outcome.ts'
import { printable, withoutSecrets } from '../domain/provider-text.ts'
import { reveal, type Secret, secret } from '../domain/secret.ts'
import { answerDocument } from './answer-document.ts'
import { accessExpiry, refreshExpiry } from './expiry.ts'
import { own } from './strict-json.ts'

/** A token endpoint's answer, judged leniently where providers break RFC 6749 5.1 harmlessly, and strictly where it matters. */
export type TokenAnswer =
  | {
      readonly kind: 'tokens'
      readonly accessToken: Secret
      readonly refreshToken: Secret | null
      readonly idToken: Secret | null
      readonly expiresAt: number | null
      readonly scope: readonly string[] | null
      readonly extraTokens: Readonly<Record<string, Secret>>
      readonly refreshExpiresAt: number | null
      /** The whole answer, for what else is captured from it. */
      readonly document: Readonly<Record<string, unknown>>
    }
  | { readonly kind: 'error'; readonly error: ProviderError }
  | { readonly kind: 'unusable'; readonly reason: UnusableReason }
export type UnusableReason = 'not_json' | 'error_without_code' | 'no_access_token' | 'refresh_token' | 'token_type'

const LONGEST_TOKEN = 16_384
// RFC 6749 A.12, and nothing at the ends that a header would lose. No line break can ever reach one.
const TOKEN = /^[\x21-\x7e](?:[\x20-\x7e]*[\x21-\x7e])?$/

export type AnswerRules = {
  readonly response: TokenResponse
  readonly scopeSeparator: string
  readonly receivedAt: number
  /** Whether tokens must be bound to our key (RFC 9449 5). */
  readonly bound: boolean
  /** What was sent, and no error may repeat. */
  readonly secrets: readonly Secret[]
}

/** Reads an answer's text as the connector says it is built. */
export function readTokenAnswer(text: string, answered: Omit<Answered, 'document'>, rules: AnswerRules): TokenAnswer {
  const { response } = rules
  const ok = answered.status >= 200 && answered.status < 300
  const document = answerDocument(text, response.format)
  if (document === undefined) return { kind: 'unusable', reason: 'not_json' }
  const error = readError(document, rules)
  const succeeded = response.success.length === 0 || anyHolds(response.success, { ...answered, document })
  if (!succeeded) return { kind: 'error', error: error ?? { error: 'provider_error', description: null } }
  if (error !== undefined && response.success.length === 0) return { kind: 'error', error }
  if (!ok) return { kind: 'unusable', reason: 'error_without_code' }
  return readTokens(document, at(document, response.data), rules)
}

/** `data` is the part of the whole answer that the tokens are in. */
function readTokens(
  document: Readonly<Record<string, unknown>>,
  data: unknown,
  { response, scopeSeparator, receivedAt, bound }: AnswerRules,
): TokenAnswer {
  const accessToken = token(at(data, response.access_token))
  if (accessToken === null) return { kind: 'unusable', reason: 'no_access_token' }
  const type = at(data, response.token_type)
  // These bind the token to a key; any other or missing type is a Bearer token in practice.
  const binds = typeof type === 'string' && /^(mac|dpop)$/i.test(type.trim())
  if (bound ? !/^dpop$/i.test(String(type).trim()) : binds) return { kind: 'unusable', reason: 'token_type' }
  const refresh = at(data, response.refresh_token)
  const refreshToken = token(refresh)
  // An unreadable new refresh token is not the same as none: the old one may just have been rotated away.
  if (refreshToken === null && !isAbsent(refresh)) return { kind: 'unusable', reason: 'refresh_token' }
  return {
    kind: 'tokens',
    accessToken,
    refreshToken,
    idToken: token(at(data, response.id_token)),
    expiresAt: accessExpiry(data, reveal(accessToken), response, receivedAt),
    scope: readScope(at(data, response.scope), response.scope_separator ?? scopeSeparator),
    extraTokens: extraTokens(data, response),
    refreshExpiresAt: refreshExpiry(data, response, receivedAt),
    document,
  }
}

function extraTokens(document: unknown, { extra_tokens }: TokenResponse): Record<string, Secret> {
  const found: Record<string, Secret> = {}
  for (const [name, pointer] of Object.entries(extra_tokens)) {
    const value = token(at(document, pointer))
    if (value !== null) found[name] = value
  }
  return found
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
function readError(
  document: Readonly<Record<string, unknown>>,
  { response, secrets }: AnswerRules,
): ProviderError | undefined {
  const toError = (code: string, description: unknown): ProviderError => ({
    error: shown(code, 80) || 'provider_error',
    description: typeof description === 'string' ? shown(description, 300) || null : null,
  })
  const shown = (text: string, max: number): string => printable(withoutSecrets(text, secrets), max)
  const described = () => at(document, response.error_description)
  const raw = at(document, response.error)
  if (isAbsent(raw) || raw === 0) return undefined
  if (typeof raw === 'string') return toError(raw, described())
  if (typeof raw === 'number') return toError(String(raw), described())
  if (typeof raw !== 'object' || raw === null) return toError('', described())
  const nested = raw as Readonly<Record<string, unknown>>
  const code = ['type', 'code', 'status'].map(name => own(nested, name)).find(part => typeof part === 'string')
  return toError(typeof code === 'string' ? code : '', own(nested, 'message'))
}
