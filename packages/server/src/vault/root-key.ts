import { createCipheriv, createDecipheriv, createHmac, randomBytes } from 'node:crypto'
import type { OrgId } from '@behalf/contract'
import { reveal, type Secret } from '../domain/secret.ts'
import type { WrappedDataKey } from '../ports/vault.ts'
import { SealBroken } from './envelope.ts'

/** A root key, known by an id that tells nothing about it. */
export type RootKey = { readonly id: string; readonly material: Secret }

const NONCE = 12
const TAG = 16
const ID_DIGITS = 16

/** `material` is base64 of 32 bytes, as `config/secrets.ts` hands it over. */
export const rootKey = (material: Secret): RootKey => ({
  id: createHmac('sha256', bytes(material)).update('behalf/root-key-id').digest('hex').slice(0, ID_DIGITS),
  material,
})

const bytes = (material: Secret): Buffer => Buffer.from(reveal(material), 'base64')

/** Wraps a data key under a root key, bound to its organization and id. */
export function wrapDataKey(root: RootKey, orgId: OrgId, keyId: number, dataKey: Uint8Array): WrappedDataKey {
  const nonce = randomBytes(NONCE)
  const cipher = createCipheriv('aes-256-gcm', bytes(root.material), nonce, { authTagLength: TAG })
  cipher.setAAD(boundTo(root, orgId, keyId))
  const wrapped = new Uint8Array(Buffer.concat([nonce, cipher.update(dataKey), cipher.final(), cipher.getAuthTag()]))
  return { orgId, keyId, rootKeyId: root.id, wrapped }
}

/** Throws {@link SealBroken} where the root key or the row is another. */
export function unwrapDataKey(root: RootKey, { orgId, keyId, wrapped }: WrappedDataKey): Buffer {
  try {
    const decipher = createDecipheriv('aes-256-gcm', bytes(root.material), wrapped.subarray(0, NONCE), {
      authTagLength: TAG,
    })
    decipher.setAAD(boundTo(root, orgId, keyId))
    decipher.setAuthTag(wrapped.subarray(-TAG))
    return Buffer.concat([decipher.update(wrapped.subarray(NONCE, -TAG)), decipher.final()])
  } catch {
    throw new SealBroken('data key did not open')
  }
}

const boundTo = (root: RootKey, orgId: OrgId, keyId: number): Buffer =>
  Buffer.from(`behalf/data-key|${root.id}|${orgId}|${keyId}`, 'utf8')
