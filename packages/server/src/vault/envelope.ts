import { type CipherKey, createCipheriv, createDecipheriv, randomBytes } from 'node:crypto'
import type { Place } from '../domain/places.ts'
import { asSealed, type Sealed } from '../domain/sealed.ts'

/** format (1) | key id (4, big-endian) | nonce (12) | ciphertext | tag (16) */
const FORMAT = 1
const HEAD = 5
const NONCE = 12
const TAG = 16
const ALGORITHM = 'aes-256-gcm'

/** Why a sealed value did not open: always this, whatever is wrong with it. */
export class SealBroken extends Error {
  override readonly name = 'SealBroken'
}

/** Seals bytes for one place under one data key, with AES-256-GCM and a random nonce. */
export function sealBytes(key: CipherKey, keyId: number, place: Place, plaintext: Uint8Array): Sealed {
  const head = Buffer.alloc(HEAD)
  head.writeUInt8(FORMAT, 0)
  head.writeUInt32BE(keyId, 1)
  const nonce = randomBytes(NONCE)
  const cipher = createCipheriv(ALGORITHM, key, nonce, { authTagLength: TAG })
  cipher.setAAD(associatedData(head, place))
  return asSealed(
    new Uint8Array(Buffer.concat([head, nonce, cipher.update(plaintext), cipher.final(), cipher.getAuthTag()])),
  )
}

/** The data key a sealed value names. Throws {@link SealBroken}. */
export function keyIdOf(sealed: Sealed): number {
  if (sealed.length < HEAD + NONCE + TAG || sealed[0] !== FORMAT) throw new SealBroken('sealed value did not open')
  return Buffer.from(sealed.buffer, sealed.byteOffset, sealed.length).readUInt32BE(1)
}

/** Opens sealed bytes where they were sealed for. Throws {@link SealBroken}. */
export function openBytes(key: CipherKey, place: Place, sealed: Sealed): Uint8Array {
  try {
    const head = sealed.subarray(0, HEAD)
    const decipher = createDecipheriv(ALGORITHM, key, sealed.subarray(HEAD, HEAD + NONCE), { authTagLength: TAG })
    decipher.setAAD(associatedData(head, place))
    decipher.setAuthTag(sealed.subarray(-TAG))
    return Buffer.concat([decipher.update(sealed.subarray(HEAD + NONCE, -TAG)), decipher.final()])
  } catch {
    // SECURITY: one answer for every fault; which part was wrong is nobody's business.
    throw new SealBroken('sealed value did not open')
  }
}

/** Every part with its length before it, so that no two places have the same bytes. */
function associatedData(head: Uint8Array, { orgId, table, row, column, secretVersion }: Place): Uint8Array {
  const parts = [orgId, table, row, column, String(secretVersion)].map(part => Buffer.from(part, 'utf8'))
  return Buffer.concat([
    head,
    ...parts.flatMap(part => {
      const length = Buffer.alloc(4)
      length.writeUInt32BE(part.length)
      return [length, part]
    }),
  ])
}
