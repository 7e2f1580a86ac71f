import type { JWTPayload } from 'jose'
import * as openid from 'openid-client'
import { BrokerError } from '../domain/broker-error.ts'
import type { Sso, SubjectTokenOutcome } from '../ports/sign-in-provider.ts'
import type { SsoDirectory } from './sso-configuration.ts'
import type { Verified } from './subject-token.ts'

/** An answer is believed this long: a token that its issuer ended is refused soon after. */
const BELIEVED_MS = 30_000

/** Asks the SSO what an opaque access token is worth (RFC 7662 2). */
export function createIntrospect(directory: SsoDirectory) {
  return async function introspect(sso: Sso, text: string, now: number): Promise<Verified | SubjectTokenOutcome> {
    try {
      const configuration = await directory.configuration(sso)
      const { issuer, introspection_endpoint } = configuration.serverMetadata()
      if (introspection_endpoint === undefined) return { kind: 'refused', reason: 'not_a_jwt' }
      const answer = await openid.tokenIntrospection(configuration, text, { token_type_hint: 'access_token' })
      if (!answer.active) return { kind: 'refused', reason: 'inactive' }
      if (answer.iss !== undefined && answer.iss !== issuer) return { kind: 'refused', reason: 'wrong_iss' }
      const payload: JWTPayload = { ...plain(answer), iss: issuer }
      return { payload, kind: 'introspected', untilAt: Math.min((answer.exp ?? 0) * 1000, now + BELIEVED_MS) }
    } catch (error) {
      return { kind: 'unavailable', reason: error instanceof BrokerError ? error.code : 'introspection_failed' }
    }
  }
}

// The claims that the rules look at, and no others (RFC 7662 2.2).
const plain = ({ sub, aud, client_id, iat, exp }: openid.IntrospectionResponse): JWTPayload => ({
  ...(sub === undefined ? {} : { sub }),
  ...(aud === undefined ? {} : { aud }),
  ...(client_id === undefined ? {} : { client_id }),
  ...(iat === undefined ? {} : { iat }),
  ...(exp === undefined ? {} : { exp }),
})
