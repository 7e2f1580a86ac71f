import assert from 'node:assert/strict'

/** How a secret may look in a text: as it is, in a URL, and as bytes. */
export const encodings = (secret: string): readonly string[] => [
  secret,
  encodeURIComponent(secret),
  Buffer.from(secret).toString('base64').replace(/=+$/, ''),
  Buffer.from(secret).toString('base64url'),
  Buffer.from(secret).toString('hex'),
]

/** Fails where a text holds a secret in any of its encodings; says which of them by its place, never what it is. */
export function assertUnleaked(texts: readonly string[], secrets: readonly string[], about: string): void {
  const written = texts.join('\n')
  const leaked = secrets.flatMap((secret, at) => (encodings(secret).some(form => written.includes(form)) ? [at] : []))
  assert.deepEqual(leaked, [], `${about}: secrets that were written, by their place among ${secrets.length}`)
}
