import { createLocalJWKSet, jwtVerify } from 'jose'
import { z } from 'zod'
import type { OutboundTarget } from '../domain/outbound-target.ts'
import { reveal, type Secret } from '../domain/secret.ts'
import type { Outbound } from '../ports/outbound.ts'
import type { Client } from '../ports/provider-client.ts'
import { fetchKeySet, SIGNING_ALGORITHMS } from './key-set.ts'
import { printable } from './provider-text.ts'

const LONGEST = 100
const NAMES = ['email', 'preferred_username', 'name', 'sub'] as const
const metadata = z.object({ issuer: z.string(), jwks_uri: z.url() })

/**
 * Tells which account a grant is for, from an ID token that verifies against the connector's configured issuer. Null wherever it does not: an
 * unverified token is never believed, and no exchange fails for its label (OpenID Connect Core 3.1.3.7).
 */
export function createAccountLabel(outbound: Outbound) {
  return async function accountLabel({ definition, target }: Client, idToken: Secret): Promise<string | null> {
    const { issuer, client_id } = definition.auth
    if (issuer === undefined) return null
    try {
      const keys = await fetchKeySet(outbound, target, await jwksUri(issuer, target))
      const { payload } = await jwtVerify(reveal(idToken), createLocalJWKSet(keys), {
        issuer,
        audience: client_id,
        algorithms: [...SIGNING_ALGORITHMS],
        clockTolerance: 30,
        requiredClaims: ['exp', 'iat', 'sub'],
      })
      // OpenID Connect Core 3.1.3.7: with other audiences beside us, the token says that it was made for us.
      const { aud, azp } = payload
      const several = Array.isArray(aud) && aud.length > 1
      if ((several || azp !== undefined) && azp !== client_id) return null
      const label = NAMES.map(name => payload[name]).find(value => typeof value === 'string' && value !== '')
      return typeof label === 'string' ? printable(label, LONGEST) || null : null
    } catch {
      return null
    }
  }

  async function jwksUri(issuer: string, target: OutboundTarget): Promise<string> {
    const url = `${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`
    const headers = { accept: 'application/json' }
    const response = await outbound.fetch({
      target,
      method: 'GET',
      url,
      headers,
      deadlineMs: 10_000,
      maxBytes: 262_144,
      redirects: 'same-origin',
    })
    const found = metadata.parse(await response.json())
    if (found.issuer !== issuer) throw new Error('the issuer names itself otherwise')
    return found.jwks_uri
  }
}
