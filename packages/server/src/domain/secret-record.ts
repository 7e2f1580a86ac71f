import { reveal, type Secret, secret } from './secret.ts'

/** Several secrets by name. */
export type SecretRecord = Readonly<Record<string, Secret>>

/** Secrets by name as one, which is sealed as a whole. Those that are null are left out. */
export function joined(record: Readonly<Record<string, Secret | null>>): Secret {
  const texts = Object.entries(record).flatMap(([name, value]) => (value === null ? [] : [[name, reveal(value)]]))
  return secret(JSON.stringify(Object.fromEntries(texts)))
}

/** What {@link joined} made one. */
export function parted(whole: Secret): SecretRecord {
  const texts = JSON.parse(reveal(whole)) as Record<string, string>
  return Object.fromEntries(Object.entries(texts).map(([name, text]) => [name, secret(text)]))
}

/** Whether two secrets are the same text. */
export const isSame = (one: Secret | null, other: Secret | null): boolean =>
  one !== null && other !== null && reveal(one) === reveal(other)
