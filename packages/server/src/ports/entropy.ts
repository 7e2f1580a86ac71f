import type { IdPrefix } from '@behalf/contract'

/** Randomness and hashes. */
export type Entropy = {
  /** A new id: `prefix_` and 26 Crockford base32 digits, ordered by time. */
  newId<Id extends string>(prefix: IdPrefix): Id
  /** URL-safe text of `bytes` random bytes (CSPRNG), at least 16. */
  randomToken(bytes?: number): string
  /** In [0, 1), for jitter alone. */
  jitter(): number
  sha256(text: string): Uint8Array
  /** SHA-256 of UTF-8 text as base64url, for keys of caches. */
  fingerprint(text: string): string
  sha256Bytes(bytes: Uint8Array): Uint8Array
  /** Of UTF-8 text (RFC 2104). */
  hmacSha256(key: Uint8Array, text: string): Uint8Array
  /** Compares without telling where they differ. */
  equal(a: Uint8Array, b: Uint8Array): boolean
}
