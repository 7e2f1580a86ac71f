import { generateKeyPairSync } from 'node:crypto'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import type { JWK } from 'oidc-provider'

/** One private key for each algorithm, kept in a file where a path is given. */
export function signingKeys(path: string | undefined): { keys: JWK[] } {
  if (path !== undefined && existsSync(path)) return JSON.parse(readFileSync(path, 'utf8')) as { keys: JWK[] }
  const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey.export({ format: 'jwk' })
  const elliptic = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({ format: 'jwk' })
  const edwards = generateKeyPairSync('ed25519').privateKey.export({ format: 'jwk' })
  const keys = [
    { ...rsa, kid: 'rsa', use: 'sig' },
    { ...elliptic, kid: 'ec', alg: 'ES256', use: 'sig' },
    { ...edwards, kid: 'ed', use: 'sig' },
  ] as JWK[]
  if (path !== undefined) writeFileSync(path, JSON.stringify({ keys }), { mode: 0o600 })
  return { keys }
}
