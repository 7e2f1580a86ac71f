import { html } from 'hono/html'
import type { NeededSystem, NeededSystems } from '../../flows/connect/describe-many.ts'
import { type Frame, layout } from './layout.ts'
import type { Markup } from './markup.ts'
import { sayPlainly } from './say.ts'
import { shape, systemIcon } from './shapes.ts'
import { TEXT } from './text.ts'

const WORDS = TEXT.connect
const NEXT = {
  connect: WORDS.manyConnect,
  reconnect: WORDS.manyReconnect,
  allow_more: WORDS.manyAllow,
  connected: WORDS.manyConnected,
} as const

/** Everything a plugin waits for, one line a system; `here` is where each comes back to. */
export function connectManyPage(frame: Frame, { plugin, systems }: NeededSystems, here: string): Markup {
  const asking = plugin.definition.display_name ?? plugin.definition.name
  const isDone = systems.every(({ state }) => state === 'connected')
  const title = isDone
    ? sayPlainly(WORDS.manyDone, { plugin: asking })
    : sayPlainly(WORDS.many, { plugin: asking, count: systems.length })
  const more = isDone ? WORDS.manyDoneMore : sayPlainly(WORDS.manyMore, { plugin: asking })
  const first = systems.find(({ state }) => state !== 'connected')
  return layout(
    frame,
    { title, narrow: true },
    html`<h1>${title}</h1>
<p class="lead">${more}</p>
<ul class="many">${systems.map(system => line(system, plugin.definition.name, here, system === first))}</ul>
<p class="go">${isDone ? html`<a class="button big" href="/connections">${WORDS.back}</a>` : html`<a class="quiet big" href="/connections">${WORDS.notNow}</a>`}</p>`,
  )
}

function line(system: NeededSystem, plugin: string, here: string, isFirst: boolean): Markup {
  const { connector, displayName, description, state } = system
  const onward = `/connectors/${connector.name}/connect?plugin=${plugin}&return_to=${encodeURIComponent(here)}`
  return html`<li>${systemIcon(system)}<span class="what"><b><bdi>${displayName}</bdi></b>${description === null ? '' : html`<span class="small">${description}</span>`}</span>${state === 'connected' ? html`<span class="done">${shape('ok')}${NEXT.connected}</span>` : html`<a class="${isFirst ? 'button' : 'calm'}" href="${onward}" aria-label="${NEXT[state]} ${displayName}">${NEXT[state]}</a>`}</li>`
}
