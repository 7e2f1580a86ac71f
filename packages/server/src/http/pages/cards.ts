import { html } from 'hono/html'
import { type Connection, scopeOf } from '../../domain/connection.ts'
import type { Card } from '../../flows/connect/list-cards.ts'
import { csrfField, outwardLink } from './layout.ts'
import type { Markup } from './markup.ts'
import { entry, formOf, name, names, numberWords, say, sayPlainly } from './say.ts'
import { scopeLine, scopeLines, scopeTags } from './scope-words.ts'
import { type Shape, shape, systemIcon } from './shapes.ts'
import { TEXT } from './text.ts'
import { ago, day, exactly } from './time-words.ts'

const WORDS = TEXT.connections
const MOST_TAGS = 3

/** Who reads the card, and when; `loudest` is the one whose button is. */
type At = { readonly csrf: string; readonly now: number; readonly loudest: Card | undefined }

/** One system with its state, who uses it, and what may be done. */
export function cardOf(card: Card, at: At): Markup {
  const { connection } = card
  if (connection?.status === 'connected') return connectedCard(card, connection, at)
  if (connection?.status === 'reconnect_required') return brokenCard(card, connection, at)
  if (connection?.status === 'disconnecting') return disconnectingCard(card)
  if (connection?.status === 'disconnected_unconfirmed') return unconfirmedCard(card, at)
  return availableCard(card)
}

function shell(card: Card, kind: 'warn' | 'plain', what: Markup, actions: Markup | ''): Markup {
  const searched = [card.displayName, card.description ?? '', ...card.plugins.map(plugin => plugin.displayName)]
  return html`<li class="card${kind === 'warn' ? ' warn' : ''}" data-search="${searched.join(' ').toLowerCase()}">${systemIcon(card)}
<div class="what"><h3><bdi>${card.displayName}</bdi></h3>
${card.description === null ? '' : html`<p class="small about">${card.description}</p>`}${what}</div>${actions === '' ? '' : html`<div class="do">${actions}</div>`}</li>`
}

const state = (kind: Shape, words: Markup): Markup =>
  html`<p class="state ${kind}">${shape(kind)}<span>${words}</span></p>`
const ways = (links: Markup): Markup => html`<p class="small ways">${links}</p>`
const small = (words: Markup | string): Markup => html`<p class="small">${words}</p>`

const goTo = (card: Card, kind: 'connect' | 'reconnect', look: 'button' | 'calm'): Markup =>
  html`<a class="${look}" href="/connectors/${card.connector.name}/connect" aria-label="${sayPlainly(kind === 'connect' ? WORDS.connectOne : WORDS.reconnectOne, { system: card.displayName })}">${WORDS[kind]}</a>`

const disconnectLink = (card: Card, connection: Connection): Markup =>
  html`<a class="quiet" href="/connections/${connection.id}/disconnect" aria-label="${sayPlainly(WORDS.disconnectOne, { system: card.displayName })}">${WORDS.disconnect}</a>`

const outcomeLink = (card: Card): Markup =>
  html`<a href="/connections/${card.connection?.id}/disconnect" aria-label="${sayPlainly(WORDS.outcomeOne, { system: card.displayName })}">${WORDS.outcome}</a>`

const pluginNames = ({ plugins }: Card): Markup => names(plugins.map(plugin => plugin.displayName))

function connectedCard(card: Card, connection: Connection, at: At): Markup {
  const { now } = at
  const { accountLabel } = connection
  const since = day(connection.connectedAt, now)
  const words =
    accountLabel === null
      ? say(WORDS.connectedSince, { since })
      : say(WORDS.connectedAs, { account: name(accountLabel), since })
  const held = scopeOf(connection)
  return shell(
    card,
    'plain',
    html`${state('ok', words)}
${held.length === 0 ? '' : scopeTags(held, MOST_TAGS)}
${used(card, now)}
${missing(card)}
${begun(card, at)}
${details(card, connection)}`,
    disconnectLink(card, connection),
  )
}

function used({ plugins, uses }: Card, now: number): Markup | '' {
  const [latest] = uses
  const live = plugins.map(plugin => plugin.displayName)
  if (latest === undefined) return live.length === 0 ? '' : small(say(WORDS.usedByNever, { plugins: names(live) }))
  const users = uses.map(use => use.displayName)
  return small(say(WORDS.usedByLast, { plugins: names(users), last: ago(latest.lastUsedAt, now) }))
}

// Told until the person says that it was seen.
function begun({ uses, connection }: Card, { csrf, now }: At): Markup | '' {
  const fresh = uses.filter(use => use.isNew)
  const [one] = fresh
  if (one === undefined) return ''
  const plugins = names(fresh.map(use => use.displayName))
  return html`<form class="new" method="post" action="/connections/${connection?.id}/seen">${csrfField(csrf)}<p>${say(WORDS.begun, { plugins, at: ago(one.firstUsedAt, now) })}</p><button class="quiet">${WORDS.seen}</button></form>`
}

