import type { Problem, ProblemCode } from '@behalf/contract'
import { html } from 'hono/html'
import { layout, type Markup } from './layout.ts'
import { PROBLEM_PAGES, TEXT } from './text.ts'

/** Any problem, for a person: what it means and the one thing to do next. */
export function errorPage({
  problem,
  organization,
}: {
  readonly problem: Problem
  readonly organization?: string | undefined
}): Markup {
  const known = PROBLEM_PAGES[problem.code as ProblemCode]
  const title = known?.title ?? problem.title
  const text = known?.text ?? problem.detail ?? 'Nothing was changed.'
  const signedOut = problem.code === 'session_expired' || problem.code === 'unauthenticated'
  return layout(
    { title, organization, narrow: true },
    html`<h1>${title}</h1><p class="lead">${text}</p>
${known !== undefined && problem.code === 'not_found' && problem.detail !== undefined ? html`<p class="small">${problem.detail}</p>` : ''}
<p class="go"><a class="button big" href="${signedOut ? '/auth/login' : '/connections'}">${signedOut ? TEXT.signInAgain : TEXT.back}</a></p>
<p class="ref">For your IT team: <code>${problem.code}</code>, <code>${problem.request_id}</code></p>`,
  )
}
