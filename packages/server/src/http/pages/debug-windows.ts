import type { DebugWindowId } from '@behalf/contract'
import type { Hono } from 'hono'
import { html } from 'hono/html'
import { BrokerError } from '../../domain/broker-error.ts'
import type { DescribedWindow } from '../../flows/debug-window/read-debug-windows.ts'
import type { Flows } from '../../flows/flows.ts'
import type { EdgeEnv } from '../edge-env.ts'
import type { Frame } from './layout.ts'
import type { Markup } from './markup.ts'
import type { PageGuard } from './page-guard.ts'
import { name, say } from './say.ts'
import { TEXT } from './text.ts'
import { exactly } from './time-words.ts'

const WORDS = TEXT.debugWindows

/** Registers the answers to what {@link debugWindowsBlock} asks. */
export function registerDebugWindowPages(app: Hono<EdgeEnv>, flows: Flows, { submitted }: PageGuard): void {
  for (const answer of ['agree', 'decline', 'end'] as const)
    app.post(`/debug-windows/:id/${answer}`, c =>
      submitted(c, async (_, principal) => {
        const id = (c.req.param('id') ?? '') as DebugWindowId
        const person = { ...principal, roles: [] }
        const done =
          answer === 'end'
            ? flows.endDebugWindow(c.get('context'), person, id)
            : flows.answerDebugWindow(c.get('context'), person, id, answer)
        // Answered elsewhere meanwhile, or over: the page shows how it stands.
        await done.catch(onlyOver)
        return c.redirect('/connections', 303)
      }),
    )
}

function onlyOver(error: unknown): void {
  if (!(error instanceof BrokerError && error.code === 'debug_window_over')) throw error
}

/** On the connections page: who asks to see calls, or can, why and for how long; nothing where nobody does. */
export const debugWindowsBlock = ({ visitor }: Frame, windows: readonly DescribedWindow[]): Markup | '' =>
  windows.length === 0 || visitor === undefined ? '' : html`${windows.map(window => block(window, visitor.csrf))}`

function block({ window, state, plugin, asker }: DescribedWindow, csrf: string): Markup {
  const form = (answer: string, words: string, kind: string): Markup =>
    html`<form method="post" action="/debug-windows/${window.id}/${answer}"><input type="hidden" name="csrf" value="${csrf}"><button class="${kind}">${words}</button></form>`
  const who = { asker: name(asker), plugin: name(plugin.displayName), reason: html`<bdi>${window.reason}</bdi>` }
  if (state === 'open')
    return html`<section class="debug-window" aria-labelledby="${window.id}"><h2 id="${window.id}">${say(WORDS.openTitle, who)}</h2>
<p>${say(WORDS.open, { ...who, until: exactly(window.endsAt ?? 0) })}</p>
${form('end', WORDS.end, 'quiet')}</section>`
  return html`<section class="debug-window" aria-labelledby="${window.id}"><h2 id="${window.id}">${say(WORDS.title, who)}</h2>
<p>${say(WORDS.asked, { ...who, minutes: window.minutes })}</p><p>${say(WORDS.reason, who)}</p>
<p>${WORDS[window.redaction]}</p><p class="small">${WORDS.only}</p>
${form('agree', WORDS.agree, 'button')}${form('decline', WORDS.decline, 'quiet')}</section>`
}
