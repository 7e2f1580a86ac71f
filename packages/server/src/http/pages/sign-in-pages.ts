import { html } from 'hono/html'
import { layout, type Markup } from './layout.ts'
import { SIGN_IN_FAILURE, SIGN_IN_FAILURES, TEXT } from './text.ts'

export const signedOutPage = (organization: string): Markup =>
  layout(
    { title: 'Signed out', organization, narrow: true },
    html`<h1>You are signed out</h1><p class="lead">Your connections stay as they are; plugins can go on using them in your name.</p><p class="go"><a class="button big" href="/auth/login">${TEXT.signInAgain}</a></p>`,
  )

/** A sign-in that came to nothing: why, and the one thing to do next. */
export function signInFailedPage(
  organization: string,
  {
    kind,
    reason,
    requestId,
  }: { readonly kind: 'cancelled' | 'refused' | 'unavailable'; readonly reason: string; readonly requestId: string },
): Markup {
  const title =
    kind === 'cancelled'
      ? 'You are not signed in'
      : kind === 'unavailable'
        ? 'The company sign-in does not answer'
        : 'The sign-in did not work'
  const words =
    kind === 'cancelled'
      ? 'The company sign-in was cancelled. Nothing was changed.'
      : kind === 'unavailable'
        ? 'Nothing was changed. Try again in a moment; if it stays like this, your IT team should know.'
        : (SIGN_IN_FAILURES[reason] ?? SIGN_IN_FAILURE)
  return layout(
    { title, organization, narrow: true },
    html`<h1>${title}</h1><p class="lead">${words}</p><p class="go"><a class="button big" href="/auth/login">${TEXT.signInAgain}</a></p>
${kind === 'cancelled' ? '' : html`<p class="small">For your IT team: <code>${reason}</code>, <code>${requestId}</code></p>`}`,
  )
}

/** Where the first admin enters the one-time code. */
export const claimPage = (
  {
    organization,
    person,
  }: { readonly organization: string; readonly person: { readonly name: string; readonly csrf: string } },
  state: 'asking' | 'wrong' | 'done',
): Markup =>
  layout(
    { title: 'First admin', organization, signedIn: person, narrow: true },
    state === 'done'
      ? html`<h1>You are an admin now</h1><p class="note good" role="status"><strong>Done.</strong> The code is spent; further admins are made by you.</p><p class="go"><a class="button big" href="/connections">${TEXT.back}</a></p>`
      : html`<h1>Become the first admin</h1><p class="lead">Enter the one-time code that was printed when this organization was made.</p>
${state === 'wrong' ? html`<p class="note bad" role="alert">That is not the code, or it was used already.</p>` : ''}
<form method="post" action="/auth/claim"><input type="hidden" name="csrf" value="${person.csrf}">
<p class="field"><label for="code">One-time code</label><input id="code" name="code" autocomplete="off" spellcheck="false" required maxlength="100"></p>
<p class="go"><button class="button big">Become an admin</button><a class="quiet" href="/connections">${TEXT.notNow}</a></p></form>`,
  )
