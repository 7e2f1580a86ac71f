import { html } from 'hono/html'
import type { Card } from '../../flows/connect/list-cards.ts'
import { cardOf } from './cards.ts'
import { type Frame, layout } from './layout.ts'
import type { Markup } from './markup.ts'
import { counted, sayPlainly } from './say.ts'
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
  return layout(
    frame,
    { title: WORDS.title, current: 'connections' },
    html`<h1>${WORDS.title}</h1>
<p class="lead">${WORDS.lead}</p>
${note}
${cards.length > 0 || search !== '' ? searchForm(search, cards.length) : nothingYet}
${section('attention', attention, frame)}
${section('connected', connected, frame)}
${section('available', available, frame)}`,
  )
}

// With the script the form filters as one types; without it, it is sent.
const searchForm = (search: string, found: number): Markup =>
  html`<form class="search" role="search" action="/connections"${search === '' ? html` data-filter` : ''}>
<label for="q">${WORDS.search}</label><input id="q" name="q" type="search" autocomplete="off" placeholder="${WORDS.searchHint}" value="${search}" maxlength="100"><button class="quiet">${WORDS.searchButton}</button>
<p class="found" role="status" data-one="${WORDS.found.one}" data-other="${WORDS.found.other}" data-none="${WORDS.noMatch}">${search === '' ? '' : html`${found === 0 ? sayPlainly(WORDS.noMatch, { search }) : counted(WORDS.found, found)} <a href="/connections">${WORDS.showAll}</a>`}</p>
</form>`

const nothingYet: Markup = html`<div class="empty"><h2>${WORDS.emptyTitle}</h2><p>${WORDS.empty}</p></div>`

function section(id: 'attention' | 'connected' | 'available', cards: readonly Card[], frame: Frame): Markup | '' {
  if (cards.length === 0) return ''
  return html`<section aria-labelledby="${id}"><h2 id="${id}">${WORDS[id]} <span class="count">${cards.length}</span></h2>
<ul class="cards ${id}">${cards.map(card => cardOf(card, { csrf: frame.visitor?.csrf ?? '', now: frame.now }))}</ul></section>`
}
