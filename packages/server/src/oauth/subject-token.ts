import { createHash } from 'node:crypto'
import { createLocalJWKSet, decodeProtectedHeader, errors, type JSONWebKeySet, type JWTPayload, jwtVerify } from 'jose'
import { BrokerError } from '../domain/broker-error.ts'
import { reveal } from '../domain/secret.ts'
import type { SignInProvider, Sso, SubjectTokenOutcome } from '../ports/sign-in-provider.ts'
import { createIntrospect } from './introspect.ts'
import { SIGNING_ALGORITHMS } from './key-set.ts'
import type { SsoDirectory } from './sso-configuration.ts'
import { judgeSubjectToken, SKEW_MS, type SubjectTokenKind } from './subject-token-rules.ts'

/** What a token says, and until when it may be believed without asking again. */
export type Verified = { readonly payload: JWTPayload; readonly kind: SubjectTokenKind; readonly untilAt: number }
type Verify = SignInProvider['verifySubjectToken']

const MOST_KEPT = 10_000
const LONGEST = 16_384

/** Verifies SSO tokens that plugins present. A signature is checked once per token; the plugin's own rules each time. */
export function createVerifySubjectToken(directory: SsoDirectory): Verify {
  const verified = new Map<string, Verified>()
  const made = new WeakMap<JSONWebKeySet, ReturnType<typeof createLocalJWKSet>>()
  const introspect = createIntrospect(directory)

  return async function verifySubjectToken(sso, token, rules) {
    const text = reveal(token)
    if (text.length > LONGEST) return refused('too_long')
    const how = mustIntrospect(text, rules.kind) ? introspect : verify
    const key = createHash('sha256')
      .update(JSON.stringify([sso.target.orgSlug, sso.issuer, how.name, text]))
      .digest('base64url')
    const known = verified.get(key)
    const isOld = known?.kind === 'introspected' && known.untilAt <= rules.now
    const found = known === undefined || isOld ? await how(sso, text, rules.now) : known
    if (!('payload' in found)) return found
    const outcome = judgeSubjectToken(sso, found.payload, found.kind, rules)
    verified.delete(key)
    // A token that is over is not kept; any other refusal is one plugin's own.
    if (found.untilAt > rules.now) verified.set(key, found)
    if (verified.size > MOST_KEPT) verified.delete(verified.keys().next().value ?? key)
    return outcome
  }

  async function verify(sso: Sso, text: string, now: number): Promise<Verified | SubjectTokenOutcome> {
    try {
      const kind = kindOf(text)
      if (kind === undefined) return refused('typ')
      const { issuer } = (await directory.configuration(sso)).serverMetadata()
      const options = {
        issuer,
        algorithms: [...SIGNING_ALGORITHMS],
        clockTolerance: SKEW_MS / 1000,
        currentDate: new Date(now),
        requiredClaims: ['exp', 'iat', 'sub', 'aud'],
      }
      const attempt = async (again: boolean) => jwtVerify(text, await keysOf(sso, again), options)
      const { payload } = await attempt(false).catch(error => {
        if (error instanceof errors.JWKSNoMatchingKey) return attempt(true)
        throw error
      })
      return { payload, kind, untilAt: (payload.exp ?? 0) * 1000 }
    } catch (error) {
      if (error instanceof BrokerError) return { kind: 'unavailable', reason: error.code }
      return refused(error instanceof errors.JOSEError ? error.code.toLowerCase() : 'not_a_jwt')
    }
  }

  async function keysOf(sso: Sso, again: boolean) {
    const document = await directory.keys(sso, { again })
    const keys = made.get(document) ?? createLocalJWKSet(document)
    made.set(document, keys)
    return keys
  }
}

// A token that is no JWT, or an access token that does not call itself one (RFC 9068 2.1), is for its issuer to judge.
function mustIntrospect(text: string, kind: 'id_token' | 'access_token' | 'any'): boolean {
  if (!/^[\w-]+\.[\w-]+\.[\w-]*$/.test(text)) return kind !== 'id_token'
  try {
    return kind === 'access_token' && kindOf(text) !== 'access_token'
  } catch {
    return kind !== 'id_token'
  }
}

// RFC 9068 4: an access token says so in its header. SECURITY: other kinds (logout, security event …) have the same claims and are no sign-in.
function kindOf(text: string): SubjectTokenKind | undefined {
  const { typ } = decodeProtectedHeader(text)
  if (typ === undefined || /^(application\/)?jwt$/i.test(typ)) return 'id_token'
  return /^(application\/)?at\+jwt$/i.test(typ) ? 'access_token' : undefined
}

const refused = (reason: string): SubjectTokenOutcome => ({ kind: 'refused', reason })
