import { html } from 'hono/html'
import type { History, HistoryEntry } from '../../flows/connect/read-history.ts'
import { type Frame, layout } from './layout.ts'
import type { Markup } from './markup.ts'
import { formOf, name, numberWords, say } from './say.ts'
import { type Shape, shape } from './shapes.ts'
import { TEXT } from './text.ts'
import { ago, exactly } from './time-words.ts'

const WORDS = TEXT.history
const SHAPES: Readonly<Record<HistoryEntry['result'], Shape>> = {
  answered: 'ok',
  refused: 'warn',
  failed: 'warn',
  stopped: 'off',
}

type Total = {
  readonly plugin: { readonly displayName: string }
  readonly connector: { readonly name: string; readonly displayName: string }
  readonly calls: number
  readonly lastUsedAt: number
}

export type HistoryView = {
  readonly history: History
  /** How often, over the whole time; empty on later pages. */
  readonly totals: readonly Total[]
  readonly system: string | undefined
  /** Whether these are not the newest. */
  readonly later: boolean
  readonly nextCursor: string | null
}

/** Which plugin used which connection when; never what was read or written. */
export function historyPage(frame: Frame, { history, totals, system, later, nextCursor }: HistoryView): Markup {
  const { entries, systems } = history
  const chosen = systems.find(({ name: known }) => known === system)
  const query = new URLSearchParams(chosen === undefined ? {} : { system: chosen.name })
  const first = `/history${query.size === 0 ? '' : `?${query}`}`
  const file = `/history.csv${query.size === 0 ? '' : `?${query}`}`
  if (nextCursor !== null) query.set('cursor', nextCursor)
  return layout(
    frame,
    { title: WORDS.title, current: 'history' },
    html`<h1>${WORDS.title}</h1><p class="lead">${WORDS.lead}</p>
${systems.length === 0 && entries.length === 0 ? '' : filter(systems, chosen?.name, file)}
${totals.length > 0 ? sums(totals, frame.now) : ''}
${entries.length > 0 ? html`<h2>${WORDS.each}</h2>${table(entries)}` : nothing(chosen?.displayName)}
${later || nextCursor !== null ? html`<nav class="go" aria-label="${WORDS.pages}">${later ? html`<a class="quiet" href="${first}">${WORDS.newer}</a>` : ''}${nextCursor === null ? '' : html`<a class="quiet" href="/history?${query}">${WORDS.older}</a>`}</nav>` : ''}`,
  )
}

const filter = (systems: History['systems'], chosen: string | undefined, file: string): Markup =>
  html`<form class="search" action="/history"><label for="system">${WORDS.filter}</label>
<select id="system" name="system"><option value="">${WORDS.allSystems}</option>${systems.map(({ name: value, displayName }) => html`<option value="${value}"${value === chosen ? html` selected` : ''}>${displayName}</option>`)}</select>
<button class="quiet">${WORDS.show}</button><a class="quiet end" href="${file}" download>${WORDS.download}</a></form>`

const nothing = (system: string | undefined): Markup =>
  system === undefined
    ? html`<div class="empty"><p class="sign off">${shape('wait')}</p><h2>${WORDS.emptyTitle}</h2><p>${WORDS.empty}</p></div>`
    : html`<div class="empty"><p>${say(WORDS.none, { system: name(system) })}</p></div>`

const sums = (totals: readonly Total[], now: number): Markup =>
  html`<h2>${WORDS.often}</h2><ul class="rights sums">${totals.map(
    ({ plugin, connector, calls, lastUsedAt }) =>
      html`<li><span>${say(WORDS.pair, { plugin: name(plugin.displayName), system: name(connector.displayName) })}</span> <span>${say(formOf(WORDS.times, Math.max(1, calls)), { count: numberWords(calls), last: ago(lastUsedAt, now) })}</span></li>`,
  )}</ul>`

const table = (entries: readonly HistoryEntry[]): Markup =>
  html`<table class="uses"><thead><tr><th scope="col">${WORDS.when}</th><th scope="col">${WORDS.plugin}</th><th scope="col">${WORDS.system}</th><th scope="col">${WORDS.result}</th></tr></thead>
<tbody>${entries.map(
    entry =>
      html`<tr><td>${exactly(entry.at)}</td><td>${entry.plugin === null ? WORDS.nobody : name(entry.plugin)}</td><td><bdi>${entry.system}</bdi></td><td class="state ${SHAPES[entry.result]}">${shape(SHAPES[entry.result])}<span>${WORDS.results[entry.result]}</span></td></tr>`,
  )}</tbody></table>`

/** The same as a CSV file (RFC 4180), in UTC. Cells that a spreadsheet would compute are made text. */
export const historyCsv = (entries: readonly HistoryEntry[]): string =>
  [WORDS.csv, ...entries.map(row)].map(cells => cells.map(cell).join(',')).join('\r\n')

const row = ({ at, plugin, system, result, status }: HistoryEntry): readonly string[] => [
  new Date(at).toISOString(),
  plugin ?? '',
  system,
  WORDS.results[result],
  status === null ? '' : String(status),
]

// SECURITY: a name that begins like a formula would run in a spreadsheet.
const cell = (text: string): string => {
  const inert = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text
  return /[",\r\n]/.test(inert) ? `"${inert.replaceAll('"', '""')}"` : inert
}