function missing(card: Card): Markup | '' {
  if (card.missingScope.length === 0) return ''
  const label = sayPlainly(WORDS.allowAt, { system: card.displayName })
  return html`<p class="small gap">${shape('warn')}<span>${say(WORDS.missing, { rights: scopeLine(card.missingScope) })} <a href="/connectors/${card.connector.name}/connect" aria-label="${label}">${WORDS.allow}</a></span></p>`
}

function details(card: Card, connection: Connection): Markup {
  const held = scopeOf(connection)
  const system = card.displayName
  const renews =
    connection.refreshToken !== null
      ? say(WORDS.renewsItself, { system })
      : connection.expiresAt === null
        ? say(WORDS.renewsNever, { system })
        : say(WORDS.renewsNot, { at: exactly(connection.expiresAt) })
  const rows: readonly (readonly [string, Markup | string])[] = [
    ...(held.length > 0 && held.length <= MOST_TAGS
      ? []
      : [[WORDS.rights, held.length === 0 ? say(WORDS.defaultRights, { system }) : scopeLines(held)] as const]),
    [WORDS.usedBy, users(card)],
    [WORDS.since, exactly(connection.connectedAt)],
    [WORDS.renews, renews],
  ]
  return html`<details><summary aria-label="${sayPlainly(WORDS.detailsOne, { system })}">${WORDS.details}</summary><dl>${rows.map(([term, told]) => html`<dt>${term}</dt><dd>${told}</dd>`)}</dl>
<p><a href="/history?system=${card.connector.name}">${WORDS.seeHistory}</a></p></details>`
}

function users({ plugins, uses }: Card): Markup | string {
  const idle = plugins.filter(plugin => !uses.some(use => use.displayName === plugin.displayName))
  if (uses.length + idle.length === 0) return WORDS.usedByNobody
  const lines = [
    // A use that has just begun is one, counted in a moment.
    ...uses.map(({ calls, displayName, lastUsedAt }) => {
      const times = Math.max(1, calls)
      const filled = { count: numberWords(times), plugin: name(displayName), last: exactly(lastUsedAt) }
      return say(formOf(WORDS.usedTimes, times), filled)
    }),
    ...idle.map(plugin => say(WORDS.usedNever, { plugin: name(plugin.displayName) })),
  ]
  return html`${lines.map((line, index) => html`${index === 0 ? '' : html`<br>`}${line}`)}`
}

function brokenCard(card: Card, connection: Connection, { now, loudest }: At): Markup {
  const why = entry(WORDS.reasons, connection.reason ?? '') ?? WORDS.lost
  return shell(
    card,
    'warn',
    html`${state('warn', say(why, { since: day(connection.connectedAt, now), system: card.displayName }))}
${card.plugins.length === 0 ? '' : small(say(WORDS.waiting, { plugins: pluginNames(card) }))}`,
    html`${goTo(card, 'reconnect', card === loudest ? 'button' : 'calm')}${disconnectLink(card, connection)}`,
  )
}

function disconnectingCard(card: Card): Markup {
  const until = card.revocationDeadlineAt
  return shell(
    card,
    'warn',
    html`${state('wait', say(WORDS.disconnecting, { system: card.displayName }))}
${until === null ? '' : small(say(WORDS.disconnectingMore, { until: exactly(until) }))}${ways(html`${outcomeLink(card)}${connectAgain(card)}`)}`,
    removeThere(card),
  )
}

function unconfirmedCard(card: Card, { csrf }: At): Markup {
  return shell(
    card,
    'warn',
    html`${state('unsure', say(WORDS.unconfirmed, { system: card.displayName }))}
${small(WORDS.unconfirmedMore)}${ways(html`${outcomeLink(card)}${connectAgain(card)}`)}`,
    html`${removeThere(card)}<form method="post" action="/connections/${card.connection?.id}/dismiss">${csrfField(csrf)}<button class="quiet" aria-label="${sayPlainly(WORDS.dismissOne, { system: card.displayName })}">${WORDS.dismiss}</button></form>`,
  )
}

/** For those to whom it is still offered. */
const connectAgain = (card: Card): Markup | '' =>
  card.yours || card.plugins.length > 0 || card.connector.definition.open_to_all
    ? html`<a href="/connectors/${card.connector.name}/connect" aria-label="${sayPlainly(WORDS.connectAgainOne, { system: card.displayName })}">${WORDS.connectAgain}</a>`
    : ''

const removeThere = (card: Card): Markup | '' =>
  outwardLink(card.instructionsUrl, WORDS.removeThere, {
    look: 'calm',
    label: sayPlainly(WORDS.removeThereOne, { system: card.displayName }),
  })

const availableCard = (card: Card): Markup =>
  shell(
    card,
    'plain',
    html`${card.plugins.length === 0 ? '' : small(say(WORDS.neededBy, { plugins: pluginNames(card) }))}${card.yours ? small(WORDS.yours) : ''}${card.description === null && card.plugins.length === 0 && !card.yours ? small(WORDS.notConnected) : ''}`,
    goTo(card, 'connect', 'calm'),
  )
