import { html } from 'hono/html'
import type { Markup } from './markup.ts'
import { entry, say, sayPlainly } from './say.ts'
import { TEXT } from './text.ts'

/** What a scope allows, in words where they are safe to say; otherwise the provider's own name for it. Never less than the scope may allow. */
export function scopeWords(scope: string): Markup | string {
  const known = entry(TEXT.rights.known, scope.toLowerCase())
  if (known !== undefined) return known
  const [, noun, verb] = /^([a-z][a-z_-]{2,30})[.:]([a-z]{4,9})$/i.exec(scope) ?? []
  const words = verb === undefined ? undefined : entry(TEXT.rights.verbs, verb.toLowerCase())
  if (noun !== undefined && words !== undefined)
    return sayPlainly(words, { things: noun.replace(/[_-]/g, ' ').toLowerCase() })
  return html`<code>${scope}</code>`
}

/** What a plugin does with them first; that somebody is known and stays connected goes without much saying. */
export const inOrder = (scopes: readonly string[]): readonly string[] =>
  scopes.toSorted((a, b) => Number(isGeneral(a)) - Number(isGeneral(b)))

const isGeneral = (scope: string): boolean => entry(TEXT.rights.known, scope.toLowerCase()) !== undefined

/** Several of them as small tags; more than `most` are counted, and told in full elsewhere. */
export function scopeTags(scopes: readonly string[], most = Number.POSITIVE_INFINITY): Markup {
  const ordered = inOrder(scopes)
  const shown = ordered.length > most ? ordered.slice(0, most - 1) : ordered
  const more = scopes.length - shown.length
  return html`<ul class="tags" aria-label="${TEXT.connections.rights}">${shown.map(scope => html`<li>${scopeWords(scope)}</li>`)}${more === 0 ? '' : html`<li>${say(TEXT.connections.moreRights, { count: more })}</li>`}</ul>`
}

/** Several of them, one a line. */
export const scopeLines = (scopes: readonly string[]): Markup =>
  html`${inOrder(scopes).map((scope, index) => html`${index === 0 ? '' : html`<br>`}${scopeWords(scope)}`)}`

/** Several of them in a sentence. */
export const scopeLine = (scopes: readonly string[]): Markup =>
  html`${inOrder(scopes).map((scope, index) => html`${index === 0 ? '' : ' · '}<b>${scopeWords(scope)}</b>`)}`
