import { html } from 'hono/html'
import type { Card } from '../../flows/connect/list-cards.ts'
import { cardOf } from './cards.ts'
import { type Frame, layout } from './layout.ts'
import type { Markup } from './markup.ts'
import { counted, sayPlainly } from './say.ts'
import { shape } from './shapes.ts'
import { TEXT } from './text.ts'

export type ConnectionsView = {
  readonly cards: readonly Card[]
  readonly search: string
  readonly note: Markup | ''
}

const WORDS = TEXT.connections
// First where something waits, then where something is left to do, then where we are at it.
const ATTENTION = ['reconnect_required', 'disconnected_unconfirmed', 'disconnecting']

/** The page every employee sees: what needs attention first, then what is connected, then what could be. */
export function connectionsPage(frame: Frame, { cards, search, note }: ConnectionsView): Markup {
  const attention = ATTENTION.flatMap(status => cards.filter(({ connection }) => connection?.status === status))
  const connected = cards.filter(({ connection }) => connection?.status === 'connected')
  const available = cards.filter(card => !attention.includes(card) && !connected.includes(card))
  // One loud thing on a page: where a plugin waits for the person.
  const loudest = attention.find(({ connection }) => connection?.status === 'reconnect_required')
  const at = { csrf: frame.visitor?.csrf ?? '', now: frame.now, loudest }
  const section = (id: 'attention' | 'connected' | 'available', shown: readonly Card[]): Markup | '' =>
    shown.length === 0
      ? ''
      : html`<section aria-labelledby="${id}"><h2 id="${id}">${WORDS[id]} <span class="count">${shown.length}</span></h2>
<ul class="cards ${id}">${shown.map(card => cardOf(card, at))}</ul></section>`
  return layout(
    frame,
    { title: WORDS.title, current: 'connections' },
    html`<h1>${WORDS.title}</h1>
<p class="lead">${WORDS.lead}</p>
${note}
${cards.length > 0 || search !== '' ? searchForm(search, cards.length) : nothingYet}
${section('attention', attention)}
${section('connected', connected)}
${section('available', available)}`,
  )
}

// With the script the form filters as one types; without it, it is sent.
const searchForm = (search: string, found: number): Markup =>
  html`<form class="search" role="search" action="/connections"${search === '' ? html` data-filter` : ''}>
<label for="q">${WORDS.search}</label><input id="q" name="q" type="search" autocomplete="off" placeholder="${WORDS.searchHint}" value="${search}" maxlength="100"><button class="quiet">${WORDS.searchButton}</button>
<p class="found" role="status" data-one="${WORDS.found.one}" data-other="${WORDS.found.other}" data-none="${WORDS.noMatch}">${search === '' || found === 0 ? '' : html`${counted(WORDS.found, found)} <a href="/connections">${WORDS.showAll}</a>`}</p>
</form>${found === 0 ? html`<div class="empty"><p>${sayPlainly(WORDS.noMatch, { search })}</p><p><a class="quiet" href="/connections">${WORDS.showAll}</a></p></div>` : ''}`

const nothingYet: Markup = html`<div class="empty"><p class="sign off">${shape('chain')}</p><h2>${WORDS.emptyTitle}</h2><p>${WORDS.empty}</p></div>`
