import { randomUUID } from 'node:crypto'
import { SignJWT } from 'jose'
import { reveal } from '../domain/secret.ts'
import type { Client } from '../ports/provider-client.ts'
import { algorithmOf, privateKeyOf } from './private-key.ts'
import { filled, plainNames } from './request-names.ts'

const DEFAULTS = { iss: '{client_id}', sub: '{client_id}', lifetime_s: 60, sent_as: 'client_assertion' } as const
export const ASSERTION_TYPE = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer'

/**
 * A JWT by which the client proves itself, under its private key or its secret (RFC 7523 3). Its sole `aud` is the issuer where discovery verified
 * one, else the exact endpoint.
 */
export async function clientAssertion(
  client: Client,
  method: 'client_secret_jwt' | 'private_key_jwt',
  endpoint: string,
  now: number,
): Promise<string> {
  const { auth } = client.definition
  const said = auth.client_assertion ?? DEFAULTS
  const names = plainNames(client)
  const issuedAt = Math.floor(now / 1000)
  const { key, alg } = signingKey(client, method)
  const { kid, x5t, aud } = auth.client_assertion ?? {}
  return new SignJWT({ jti: randomUUID() })
    .setProtectedHeader({ alg, ...(kid === undefined ? {} : { kid }), ...(x5t === undefined ? {} : { x5t }) })
    .setIssuer(filled(said.iss, names))
    .setSubject(filled(said.sub, names))
    .setAudience(aud === undefined ? (auth.discovered?.issuer ?? endpoint) : filled(aud, names))
    .setIssuedAt(issuedAt)
    .setNotBefore(issuedAt)
    .setExpirationTime(issuedAt + said.lifetime_s)
    .sign(key)
}

function signingKey({ definition, credentials }: Client, method: 'client_secret_jwt' | 'private_key_jwt') {
  const alg = definition.auth.client_assertion?.alg
  if (method === 'client_secret_jwt') {
    const text = credentials.clientSecret === null ? '' : reveal(credentials.clientSecret)
    return { key: new TextEncoder().encode(text), alg: 'HS256' }
  }
  const key = privateKeyOf(credentials.privateKey)
  return { key, alg: alg ?? algorithmOf(key) }
}
