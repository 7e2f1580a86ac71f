import { html } from 'hono/html'
import type { Connector } from '../../domain/connector.ts'
import type { Markup } from './markup.ts'

/** States have a shape as well as a colour and words: a disc with a tick, a triangle, a clock, a ring with a bar. */
export type Shape = 'ok' | 'warn' | 'wait' | 'off'

const PATHS: Readonly<Record<Shape, Markup>> = {
  ok: html`<circle cx="8" cy="8" r="7" fill="currentColor"/><path d="m4.8 8.3 2.2 2.2 4.2-4.6" fill="none" stroke="var(--card)" stroke-width="1.8"/>`,
  warn: html`<path d="M8 1 15.5 14.5H.5Z" fill="currentColor"/><path d="M8 5.8v4M8 11v1.8" stroke="var(--card)" stroke-width="1.8"/>`,
  wait: html`<circle cx="8" cy="8" r="6.5" fill="none" stroke="currentColor" stroke-width="1.8"/><path d="M8 4.2V8l2.6 1.7" fill="none" stroke="currentColor" stroke-width="1.8"/>`,
  off: html`<circle cx="8" cy="8" r="6.2" fill="none" stroke="currentColor" stroke-width="1.8"/><path d="M5 8h6" stroke="currentColor" stroke-width="1.8"/>`,
}

export const shape = (kind: Shape): Markup =>
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
