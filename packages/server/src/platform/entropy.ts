import { createHash, createHmac, hash, randomBytes, randomFillSync, timingSafeEqual } from 'node:crypto'
import { ID_DIGITS, timeDigits } from '../domain/id-time.ts'
import type { Clock } from '../ports/clock.ts'
import type { Entropy } from '../ports/entropy.ts'

const RANDOM_DIGITS = 16
const LEAST_BYTES = 16

/** Randomness from the operating system, hashes from node:crypto. */
export function createEntropy(clock: Clock): Entropy {
  return {
    newId: <Id extends string>(prefix: string) => `${prefix}_${digitsOf(clock.now())}${randomDigits()}` as Id,
    randomToken: (bytes = 32) => token(Math.max(bytes, LEAST_BYTES)),
    jitter: () => randomBytes(6).readUIntBE(0, 6) / 2 ** 48,
    sha256: text => bytesOf(createHash('sha256').update(text, 'utf8').digest()),
    fingerprint: text => hash('sha256', text, 'base64url'),
    hmacSha256: (key, text) => new Uint8Array(createHmac('sha256', key).update(text, 'utf8').digest()),
    sha256Bytes: bytes => new Uint8Array(createHash('sha256').update(bytes).digest()),
    equal: (a, b) => a.length === b.length && timingSafeEqual(a, b),
  }
}

const bytesOf = ({ buffer, byteOffset, length }: Buffer): Uint8Array => new Uint8Array(buffer, byteOffset, length)

// The operating system is asked for much at once; each byte is used once, and gone afterwards.
const bytesLeft = Buffer.alloc(4_096)
let taken = bytesLeft.length

function token(bytes: number): string {
  if (bytes > bytesLeft.length) return randomBytes(bytes).toString('base64url')
  if (taken + bytes > bytesLeft.length) {
    randomFillSync(bytesLeft)
    taken = 0
  }
  const text = bytesLeft.toString('base64url', taken, taken + bytes)
  bytesLeft.fill(0, taken, taken + bytes)
  taken += bytes
  return text
}

// Ids of one millisecond begin alike: its digits are made once.
let [digitsAt, digitsOfTime] = [-1, '']

function digitsOf(at: number): string {
  if (at !== digitsAt) [digitsAt, digitsOfTime] = [at, timeDigits(at)]
  return digitsOfTime
}

// Drawn from the operating system in larger pieces, each byte used once.
const pool = Buffer.alloc(RANDOM_DIGITS * 256)
let drawn = pool.length

function randomDigits(): string {
  if (drawn === pool.length) {
    randomFillSync(pool)
    // A byte's lowest five bits choose the digit, which takes its place.
    for (let at = 0; at < pool.length; at += 1) pool[at] = ID_DIGITS.charCodeAt((pool[at] ?? 0) % 32)
    drawn = 0
  }
  const digits = pool.toString('latin1', drawn, drawn + RANDOM_DIGITS)
  drawn += RANDOM_DIGITS
  return digits
}
