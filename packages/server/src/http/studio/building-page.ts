import { html } from 'hono/html'
import { type Frame, layout } from '../pages/layout.ts'
import type { Markup } from '../pages/markup.ts'

/** What stands in the studio's place until it is built; it looks again by itself. */
export const buildingPage = (frame: Frame): Markup =>
  layout(
    frame,
    { title: 'Studio', narrow: true },
    html`<h1>The studio is being built</h1>
<p class="lead">This takes a few seconds after an update. This page looks again by itself.</p>
<p class="small">If it stays: the broker was installed without its studio. <code>npm run build:studio</code> makes it.</p>`,
  )
