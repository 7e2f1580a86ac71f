import { createHash, hash, randomBytes, randomFillSync, timingSafeEqual } from 'node:crypto'
import type { Clock } from '../ports/clock.ts'
import type { Entropy } from '../ports/entropy.ts'

const DIGITS = '0123456789abcdefghjkmnpqrstvwxyz'
const TIME_DIGITS = 10
const RANDOM_DIGITS = 16
const LEAST_BYTES = 16

/** Randomness from the operating system, hashes from node:crypto. */
export function createEntropy(clock: Clock): Entropy {
  return {
    newId: <Id extends string>(prefix: string) => `${prefix}_${timeDigits(clock.now())}${randomDigits()}` as Id,
    randomToken: (bytes = 32) => randomBytes(Math.max(bytes, LEAST_BYTES)).toString('base64url'),
    jitter: () => randomBytes(6).readUIntBE(0, 6) / 2 ** 48,
    sha256: text => new Uint8Array(createHash('sha256').update(text, 'utf8').digest()),
    fingerprint: text => hash('sha256', text, 'base64url'),
    sha256Bytes: bytes => new Uint8Array(createHash('sha256').update(bytes).digest()),
    equal: (a, b) => a.length === b.length && timingSafeEqual(a, b),
  }
}

function timeDigits(at: number): string {
  let digits = ''
  let rest = at
  for (let place = 0; place < TIME_DIGITS; place += 1) {
    digits = DIGITS.charAt(rest % 32) + digits
    rest = Math.floor(rest / 32)
  }
  return digits
}

// Drawn from the operating system in larger pieces, each byte used once.
const pool = Buffer.alloc(RANDOM_DIGITS * 256)
let drawn = pool.length

function randomDigits(): string {
  if (drawn === pool.length) {
    randomFillSync(pool)
    drawn = 0
  }
  let digits = ''
  for (const end = drawn + RANDOM_DIGITS; drawn < end; drawn += 1) digits += DIGITS.charAt((pool[drawn] ?? 0) % 32)
  return digits
}
