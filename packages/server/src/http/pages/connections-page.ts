import { html } from 'hono/html'
import { scopeOf } from '../../domain/connection.ts'
import type { Card } from '../../flows/connect/list-cards.ts'
import { layout, type Markup, outwardLink } from './layout.ts'
import { scopeLine } from './scope-words.ts'
import { REASONS, TEXT } from './text.ts'
import { day, exactly } from './time-words.ts'

export type ConnectionsView = {
  readonly organization: string
  readonly person: { readonly name: string; readonly csrf: string }
  readonly cards: readonly Card[]
  readonly search: string
  readonly note: Markup | ''
}

/** The page every employee sees: what needs attention first, then what is connected, then what could be. */
export function connectionsPage({ organization, person, cards, search, note }: ConnectionsView): Markup {
  const attention = cards.filter(needsAttention)
  const connected = cards.filter(card => card.connection?.status === 'connected')
  const available = cards.filter(card => !attention.includes(card) && !connected.includes(card))
  return layout(
    { title: TEXT.connections, organization, signedIn: person, footer: true },
    html`<h1>${TEXT.connections}</h1>
<p class="lead">${TEXT.lead}</p>
${note}
${cards.length > 0 || search !== '' ? searchForm(search) : ''}
${cards.length === 0 ? nothing(search) : ''}
${section('attention', TEXT.attention, attention, attentionCard)}
${section('connected', TEXT.connected, connected, connectedCard)}
${section('available', TEXT.available, available, availableCard)}`,
  )
}

const needsAttention = ({ connection }: Card): boolean =>
  connection !== null && ['reconnect_required', 'disconnecting', 'disconnected_unconfirmed'].includes(connection.status)

const searchForm = (search: string): Markup => html`<form class="search" role="search" action="/connections">
<label for="q">${TEXT.search}</label><input id="q" name="q" type="search" autocomplete="off" value="${search}" maxlength="100"><button class="quiet">${TEXT.searchButton}</button>
</form>`

const nothing = (search: string): Markup =>
  search === ''
    ? html`<div class="empty"><h2>${TEXT.emptyTitle}</h2><p>${TEXT.empty}</p></div>`
    : html`<div class="empty"><p>${TEXT.noMatch}</p><p><a href="/connections">${TEXT.showAll}</a></p></div>`

function section(id: string, title: string, cards: readonly Card[], render: (card: Card) => Markup): Markup | '' {
  if (cards.length === 0) return ''
  const count = id === 'attention' ? html` <span class="count">${cards.length}</span>` : ''
  return html`<section aria-labelledby="${id}"><h2 id="${id}">${title}${count}</h2><ul class="cards">${cards.map(render)}</ul></section>`
}

function shell(card: Card, kind: 'warn' | 'plain', what: Markup, actions: Markup | ''): Markup {
  const hue = [...card.connector.name].reduce((sum, letter) => (sum * 31 + letter.charCodeAt(0)) % 12, 7)
  return html`<li class="card ${kind}"><span class="icon h${hue}" aria-hidden="true">${[...card.displayName][0]?.toUpperCase()}</span>
<div class="what"><h3>${card.displayName}</h3>${what}</div><div class="do">${actions}</div></li>`
}

const dot = html`<span class="dot" aria-hidden="true"></span>`
const goTo = (card: Card, words: string, shape: 'button' | 'quiet'): Markup =>
  html`<a class="${shape}" href="/connectors/${card.connector.name}/connect" aria-label="${words} ${card.displayName}">${words}</a>`
const disconnectLink = (card: Card): Markup =>
  html`<a class="quiet" href="/connections/${card.connection?.id}/disconnect" aria-label="${TEXT.disconnect} ${card.displayName}">${TEXT.disconnect}</a>`
const usedBy = ({ plugins }: Card): Markup | '' =>
  plugins.length === 0
    ? ''
    : html`<p class="small">For ${plugins.map((plugin, index) => html`${index === 0 ? '' : ', '}<b>${plugin.displayName}</b>`)}.</p>`

function attentionCard(card: Card): Markup {
  const { connection } = card
  if (connection?.status === 'reconnect_required') {
    const why = REASONS[connection.reason ?? '']
    const told = why === undefined ? html`but ${card.displayName} no longer accepts it` : html`but the access ${why}`
    const state = html`<p class="state">${dot} Connected on ${day(connection.connectedAt)}, ${told}</p>${usedBy(card)}`
    return shell(card, 'warn', state, html`${goTo(card, TEXT.reconnect, 'button')}${disconnectLink(card)}`)
  }
  return connection?.status === 'disconnecting' ? disconnectingCard(card) : unconfirmedCard(card)
}

function disconnectingCard(card: Card): Markup {
  const until = card.revocationDeadlineAt
  const link = outwardLink(card.instructionsUrl, `remove the access in ${card.displayName} itself`)
  return shell(
    card,
    'warn',
    html`<p class="state">${dot} Disconnected here. ${card.displayName} has not confirmed it yet</p>
<p class="small">Nothing uses it any more. We keep trying${until === null ? '' : html` until ${exactly(until)}`}${link === '' ? '' : html`; to be sure, ${link}`}.</p>`,
    '',
  )
}

function unconfirmedCard(card: Card): Markup {
  const link = outwardLink(card.instructionsUrl, `Remove the access in ${card.displayName}`)
  return shell(
    card,
    'warn',
    html`<p class="state">${dot} Disconnected, not confirmed by ${card.displayName}</p>
<p class="small">Nothing here uses it any more, and we erased it. ${card.displayName} gave no way to confirm that it ended there too. ${link === '' ? `You can remove the access in ${card.displayName} itself.` : html`${link}.`}</p>`,
    card.yours || card.plugins.length > 0 || card.connector.definition.open_to_all
      ? goTo(card, TEXT.connect, 'quiet')
      : '',
  )
}

function connectedCard(card: Card): Markup {
  const { connection } = card
  if (connection === null) return availableCard(card)
  const held = scopeOf(connection)
  const label = connection.accountLabel
  return shell(
    card,
    'plain',
    html`<p class="state ok">${dot} Connected${label === null ? '' : html` as <b>${label}</b>`} since ${day(connection.connectedAt)}</p>
${usedBy(card)}
${card.missingScope.length === 0 ? '' : html`<p class="small">You did not allow ${scopeLine(card.missingScope)}, so what needs it will not work. <a href="/connectors/${card.connector.name}/connect">Allow it</a></p>`}
<details><summary>Rights and use</summary><dl>
<dt>Rights</dt><dd>${held.length === 0 ? 'What the system grants by default' : scopeLine(held)}</dd>
<dt>Last used</dt><dd>${connection.lastUsedAt === null ? 'Not yet' : exactly(connection.lastUsedAt)}</dd>
<dt>Renews</dt><dd>${connection.refreshToken !== null ? 'By itself, until you disconnect or the system ends it' : connection.expiresAt === null ? 'Not needed, as far as the system says' : html`Cannot be renewed: ends ${exactly(connection.expiresAt)}`}</dd>
</dl></details>`,
    disconnectLink(card),
  )
}

function availableCard(card: Card): Markup {
  return shell(
    card,
    'plain',
    html`<p class="small">${card.description ?? 'Not connected.'}</p>${usedBy(card)}${card.yours ? html`<p class="small">${TEXT.yours}</p>` : ''}`,
    goTo(card, TEXT.connect, 'button'),
  )
}
