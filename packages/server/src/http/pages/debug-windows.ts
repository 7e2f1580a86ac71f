import type { DebugWindowId } from '@behalf/contract'
import type { Hono } from 'hono'
import { html } from 'hono/html'
import { BrokerError } from '../../domain/broker-error.ts'
import type { DescribedWindow } from '../../flows/debug-window/read-debug-windows.ts'
import type { Flows } from '../../flows/flows.ts'
import type { EdgeEnv } from '../edge-env.ts'
import { csrfField, type Frame } from './layout.ts'
import type { Markup } from './markup.ts'
import type { PageGuard } from './page-guard.ts'
import { name, say } from './say.ts'
import { letterIcon, shape } from './shapes.ts'
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
  windows.length === 0 || visitor === undefined
    ? ''
    : html`<section aria-labelledby="requests"><h2 id="requests">${WORDS.requests} <span class="count">${windows.length}</span></h2>
<ul class="cards">${windows.map(window => request(window, visitor.csrf))}</ul></section>`

function request({ window, state, plugin, asker }: DescribedWindow, csrf: string): Markup {
  const form = (answer: string, words: string, kind: string): Markup =>
    html`<form method="post" action="/debug-windows/${window.id}/${answer}">${csrfField(csrf)}<button class="${kind}">${words}</button></form>`
  const who = { asker: name(asker), plugin: name(plugin.displayName), reason: html`<bdi>${window.reason}</bdi>` }
  const icon = letterIcon(plugin.name, plugin.displayName)
  if (state === 'open')
    return html`<li class="card warn">${icon}<div class="what"><h3>${say(WORDS.openTitle, who)}</h3>
<p class="state wait">${shape('wait')}<span>${say(WORDS.open, { ...who, until: exactly(window.endsAt ?? 0) })}</span></p>
<p class="small">${say(WORDS.reason, who)}</p></div><div class="do">${form('end', WORDS.end, 'calm')}</div></li>`
  return html`<li class="card warn">${icon}<div class="what"><h3>${say(WORDS.title, who)}</h3>
<p class="state wait">${shape('wait')}<span>${say(WORDS.asked, { ...who, minutes: window.minutes })}</span></p>
<p class="small">${say(WORDS.reason, who)}</p><p class="small">${WORDS[window.redaction]} ${WORDS.only}</p></div>
<div class="do">${form('agree', WORDS.agree, 'calm')}${form('decline', WORDS.decline, 'quiet')}</div></li>`
}
