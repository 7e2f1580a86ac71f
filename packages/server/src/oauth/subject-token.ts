import { createHash } from 'node:crypto'
import { createLocalJWKSet, decodeProtectedHeader, errors, type JWTPayload, jwtVerify } from 'jose'
import type * as openid from 'openid-client'
import { BrokerError } from '../domain/broker-error.ts'
import { reveal } from '../domain/secret.ts'
import type { Clock } from '../ports/clock.ts'
import type { Outbound } from '../ports/outbound.ts'
import type { SignInProvider, Sso, SubjectTokenOutcome } from '../ports/sign-in-provider.ts'
import { keySet, SIGNING_ALGORITHMS } from './key-set.ts'

type KeySet = ReturnType<typeof createLocalJWKSet>
type Verified = { readonly payload: JWTPayload; readonly kind: 'id_token' | 'access_token' }

const KEYS_FRESH_MS = 600_000
const KEYS_COOL_MS = 30_000
const MOST_KEPT = 10_000
const LONGEST = 16_384
const SKEW_MS = 30_000

/** Verifies SSO tokens that plugins present. A signature is checked once per token; the plugin's own rules each time. */
export function createVerifySubjectToken(
  { outbound, clock }: { readonly outbound: Outbound; readonly clock: Clock },
  ssoConfiguration: (sso: Sso) => Promise<openid.Configuration>,
): SignInProvider['verifySubjectToken'] {
  const verified = new Map<string, Verified>()
  const keySets = new Map<string, { readonly keys: KeySet; readonly readAt: number }>()

  return async function verifySubjectToken(sso, token, rules) {
    const text = reveal(token)
    if (text.length > LONGEST) return refused('too_long')
    const key = createHash('sha256').update(`${sso.target.orgSlug}\n${sso.issuer}\n${text}`).digest('base64url')
    const known = verified.get(key)
    const result = known ?? (await verify(sso, text))
    if (!('payload' in result)) return result
    if (known === undefined) remember(key, result)
    const outcome = judge(sso, result, rules)
    if (outcome.kind === 'refused') verified.delete(key)
    return outcome
  }

  async function verify(sso: Sso, text: string): Promise<Verified | SubjectTokenOutcome> {
    try {
      // RFC 9068 4: an access token says so in its header; anything else is an ID token or nothing.
      const kind = /^(application\/)?at\+jwt$/i.test(decodeProtectedHeader(text).typ ?? '')
        ? 'access_token'
        : 'id_token'
      const options = {
        issuer: sso.issuer,
        algorithms: [...SIGNING_ALGORITHMS],
        clockTolerance: SKEW_MS / 1000,
        requiredClaims: ['exp', 'iat', 'sub', 'aud'],
      }
      const attempt = async (again: boolean) => (await jwtVerify(text, await keysOf(sso, again), options)).payload
      const payload = await attempt(false).catch(error => {
        if (error instanceof errors.JWKSNoMatchingKey) return attempt(true)
        throw error
      })
      return { payload, kind }
    } catch (error) {
      if (error instanceof BrokerError) return { kind: 'unavailable', reason: error.code }
      return refused(error instanceof errors.JOSEError ? error.code.toLowerCase() : 'not_a_jwt')
    }
  }

  // An unknown key id asks for the key set anew, but not again and again.
  async function keysOf(sso: Sso, again: boolean): Promise<KeySet> {
    const url = (await ssoConfiguration(sso)).serverMetadata().jwks_uri
    if (url === undefined)
      throw new BrokerError('provider_unavailable', { detail: 'The sign-in service names no keys.' })
    const now = clock.monotonic()
    const known = keySets.get(url)
    const age = known === undefined ? Number.POSITIVE_INFINITY : now - known.readAt
    if (known !== undefined && age < (again ? KEYS_COOL_MS : KEYS_FRESH_MS)) return known.keys
    const keys = createLocalJWKSet(await keySet(outbound, sso.target, url))
    keySets.set(url, { keys, readAt: now })
    return keys
  }

  function remember(key: string, result: Verified): void {
    verified.set(key, result)
    if (verified.size > MOST_KEPT) verified.delete(verified.keys().next().value ?? '')
  }
}

function judge(
  sso: Sso,
  { payload, kind }: Verified,
  rules: Parameters<SignInProvider['verifySubjectToken']>[2],
): SubjectTokenOutcome {
  const { sub, exp, iat } = payload
  if (typeof sub !== 'string' || sub === '' || exp === undefined || iat === undefined) return refused('claims')
  if (rules.kind !== 'any' && rules.kind !== kind) return refused('token_type')
  if (rules.now >= exp * 1000) return refused('expired')
  if (iat * 1000 > rules.now + SKEW_MS || rules.now - iat * 1000 > rules.maxAgeMs) return refused('too_old')
  const named = (Array.isArray(payload.aud) ? payload.aud : [payload.aud]).filter(value => typeof value === 'string')
  const approved = (value: unknown) => typeof value === 'string' && rules.approvedAudiences.includes(value)
  // SECURITY: a token made for our own sign-in would let anybody who sees one speak as the person.
  if (named.includes(sso.clientId) || payload['azp'] === sso.clientId) return refused('own_client')
  if (!named.some(approved)) return refused('wrong_aud')
  if (kind === 'id_token' && (named.length > 1 || payload['azp'] !== undefined) && !approved(payload['azp']))
    return refused('wrong_azp')
  return { kind: 'verified', issuer: sso.issuer, sub, expiresAt: exp * 1000 }
}

const refused = (reason: string): SubjectTokenOutcome => ({ kind: 'refused', reason })
