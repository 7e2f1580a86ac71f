import { REDACTED } from './removals.ts'

const SHORTEST = 4
const EMAIL = /[^\s@<>"'(),;:]@[^\s@<>"'(),;:]/
const PLAIN_NAME = /^[A-Za-z_$][\w$.-]{0,39}$/
const DIGITS = /\d{5}/

/** First and last character with five asterisks between, so that no length shows; nothing at all of values under four characters. */
export function mask(value: string): string {
  const characters = [...value]
  if (characters.length < SHORTEST) return REDACTED
  return `${characters[0]}*****${characters.at(-1)}`
}

export const holdsEmail = (text: string): boolean => EMAIL.test(text)

/** Whether a name in a body was plainly given by a programmer, and is not itself a value: an e-mail, a number, a title as a key. */
export const isPlainName = (name: string): boolean => PLAIN_NAME.test(name) && !DIGITS.test(name)
