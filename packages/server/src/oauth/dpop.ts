import { createPublicKey, randomUUID, webcrypto } from 'node:crypto'
import { exportJWK, SignJWT } from 'jose'
import * as oauth from 'oauth4webapi'
import { reveal, type Secret } from '../domain/secret.ts'
import type { Client } from '../ports/provider-client.ts'
import { privateKeyOf } from './private-key.ts'

const IMPORT = {
  ES256: { name: 'ECDSA', namedCurve: 'P-256' },
  EdDSA: { name: 'Ed25519' },
  RS256: { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' },
  PS256: { name: 'RSA-PSS', hash: 'SHA-256' },
} as const

/** Proofs for one exchange with the token endpoint (RFC 9449 5); undefined where the connector binds nothing. */
export async function dpopHandle(client: Client): Promise<oauth.DPoPHandle | undefined> {
  const { dpop } = client.definition.auth
  if (dpop === undefined) return undefined
  const key = privateKeyOf(client.credentials.privateKey)
  const rules = IMPORT[dpop.alg]
  const load = (jwk: webcrypto.JsonWebKey, use: 'sign' | 'verify') =>
    webcrypto.subtle.importKey('jwk', jwk, rules, true, [use])
  const privateKey = await load(key.export({ format: 'jwk' }) as webcrypto.JsonWebKey, 'sign')
  const publicKey = await load(createPublicKey(key).export({ format: 'jwk' }) as webcrypto.JsonWebKey, 'verify')
  return oauth.DPoP({ [oauth.clockSkew]: 0 }, { privateKey, publicKey })
}

/** The proof of one call to the API: bound to its method, its URL without query, and the token (RFC 9449 4.2 and 7). */
export async function dpopProof(
  client: Client,
  call: {
    readonly method: string
    readonly url: string
    readonly accessToken: Secret
    readonly nonce: string | null
    readonly now: number
  },
): Promise<string> {
  const key = privateKeyOf(client.credentials.privateKey)
  const { origin, pathname } = new URL(call.url)
  const digest = await webcrypto.subtle.digest('SHA-256', new TextEncoder().encode(reveal(call.accessToken)))
  return new SignJWT({
    jti: randomUUID(),
    htm: call.method,
    htu: origin + pathname,
    ath: Buffer.from(digest).toString('base64url'),
    ...(call.nonce === null ? {} : { nonce: call.nonce }),
  })
    .setProtectedHeader({
      alg: client.definition.auth.dpop?.alg ?? 'ES256',
      typ: 'dpop+jwt',
      jwk: await exportJWK(createPublicKey(key)),
    })
    .setIssuedAt(Math.floor(call.now / 1000))
    .sign(key)
}
