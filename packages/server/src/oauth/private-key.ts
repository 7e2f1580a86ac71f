import { createPrivateKey, type KeyObject } from 'node:crypto'
import { BrokerError } from '../domain/broker-error.ts'
import { reveal, type Secret } from '../domain/secret.ts'

/** A private key from PEM or JWK text. Throws `connector_misconfigured` where it is none. */
export function privateKeyOf(text: Secret | null | undefined): KeyObject {
  if (text === null || text === undefined) throw misconfigured('The connector has no private key.')
  const plain = reveal(text).trim()
  try {
    return plain.startsWith('{')
      ? createPrivateKey({ key: JSON.parse(plain), format: 'jwk' })
      : createPrivateKey({ key: plain, format: 'pem' })
  } catch {
    // SECURITY: the reader's own words quote the key.
    throw misconfigured('The private key of the connector cannot be read.')
  }
}

/** The algorithm a key is for, where the connector names none (RFC 7518 3.1). */
export function algorithmOf(key: KeyObject): 'RS256' | 'ES256' | 'EdDSA' {
  if (key.asymmetricKeyType === 'ec') return 'ES256'
  return key.asymmetricKeyType === 'ed25519' ? 'EdDSA' : 'RS256'
}

const misconfigured = (detail: string): BrokerError => new BrokerError('connector_misconfigured', { detail })
