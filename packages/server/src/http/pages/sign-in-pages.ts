import { html } from 'hono/html'
import { csrfField, type Frame, layout, nextSteps } from './layout.ts'
import type { Markup } from './markup.ts'
import { entry, name, say } from './say.ts'
import { shape } from './shapes.ts'
import { TEXT } from './text.ts'

const WORDS = TEXT.signIn

/** After signing out. */
export const signedOutPage = (frame: Frame, again: string): Markup =>
  layout(
    frame,
    { title: WORDS.signedOut, narrow: true },
    html`<p class="sign ok">${shape('ok')}</p><h1>${WORDS.signedOut}</h1><p class="lead">${WORDS.signedOutMore}</p>${nextSteps({ words: WORDS.again, href: again })}`,
  )

/** Whether to sign out: where a page could only link to it. `returnTo` is what is asked for once somebody is signed in again. */
export const signOutPage = (frame: Frame, returnTo: string | undefined): Markup =>
  layout(
    frame,
    { title: WORDS.leave, narrow: true },
    html`<h1>${WORDS.leave}</h1><p class="lead">${say(WORDS.leaveMore, { person: name(frame.visitor?.name ?? '') })} ${WORDS.leaveOther}</p>
<form class="go" method="post" action="/auth/logout">${csrfField(frame.visitor?.csrf ?? '')}${returnTo === undefined ? '' : html`<input type="hidden" name="return_to" value="${returnTo}">`}<button class="button big">${TEXT.frame.signOut}</button><a class="quiet big" href="/connections">${WORDS.stay}</a></form>`,
  )

// A redirect from a form would fall under CSP form-action along its whole chain; a page that moves on does not.
export const signingOutPage = (frame: Frame, location: string): Markup =>
  layout(
    frame,
    { title: WORDS.leaving, narrow: true, goOn: location },
    html`<h1>${WORDS.leaving}</h1><p class="lead">${WORDS.leavingMore}</p>${nextSteps({ words: WORDS.goOn, href: location })}`,
  )

export type SignInFailure = {
  readonly kind: 'cancelled' | 'refused' | 'unavailable'
  readonly reason: string
  readonly requestId: string
  /** Where a new try begins, with the page that was asked for. */
  readonly again?: string
}

/** A sign-in that came to nothing: why, and the one thing to do next. */
export function signInFailedPage(
  frame: Frame,
  { kind, reason, requestId, again = '/auth/login' }: SignInFailure,
): Markup {
  const words = kind === 'refused' ? (entry(WORDS.reasons, reason) ?? WORDS.refusedMore) : WORDS[`${kind}More`]
  const codes = html`<code>${reason}</code>, <code>${requestId}</code>`
  const sign = kind === 'cancelled' ? 'info' : kind === 'unavailable' ? 'wait' : 'warn'
  return layout(
    frame,
    { title: WORDS[kind], narrow: true },
    html`<p class="sign ${sign}">${shape(sign)}</p><h1>${WORDS[kind]}</h1><p class="lead">${words}</p>${nextSteps({ words: kind === 'unavailable' ? WORDS.tryAgain : WORDS.again, href: again })}
${kind === 'cancelled' ? '' : html`<p class="ref">${say(TEXT.problems.forSupport, { codes })}</p>`}`,
  )
}

/** Where the first admin enters the one-time code. */
export function claimPage(frame: Frame, state: 'asking' | 'wrong' | 'done'): Markup {
  const { claim } = TEXT
  if (state === 'done')
    return layout(
      frame,
      { title: claim.done, narrow: true },
      html`<p class="sign ok">${shape('ok')}</p><h1>${claim.done}</h1><p class="lead" role="status">${claim.doneMore}</p>${nextSteps({ words: claim.open, href: '/studio/' }, { words: TEXT.frame.back, href: '/connections' })}`,
    )
  const wrong = state === 'wrong'
  return layout(
    frame,
    { title: claim.title, narrow: true },
    html`<h1>${claim.title}</h1><p class="lead">${claim.lead}</p>
<form method="post" action="/auth/claim">${csrfField(frame.visitor?.csrf ?? '')}
<p class="field"><label for="code">${claim.label}</label><input id="code" name="code" autocomplete="off" spellcheck="false" required maxlength="100"${wrong ? html` aria-invalid="true" aria-describedby="wrong"` : ''}></p>
${wrong ? html`<p class="wrong" id="wrong" role="alert">${shape('warn')}<span>${claim.wrong}</span></p>` : ''}
<p class="go"><button class="button big">${claim.button}</button><a class="quiet big" href="/connections">${TEXT.connect.notNow}</a></p></form>`,
  )
}
