import { html, raw } from 'hono/html'
import type { Markup } from './markup.ts'
import { LANGUAGE } from './text.ts'

/** What may stand in a hole of a sentence. Text is escaped. */
export type Said = Markup | string | number

/** The names of a sentence's holes. */
type Holes<Sentence extends string> = Sentence extends `${string}{${infer Name}}${infer Rest}`
  ? Name | Holes<Rest>
  : never
export type Values<Sentence extends string> = Readonly<Record<Holes<Sentence>, Said>>

/** A sentence with its holes filled, in whatever order its language puts them; text is escaped, markup is not. */
export const say = <Sentence extends string>(sentence: Sentence, values: Values<Sentence>): Markup =>
  html`${parts(sentence).map(({ text, hole }) => (hole ? (values as Record<string, Said>)[text] : text))}`

/** The same as plain text, for titles and labels. */
export const sayPlainly = <Sentence extends string>(
  sentence: Sentence,
  values: Readonly<Record<Holes<Sentence>, string | number>>,
): string =>
  parts(sentence)
    .map(({ text, hole }) => (hole ? String((values as Record<string, string | number>)[text]) : text))
    .join('')

const parts = (sentence: string) => sentence.split(/[{}]/).map((text, index) => ({ text, hole: index % 2 === 1 }))

const plurals = new Intl.PluralRules(LANGUAGE.locale)
const numbers = new Intl.NumberFormat(LANGUAGE.locale)
const lists = new Intl.ListFormat(LANGUAGE.locale, { type: 'conjunction' })

/** The form of a sentence that its language has for a number. */
export const formOf = <One extends string, Other extends string>(
  forms: { readonly one: One; readonly other: Other },
  count: number,
): One | Other => (plurals.select(count) === 'one' ? forms.one : forms.other)

/** The same, with the number in its hole `count`. */
export const counted = (forms: { readonly one: string; readonly other: string }, count: number): string =>
  formOf(forms, count).replace('{count}', numberWords(count))

export const numberWords = (count: number): string => numbers.format(count)

/** A name from elsewhere, kept from turning the text around it (right-to-left names in left-to-right text and the reverse). */
export const name = (text: string): Markup => html`<b><bdi>${text}</bdi></b>`

/** Several names as the language lists them: `a, b and c`. */
export function names(texts: readonly string[]): Markup {
  const listed = lists.formatToParts(texts.map((_, index) => String(index)))
  return html`${listed.map(({ type, value }) => (type === 'element' ? name(texts[Number(value)] ?? '') : raw(value)))}`
}

/** An own entry of a table, by a key that may come from elsewhere. */
export const entry = <Value>(table: Readonly<Record<string, Value>>, key: string): Value | undefined =>
  Object.hasOwn(table, key) ? table[key] : undefined
