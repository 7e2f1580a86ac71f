import type { LaunchId } from '@behalf/contract'
import type { Hono } from 'hono'
import { html } from 'hono/html'
import { BrokerError } from '../../domain/broker-error.ts'
import type { Flows } from '../../flows/flows.ts'
import type { AskedAgreement } from '../../flows/launch/answer-agreement.ts'
import type { EdgeEnv } from '../edge-env.ts'
import { csrfField, type Frame } from './layout.ts'
import type { Markup } from './markup.ts'
import type { PageGuard } from './page-guard.ts'
import { name, say } from './say.ts'
import { letterIcon, shape } from './shapes.ts'
import { TEXT } from './text.ts'

const WORDS = TEXT.agreements

/** Registers the answers to what {@link agreementsBlock} asks. */
export function registerAgreementPages(app: Hono<EdgeEnv>, flows: Flows, { submitted }: PageGuard): void {
  for (const answer of ['agree', 'withdraw'] as const)
    app.post(`/launches/:id/${answer}`, c =>
      submitted(c, async (_, principal) => {
        const id = (c.req.param('id') ?? '') as LaunchId
        await flows.answerAgreement(c.get('context'), { ...principal, roles: [] }, id, answer).catch(onlyOver)
        return c.redirect('/connections', 303)
      }),
    )
}

// Unlaunched meanwhile, or never this person's: the page shows how it stands.
function onlyOver(error: unknown): void {
  if (!(error instanceof BrokerError && error.code === 'not_found')) throw error
}

/** On the connections page: which plugins would keep what calls hold, and the person's word on it; nothing where none would. */
export const agreementsBlock = ({ visitor }: Frame, asked: readonly AskedAgreement[]): Markup | '' =>
  asked.length === 0 || visitor === undefined
    ? ''
    : html`<section aria-labelledby="kept"><h2 id="kept">${WORDS.heading} <span class="count">${asked.length}</span></h2>
<ul class="cards">${asked.map(one => agreement(one, visitor.csrf))}</ul></section>`

function agreement({ launch, plugin, agreed }: AskedAgreement, csrf: string): Markup {
  const displayName = plugin.definition.display_name ?? plugin.definition.name
  const form = (answer: string, words: string): Markup =>
    html`<form method="post" action="/launches/${launch.id}/${answer}">${csrfField(csrf)}<button class="calm">${words}</button></form>`
  const icon = letterIcon(plugin.definition.name, displayName)
  const reason = html`<p class="small">${say(WORDS.reason, { reason: html`<bdi>${launch.reason}</bdi>` })}</p>`
  if (agreed)
    return html`<li class="card warn">${icon}<div class="what"><h3>${say(WORDS.agreedTitle, { plugin: name(displayName) })}</h3>
<p class="state wait">${shape('wait')}<span>${WORDS.agreed}</span></p>${reason}</div><div class="do">${form('withdraw', WORDS.withdraw)}</div></li>`
  return html`<li class="card warn">${icon}<div class="what"><h3>${say(WORDS.title, { plugin: name(displayName) })}</h3>
<p class="state wait">${shape('wait')}<span>${WORDS.asked}</span></p>${reason}<p class="small">${WORDS.until}</p></div><div class="do">${form('agree', WORDS.agree)}</div></li>`
}
