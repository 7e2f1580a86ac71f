import type { Problem } from '@behalf/contract'
import { html } from 'hono/html'
import type { NextStep } from './english/problems.ts'
import { type Frame, layout, nextSteps } from './layout.ts'
import type { Markup } from './markup.ts'
import { entry, name, say } from './say.ts'
import { shape } from './shapes.ts'
import { TEXT } from './text.ts'

const WORDS = TEXT.problems

/** Any problem, for a person: what it means and the one thing to do next. `here` is where it happened, to be tried again. */
export function errorPage(frame: Frame, problem: Problem, here: string): Markup {
  const known = entry(WORDS.byCode, problem.code)
  const title = known?.title ?? problem.title
  const step: NextStep = known?.next ?? (problem.connect_url === undefined ? 'connections' : 'start_again')
  const begun = problem.connect_url === undefined ? here : new URL(problem.connect_url).pathname
  const codes = html`<code>${problem.code}</code>, <code>${problem.request_id}</code>`
  const told = problem.code === 'not_found' || known === undefined ? problem.detail : undefined
  const sign = problem.status >= 500 ? 'wait' : 'info'
  return layout(
    frame,
    { title, narrow: true },
    html`<p class="sign ${sign}">${shape(sign)}</p><h1>${title}</h1>
<p class="lead">${known?.text ?? WORDS.other}</p>
${told === undefined ? '' : html`<p class="small">${told}</p>`}
${step === 'another_person' && frame.visitor !== undefined ? html`<p class="small">${say(WORDS.signedInAs, { person: name(frame.visitor.name) })}</p>` : ''}
${nextSteps({ words: WORDS.steps[step], href: hrefOf(step, begun) })}
<p class="ref">${say(WORDS.forSupport, { codes })}</p>`,
  )
}

function hrefOf(step: NextStep, here: string): string {
  if (step === 'sign_in')
    return here === '/connections' ? '/auth/login' : `/auth/login?return_to=${encodeURIComponent(here)}`
  if (step === 'another_person')
    return here === '/connections' ? '/auth/logout' : `/auth/logout?return_to=${encodeURIComponent(here)}`
  return step === 'try_again' || step === 'start_again' ? here : '/connections'
}
