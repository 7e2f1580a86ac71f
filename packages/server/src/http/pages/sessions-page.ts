import { html } from 'hono/html'
import type { Session } from '../../domain/session.ts'
import { browserWords, isPhone } from './browser-words.ts'
import { csrfField, type Frame, layout } from './layout.ts'
import type { Markup } from './markup.ts'
import { say, sayPlainly } from './say.ts'
import { shape } from './shapes.ts'
import { TEXT } from './text.ts'
import { ago, exactly, exactWords } from './time-words.ts'

const WORDS = TEXT.sessions

/** Where a person is signed in, and the way to sign out elsewhere. */
export function sessionsPage(
  frame: Frame,
  {
    sessions,
    current,
    note,
  }: { readonly sessions: readonly Session[]; readonly current: string; readonly note: Markup | '' },
): Markup {
  const here = sessions.filter(({ id }) => id === current)
  const others = sessions.filter(({ id }) => id !== current)
  const form = (id: string, button: Markup): Markup =>
    html`<form method="post" action="/sessions/${id}/end">${csrfField(frame.visitor?.csrf ?? '')}${button}</form>`
  const row = (session: Session): Markup => {
    const browser = browserWords(session.userAgent)
    const mine = session.id === current
    const label = sayPlainly(WORDS.endOne, { browser, at: exactWords(session.createdAt) })
    const end = html`<button class="quiet" aria-label="${label}" data-busy="${WORDS.ending}">${WORDS.end}</button>`
    return html`<li class="card"><span class="icon plain">${shape(isPhone(session.userAgent) ? 'phone' : 'screen')}</span><div class="what"><h3>${browser}</h3>
<p class="small ways"><span>${say(WORDS.seen, { at: ago(session.lastSeenAt, frame.now) })}</span><span>${say(WORDS.began, { at: exactly(session.createdAt) })}</span></p>
<p class="small">${say(WORDS.ends, { at: exactly(session.expiresAt) })}</p></div>${mine ? '' : html`<div class="do">${form(session.id, end)}</div>`}</li>`
  }
  return layout(
    frame,
    { title: WORDS.title, current: 'sessions' },
    html`<h1>${WORDS.title}</h1><p class="lead">${WORDS.lead}</p>
${note}
<section aria-labelledby="here"><h2 id="here">${WORDS.here}</h2><ul class="cards">${here.map(row)}</ul></section>
<section aria-labelledby="others"><h2 id="others">${WORDS.others}</h2>
${others.length === 0 ? html`<p class="small">${WORDS.onlyHere}</p>` : html`<ul class="cards">${others.map(row)}</ul><div class="go">${form('others', html`<button class="quiet" data-busy="${WORDS.ending}">${WORDS.endAll}</button>`)}</div>`}</section>`,
  )
}
