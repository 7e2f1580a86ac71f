import { html } from 'hono/html'
import type { Markup } from './layout.ts'

const KNOWN: Readonly<Record<string, string>> = {
  openid: 'Know which account is yours',
  email: 'See your e-mail address there',
  profile: 'See your name and profile there',
  offline_access: 'Stay connected when you are away',
  offline: 'Stay connected when you are away',
  refresh_token: 'Stay connected when you are away',
}
const VERBS: Readonly<Record<string, string>> = {
  read: 'Read',
  readonly: 'Read',
  view: 'Read',
  write: 'Create and change',
  edit: 'Create and change',
  readwrite: 'Read, create and change',
  manage: 'Manage, which may include deleting,',
  admin: 'Administer',
  delete: 'Delete',
}

/** What a scope allows, in words where they are safe to say; otherwise the provider's own name for it. Never less than the scope may allow. */
export function scopeWords(scope: string): Markup | string {
  const known = KNOWN[scope.toLowerCase()]
  if (known !== undefined) return known
  const [, noun, verb] = /^([a-z][a-z_-]{2,30})[.:]([a-z]{4,9})$/i.exec(scope) ?? []
  const words = verb === undefined ? undefined : VERBS[verb.toLowerCase()]
  if (noun !== undefined && words !== undefined) return `${words} ${noun.replace(/[_-]/g, ' ').toLowerCase()}`
  return html`<code>${scope}</code>`
}

/** Several of them on one line. */
export const scopeLine = (scopes: readonly string[]): Markup =>
  html`${scopes.map((scope, index) => html`${index === 0 ? '' : ' · '}<b>${scopeWords(scope)}</b>`)}`
