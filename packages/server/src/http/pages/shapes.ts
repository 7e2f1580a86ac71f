import { html } from 'hono/html'
import type { Connector } from '../../domain/connector.ts'
import type { Markup } from './markup.ts'

/** States have a shape as well as a colour and words: a disc with a tick, a triangle, a clock, a ring with a bar, with a question mark, with an i. */
export type Shape = 'ok' | 'warn' | 'wait' | 'off' | 'unsure' | 'info'
/** Things have one too: a chain, a screen, a telephone. */
type Thing = 'chain' | 'screen' | 'phone'

const PATHS: Readonly<Record<Shape | Thing, Markup>> = {
  ok: html`<circle cx="8" cy="8" r="7" fill="currentColor"/><path d="m4.8 8.3 2.2 2.2 4.2-4.6" fill="none" stroke="var(--card)" stroke-width="1.8"/>`,
  warn: html`<path d="M8 1 15.5 14.5H.5Z" fill="currentColor"/><path d="M8 5.8v4M8 11v1.8" stroke="var(--card)" stroke-width="1.8"/>`,
  wait: html`<circle cx="8" cy="8" r="6.5" fill="none" stroke="currentColor" stroke-width="1.8"/><path d="M8 4.2V8l2.6 1.7" fill="none" stroke="currentColor" stroke-width="1.8"/>`,
  off: html`<circle cx="8" cy="8" r="6.2" fill="none" stroke="currentColor" stroke-width="1.8"/><path d="M5 8h6" stroke="currentColor" stroke-width="1.8"/>`,
  unsure: html`<circle cx="8" cy="8" r="6.5" fill="none" stroke="currentColor" stroke-width="1.6"/><path d="M6.1 6.4c.1-1.2.9-1.9 2-1.9s1.9.7 1.9 1.7c0 1.4-2 1.5-2 2.9M8 10.3v1.6" fill="none" stroke="currentColor" stroke-width="1.6"/>`,
  info: html`<circle cx="8" cy="8" r="6.5" fill="none" stroke="currentColor" stroke-width="1.6"/><path d="M8 7.2v4.3M8 4.4V6" stroke="currentColor" stroke-width="1.6"/>`,
  chain: html`<path transform="translate(-2.6 -2.6) scale(1.325)" d="m6.4 9.6 3.2-3.2M7.4 4.9l1.3-1.3a2.6 2.6 0 0 1 3.7 3.7l-1.3 1.3M8.6 11.1l-1.3 1.3a2.6 2.6 0 0 1-3.7-3.7l1.3-1.3" fill="none" stroke="currentColor" stroke-width="1.3" stroke-linecap="round"/>`,
  screen: html`<path d="M2 3h12v8H2ZM5.5 13.5h5" fill="none" stroke="currentColor" stroke-width="1.4" stroke-linejoin="round" stroke-linecap="round"/>`,
  phone: html`<path d="M4.5 1.5h7v13h-7ZM7 12.2h2" fill="none" stroke="currentColor" stroke-width="1.4" stroke-linejoin="round" stroke-linecap="round"/>`,
}

export const shape = (kind: Shape | Thing): Markup =>
  html`<svg class="shape ${kind}" viewBox="0 0 16 16" width="16" height="16" aria-hidden="true">${PATHS[kind]}</svg>`

/** A system's own icon, uploaded or of the catalogue, from our own origin; else its letter. */
export function systemIcon({ connector, displayName, iconHash }: SystemWithIcon): Markup {
  const { name, definition } = connector
  const source =
    iconHash !== null
      ? `/connectors/${name}/icon?v=${iconHash.slice(0, 12)}`
      : definition.icon === undefined
        ? undefined
        : `/catalogue/${definition.icon}.svg`
  if (source === undefined) return letterIcon(name, displayName)
  return html`<img class="icon" src="${source}" alt="" width="40" height="40">`
}

type SystemWithIcon = {
  readonly connector: Connector
  readonly displayName: string
  readonly iconHash: string | null
}

/** Where a system or a plugin has no icon of its own: its first letter, always in the same colour. */
export function letterIcon(key: string, label: string): Markup {
  const hue = [...key].reduce((sum, letter) => (sum * 31 + (letter.codePointAt(0) ?? 0)) % 12, 7)
  return html`<span class="icon h${hue}" aria-hidden="true">${[...label][0]?.toUpperCase() ?? ''}</span>`
}
