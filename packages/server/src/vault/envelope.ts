import { type CipherKey, createCipheriv, createDecipheriv, randomFillSync } from 'node:crypto'
import type { Place } from '../domain/places.ts'
import { asSealed, type Sealed } from '../domain/sealed.ts'

/** format (1) | key id (4, big-endian) | nonce (12) | ciphertext | tag (16) */
const FORMAT = 1
const HEAD = 5
const NONCE = 12
const TAG = 16
/** Bytes of a length in the associated data. */
const LENGTH = 4
const ALGORITHM = 'aes-256-gcm'

/** Why a sealed value did not open: always this, whatever is wrong with it. */
export class SealBroken extends Error {
  override readonly name = 'SealBroken'
}

/** Seals bytes for one place under one data key, with AES-256-GCM and a random nonce. */
export function sealBytes(key: CipherKey, keyId: number, place: Place, plaintext: Uint8Array): Sealed {
  // Of its own memory, never of a pool's: what is sealed is handed to other threads with all the memory it lies in.
  const sealed = Buffer.alloc(HEAD + NONCE + plaintext.length + TAG)
  sealed.writeUInt8(FORMAT, 0)
  sealed.writeUInt32BE(keyId, 1)
  randomFillSync(sealed, HEAD, NONCE)
  const head = sealed.subarray(0, HEAD)
  const cipher = createCipheriv(ALGORITHM, key, sealed.subarray(HEAD, HEAD + NONCE), { authTagLength: TAG })
  cipher.setAAD(associatedData(head, place))
  // GCM is a stream: as many bytes come out as went in, and none at the end.
  sealed.set(cipher.update(plaintext), HEAD + NONCE)
  cipher.final()
  sealed.set(cipher.getAuthTag(), HEAD + NONCE + plaintext.length)
  return asSealed(new Uint8Array(sealed.buffer, sealed.byteOffset, sealed.length))
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
  const parts = [orgId, table, row, column, String(secretVersion)]
  const data = Buffer.allocUnsafe(parts.reduce((sum, part) => sum + LENGTH + Buffer.byteLength(part), HEAD))
  data.set(head)
  let at = HEAD
  for (const part of parts) {
    const length = data.write(part, at + LENGTH, 'utf8')
    data.writeUInt32BE(length, at)
    at += LENGTH + length
  }
  return data
}
