import { html } from 'hono/html'
import { BrokerError } from '../../domain/broker-error.ts'
import type { GrantAnswer, ParkedQuestion } from '../../flows/connect/answer-parked-grant.ts'
import { csrfField, type Frame, layout } from './layout.ts'
import type { Markup } from './markup.ts'
import { name, say, sayPlainly } from './say.ts'
import { TEXT } from './text.ts'

const WORDS = TEXT.connect

/** A question about a grant that was just given: instead of the account before, or for which of several sites. */
export function questionPage(frame: Frame, { parked, displayName: system, question }: ParkedQuestion): Markup {
  const title = sayPlainly(question.kind === 'other_account' ? WORDS.otherAccountTitle : WORDS.chooseSite, { system })
  const action = `/connections/answer/${parked.id}`
  return layout(
    frame,
    { title, narrow: true },
    html`<h1>${title}</h1>
${question.kind === 'other_account' ? aboutAccounts(system, question) : html`<p class="lead">${say(WORDS.chooseSiteMore, { system })}</p>`}
<form class="go" method="post" action="${action}">${csrfField(frame.visitor?.csrf ?? '')}
${question.kind === 'other_account' ? accounts(question) : sites(question.sites)}
</form>`,
  )
}

type Accounts = { readonly before: string | null; readonly after: string | null }

function aboutAccounts(system: string, { before, after }: Accounts): Markup {
  const [was, is] = [name(before ?? WORDS.unnamedAccount), name(after ?? WORDS.unnamedAccount)]
  return html`<p class="lead">${say(WORDS.otherAccountMore, { before: was, after: is })}</p>
<p class="small">${say(WORDS.otherAccountKept, { system })}</p>`
}

// Neither is the better answer, so neither is louder.
const accounts = ({ before, after }: Accounts): Markup =>
  html`<button class="calm big" name="answer" value="keep">${sayPlainly(WORDS.keepOld, { account: before ?? WORDS.unnamedAccount })}</button>
<button class="calm big" name="answer" value="replace">${sayPlainly(WORDS.useNew, { account: after ?? WORDS.unnamedAccount })}</button>`

function sites(all: readonly { readonly label: string | null; readonly id: string | null }[]): Markup {
  const labelOf = (site: (typeof all)[number]) => site.label ?? site.id ?? WORDS.unnamedAccount
  return html`<fieldset class="choices"><legend class="small">${WORDS.sites}</legend>
${all.map((site, index) => html`<label class="choice"><input type="radio" name="answer" value="site.${index}"${index === 0 ? html` checked` : ''}> <bdi>${labelOf(site)}</bdi></label>`)}
</fieldset>
<button class="button big">${WORDS.useSite}</button>
<a class="quiet big" href="/connections">${WORDS.notNow}</a>`
}

/** Throws `invalid_request`. */
export function readAnswer(text: string): GrantAnswer {
  if (text === 'replace' || text === 'keep') return { kind: text }
  const index = /^site\.(\d{1,3})$/.exec(text)?.[1]
  if (index !== undefined) return { kind: 'site', index: Number(index) }
  throw new BrokerError('invalid_request', { detail: 'This is not one of the answers.' })
}
