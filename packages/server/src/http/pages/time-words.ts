import { html } from 'hono/html'
import type { Markup } from './layout.ts'

const DAY = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'long', year: 'numeric', timeZone: 'UTC' })
const EXACT = new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeStyle: 'short', timeZone: 'UTC' })

/** A day, with the exact time (UTC) at hand. */
export const day = (at: number): Markup =>
  html`<time datetime="${new Date(at).toISOString()}" title="${EXACT.format(at)} UTC">${DAY.format(at)}</time>`

/** An exact time, UTC and saying so. */
export const exactly = (at: number): Markup =>
  html`<time datetime="${new Date(at).toISOString()}">${EXACT.format(at)} UTC</time>`
