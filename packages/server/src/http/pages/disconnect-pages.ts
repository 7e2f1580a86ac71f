import { html } from 'hono/html'
import { isConfirmed, type Revocation } from '../../domain/revocation.ts'
import type { DisconnectDescription } from '../../flows/revoke/describe-disconnect.ts'
import { csrfField, type Frame, layout, outwardLink } from './layout.ts'
import type { Markup } from './markup.ts'
import { counted, entry, names, say, sayPlainly } from './say.ts'
import { type Shape, shape } from './shapes.ts'
import { TEXT } from './text.ts'
import { exactly } from './time-words.ts'

const WORDS = TEXT.connect

/** Before ending: what stops working. */
export function disconnectPage(frame: Frame, described: DisconnectDescription): Markup {
  const { displayName: system, connection, plugins, released, canRevoke, effect, sharers } = described
  const title = sayPlainly(WORDS.disconnect, { system })
  return layout(
    frame,
    { title, narrow: true },
    html`<h1>${title}</h1>
<h2>${WORDS.stops}</h2>
<ul class="rights">
<li>${plugins.length === 0 ? WORDS.stopsNothing : say(WORDS.stopsFor, { plugins: names(plugins), system })} ${WORDS.stopsAtOnce}</li>
<li>${say(canRevoke ? WORDS.stopsThere : WORDS.stopsHereOnly, { system })}</li>
${effect === 'token' ? '' : html`<li>${say(effect === 'grant' ? WORDS.stopsGrant : WORDS.stopsApp, { system })}</li>`}
${sharers === 0 ? '' : html`<li>${counted(WORDS.stopsSharers, sharers)}</li>`}
${released.length === 0 ? '' : html`<li>${say(WORDS.stopsReleased, { plugins: names(released) })}</li>`}
</ul>
<p class="small">${WORDS.again}</p>
<form class="go" method="post" action="/connections/${connection.id}/disconnect">${csrfField(frame.visitor?.csrf ?? '')}
<button class="button big danger" data-busy="${WORDS.disconnecting}">${sayPlainly(WORDS.disconnectButton, { system })}</button><a class="quiet big" href="/connections">${WORDS.keep}</a></form>`,
  )
}

/** After ending: what became of each token, what else to do, and that we keep trying. */
export function disconnectedPage(frame: Frame, described: DisconnectDescription): Markup {
  const { displayName: system, connection, revocations, deadlineAt } = described
  const confirmed = connection.status === 'revoked'
  const title = sayPlainly(confirmed ? WORDS.ended : WORDS.endedHere, { system })
  const lead = confirmed
    ? say(WORDS.endedMore, { system })
    : deadlineAt === null
      ? say(WORDS.endedUnconfirmed, { system })
      : say(WORDS.endedPending, { system, until: exactly(deadlineAt) })
  const there = confirmed
    ? ''
    : outwardLink(described.instructionsUrl, sayPlainly(WORDS.removeThere, { system }), { look: 'button big' })
  const kind: Shape = confirmed ? 'ok' : deadlineAt === null ? 'unsure' : 'wait'
  return layout(
    frame,
    { title, narrow: true },
    html`<p class="sign ${kind}">${shape(kind)}</p><h1>${title}</h1>
<p class="lead" role="status">${lead}</p>
${revocations.length === 0 ? '' : html`<h2>${WORDS.outcomes}</h2><ul class="rights">${revocations.map(one => outcomeOf(one, system))}</ul>`}
${there === '' ? '' : html`<p class="small">${say(WORDS.toBeSure, { system })}</p>`}
<p class="go">${there}<a class="${there === '' ? 'button' : 'quiet'} big" href="/connections">${WORDS.back}</a></p>`,
  )
}

// What does not last by nature runs out; of anything else that is not known.
const outcomeWords = ({ outcome, token }: Revocation) =>
  WORDS.outcomeOf[outcome === 'unsupported' && token === 'access_token' ? 'unsupportedBrief' : outcome]

function outcomeOf(revocation: Revocation, system: string): Markup {
  const kind: Shape = isConfirmed(revocation.outcome) ? 'ok' : revocation.outcome === 'pending' ? 'wait' : 'unsure'
  const tried =
    revocation.outcome === 'pending' && revocation.attempts > 0
      ? html`<span>${counted(WORDS.outcomeOf.tried, revocation.attempts)} <i>${say(WORDS.outcomeOf.nextTry, { at: exactly(revocation.nextAttemptAt) })}</i></span>`
      : ''
  return html`<li class="outcome ${kind}">${shape(kind)}<span><b>${entry(WORDS.tokens, revocation.token) ?? WORDS.furtherToken}</b><span>${say(outcomeWords(revocation), { system })}</span>${tried}</span></li>`
}
