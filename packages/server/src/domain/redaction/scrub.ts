import type { KnownSecrets } from './known-secrets.ts'
import { readings } from './known-secrets.ts'
import { REDACTED } from './removals.ts'
import { isSecretName, replaceNamed, replaceShapes } from './secret-shapes.ts'

/** Finds secrets in a piece of text: those of this call, those with a known shape, those that follow a telling name. */
export type Scrub = {
  /** The text without them; wholly redacted where one only shows once the text is decoded. */
  clean(text: string): string
  /** Whether there is any. */
  finds(text: string): boolean
}

/** `isSecret` judges names. */
export function createScrub(known: KnownSecrets, isSecret = isSecretName): Scrub {
  // The members of a list bear the same names.
  const cleaned = new Map<string, string>()
  return { clean, finds: text => clean(text) !== text }

  function clean(text: string): string {
    const found = cleaned.get(text) ?? cleanedAnew(text)
    cleaned.set(text, found)
    return found
  }

  function cleanedAnew(text: string): string {
    const replaced = replaceNamed(replaceShapes(known.replace(text, REDACTED), REDACTED), REDACTED, isSecret)
    const hidden = known.isIn(replaced) || readings(replaced).slice(1).some(holdsMore)
    return hidden ? REDACTED : replaced
  }

  // Decoding must bring nothing to light: the reading is judged as the text was.
  function holdsMore(reading: string): boolean {
    const shown = replaceNamed(replaceShapes(reading, REDACTED), REDACTED, isSecret)
    return shown.replaceAll(REDACTED, '') !== reading.replaceAll(REDACTED, '')
  }
}
