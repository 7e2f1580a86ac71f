import { html } from 'hono/html'
import type { Markup } from './markup.ts'
import { type Shape, shape } from './shapes.ts'

const TONES: Readonly<Record<'good' | 'bad', Shape>> = { good: 'ok', bad: 'warn' }

/** What just happened, at the top of a page. The script moves the focus there, so that it is heard. */
export const note = (tone: 'good' | 'bad', title: Markup | string, more: Markup | string = ''): Markup =>
  html`<div class="note ${tone}" role="status" tabindex="-1" data-focus>${shape(TONES[tone])}<p><strong>${title}</strong> ${more}</p></div>`
