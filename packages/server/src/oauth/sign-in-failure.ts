import * as openid from 'openid-client'
import { BrokerError } from '../domain/broker-error.ts'
import type { SignInOutcome } from '../ports/sign-in-provider.ts'

const PASSING: ReadonlySet<string> = new Set(['temporarily_unavailable', 'server_error'])

/** Tells why a sign-in did not come about, from what openid-client throws; the reason is a short code, never the SSO's own text. */
export function signInFailure(error: unknown): Exclude<SignInOutcome, { kind: 'signed_in' }> {
  const broker = brokerError(error)
  if (broker !== undefined) return { kind: 'unavailable', reason: broker.code }
  if (error instanceof openid.AuthorizationResponseError) {
    if (error.error === 'access_denied') return { kind: 'cancelled', reason: 'access_denied' }
    return { kind: PASSING.has(error.error) ? 'unavailable' : 'refused', reason: safe(error.error) }
  }
  if (error instanceof openid.ResponseBodyError) {
    const passing = PASSING.has(error.error) || isPassing(error.status)
    return { kind: passing ? 'unavailable' : 'refused', reason: safe(error.error) }
  }
  // RFC 6749 5.2: a token endpoint that answers 401 with a challenge did not accept the client.
  if (error instanceof openid.WWWAuthenticateChallengeError) return { kind: 'refused', reason: 'invalid_client' }
  const cause = error instanceof Error ? error.cause : undefined
  if (cause instanceof Response && (isPassing(cause.status) || cause.ok))
    return { kind: 'unavailable', reason: `http_${cause.status}` }
  const code = error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : 'not_verified'
  return { kind: 'refused', reason: safe(code.toLowerCase()) }
}

const isPassing = (status: number): boolean => status >= 500 || status === 429

// The library wraps what its fetch threw.
function brokerError(error: unknown, depth = 0): BrokerError | undefined {
  if (error instanceof BrokerError) return error
  return error instanceof Error && depth < 5 ? brokerError(error.cause, depth + 1) : undefined
}

const safe = (reason: string): string => reason.replace(/[^\w.-]/g, '_').slice(0, 80)
