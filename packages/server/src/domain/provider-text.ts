import { reveal, type Secret } from './secret.ts'

/** Provider text as it may be shown: one line, no control, format or direction characters, at most `max` characters. */
export const printable = (text: string, max: number): string =>
  [
    ...text
      .slice(0, max * 4)
      .replace(/[\p{C}\p{Z}]+/gu, ' ')
      .trim(),
  ]
    .slice(0, max)
    .join('')

const SHORTEST = 6

/**
 * SECURITY: providers quote what they were sent; a secret in their words must not reach a page, the audit or the log. Comes before any
 * shortening, which could leave half of one.
 */
export const withoutSecrets = (text: string, secrets: readonly Secret[]): string =>
  secrets
    .map(reveal)
    .filter(plaintext => plaintext.length >= SHORTEST)
    .flatMap(plaintext => [plaintext, encodeURIComponent(plaintext)])
    .reduce((left, plaintext) => left.replaceAll(plaintext, '[secret]'), text)
