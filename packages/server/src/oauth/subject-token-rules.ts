import type { JWTPayload } from 'jose'
import type { SignInProvider, Sso, SubjectTokenOutcome } from '../ports/sign-in-provider.ts'

/** How a token proved itself: by its signature as one of two kinds, or by its issuer's word (RFC 7662). */
export type SubjectTokenKind = 'id_token' | 'access_token' | 'introspected'
export const SKEW_MS = 30_000

/** Judges a verified SSO token by what the plugin may present (design section 5; RFC 9068 4, OpenID Connect Core 3.1.3.7). */
export function judgeSubjectToken(
  sso: Pick<Sso, 'clientId'>,
  payload: JWTPayload,
  kind: SubjectTokenKind,
  rules: Parameters<SignInProvider['verifySubjectToken']>[2],
): SubjectTokenOutcome {
  const { iss, sub, exp, iat, azp, client_id } = payload
  if (typeof iss !== 'string' || typeof sub !== 'string' || sub === '' || exp === undefined || iat === undefined)
    return refused('claims')
  if (rules.kind !== 'any' && rules.kind !== (kind === 'introspected' ? 'access_token' : kind))
    return refused('token_type')
  if (kind === 'id_token' && !isIdToken(payload)) return refused('not_an_id_token')
  if (rules.now >= exp * 1000) return refused('expired')
  if (iat * 1000 > rules.now + SKEW_MS) return refused('issued_in_future')
  if (rules.now - iat * 1000 > rules.maxAgeMs) return refused('too_old')
  const named = [payload.aud].flat().filter(value => typeof value === 'string')
  // SECURITY: a token made for our own sign-in would let anybody who sees one speak as the person.
  if ([...named, azp, client_id].includes(sso.clientId)) return refused('own_client')
  // RFC 9068 2.2: without a person in it, a token's subject is its client.
  if (kind !== 'id_token' && sub === client_id) return refused('no_person')
  const approved = (value: unknown) => typeof value === 'string' && rules.approvedAudiences.includes(value)
  if (!named.some(approved) && !(kind === 'introspected' && approved(client_id))) return refused('wrong_aud')
  if (kind === 'id_token' && (named.length > 1 || azp !== undefined) && !approved(azp)) return refused('wrong_azp')
  return { kind: 'verified', issuer: iss, sub, expiresAt: exp * 1000 }
}

// SECURITY: logout tokens, and access tokens of servers that do not mark them in the header, carry these.
const isIdToken = (payload: JWTPayload): boolean =>
  payload['events'] === undefined &&
  payload['scope'] === undefined &&
  payload['scp'] === undefined &&
  (payload['typ'] === undefined || payload['typ'] === 'ID')

const refused = (reason: string): SubjectTokenOutcome => ({ kind: 'refused', reason })
