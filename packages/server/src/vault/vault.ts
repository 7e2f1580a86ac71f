import { createHmac, randomBytes } from 'node:crypto'
import { BrokerError } from '../domain/broker-error.ts'
import { reveal, type Secret, secret } from '../domain/secret.ts'
import type { DataKeyStore } from '../ports/data-key-store.ts'
import type { Vault } from '../ports/vault.ts'
import { keyIdOf, openBytes, SealBroken, sealBytes } from './envelope.ts'
import { createKeyrings } from './keyring.ts'
import { rootKey, wrapDataKey } from './root-key.ts'

const DATA_KEY_BYTES = 32

/** The barrier over wrapped data keys. `rootKeys` are base64 of 32 bytes each, newest first: the first wraps, any unwraps. */
export function createVault({
  rootKeys,
  dataKeys,
}: {
  readonly rootKeys: readonly Secret[]
  readonly dataKeys: DataKeyStore
}): Vault {
  const roots = rootKeys.map(rootKey)
  const newest = roots[0]
  if (newest === undefined) throw new BrokerError('vault_unavailable', { cause: new Error('no root key') })
  const keyringOf = createKeyrings(roots, dataKeys)

  return {
    async seal(place, value) {
      const { sealing } = await keyringOf(place.orgId)
      return sealBytes(sealing.key, sealing.keyId, place, Buffer.from(reveal(value), 'utf8'))
    },
    async open(place, sealed) {
      const keyring = await keyringOf(place.orgId)
      try {
        const key = keyring.byId.get(keyIdOf(sealed))
        if (key === undefined) throw new SealBroken('sealed value did not open')
        return secret(Buffer.from(openBytes(key, place, sealed)).toString('utf8'))
      } catch (error) {
        throw new BrokerError('vault_unavailable', { cause: error })
      }
    },
    async mac(orgId, purpose, message) {
      return new Uint8Array(
        createHmac('sha256', (await keyringOf(orgId)).macKey(purpose))
          .update(message)
          .digest(),
      )
    },
    async createDataKey(orgId) {
      return wrapDataKey(newest, orgId, 1, randomBytes(DATA_KEY_BYTES))
    },
  }
}
