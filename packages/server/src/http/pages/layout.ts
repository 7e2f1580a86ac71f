import { html } from 'hono/html'
import type { SessionPrincipal } from '../principal.ts'
import { COMFORT, STYLESHEET } from './assets.ts'
import type { Markup } from './markup.ts'
import { name, say } from './say.ts'
import { LANGUAGE, TEXT } from './text.ts'

/** Whose pages these are: a name, and where its logo is served from. */
export type Brand = { readonly name: string; readonly logo: string | null }

/** Who reads a page; `builds` where the studio is theirs too. */
type Visitor = { readonly name: string; readonly csrf: string; readonly builds: boolean }

/** Whom a page greets; `csrf` is the token of that session. */
export const visitorOf = ({ person, roles }: SessionPrincipal, csrf: string): Visitor => ({
  name: person.email ?? person.name ?? person.sub,
  csrf,
  builds: roles.length > 0,
})

/** What every page is given: whose it is, who reads it, and when. */
export type Frame = {
  readonly brand: Brand
  readonly visitor?: Visitor | undefined
  readonly now: number
}
export type Page = {
  readonly title: string
  /** Which of the person's pages this is. */
  readonly current?: 'connections' | 'history' | 'sessions'
  /** One column of prose, for a question or an answer. */
  readonly narrow?: boolean
  /** Where the browser goes on to by itself, at once. */
  readonly goOn?: string
}

const NOBODY: Brand = { name: 'Behalf', logo: null }
/** The frame where no organization is known. */
export const bareFrame: Frame = { brand: NOBODY, now: 0 }

/** One visual language for every page: no inline script, no inline style, whole without any script. */
export function layout({ brand, visitor }: Frame, { title, current, narrow, goOn }: Page, main: Markup): Markup {
  return html`<!doctype html>
<html lang="${LANGUAGE.tag}" dir="${LANGUAGE.direction}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
${goOn === undefined ? '' : html`<meta http-equiv="refresh" content="0;url=${goOn}">`}<title>${title} · ${brand.name}</title>
<link rel="icon" href="${brand.logo ?? 'data:,'}">
<link rel="stylesheet" href="${STYLESHEET.path}">
<script src="${COMFORT.path}" defer></script>
</head>
<body${narrow ? html` class="narrow"` : ''}>
<a class="skip" href="#main">${TEXT.frame.skip}</a>
<header class="bar">
<a class="org" href="/connections">${mark(brand)}<span>${brand.name}</span></a>
${visitor === undefined ? '' : [nav(current, visitor.builds), account(visitor)]}
</header>
<main id="main" tabindex="-1">
${main}
</main>
${visitor === undefined ? '' : footer(visitor.name)}
</body>
</html>`
}

const mark = ({ name: text, logo }: Brand): Markup =>
  logo === null
    ? html`<span class="mark" aria-hidden="true">${[...text][0]?.toUpperCase() ?? ''}</span>`
    : html`<img class="mark" src="${logo}" alt="" width="32" height="32">`

const NAV = [
  ['connections', '/connections'],
  ['history', '/history'],
  ['sessions', '/sessions'],
] as const
const nav = (current: Page['current'], builds: boolean): Markup =>
  html`<nav aria-label="${TEXT.frame.main}">${NAV.map(
    ([page, href]) =>
      html`<a href="${href}"${page === current ? html` aria-current="page"` : ''}>${TEXT.frame[page]}</a>`,
  )}${builds ? html`<a href="/studio/">${TEXT.frame.studio}</a>` : ''}</nav>`

const account = ({ name: text, csrf }: Visitor): Markup =>
  html`<form class="me" method="post" action="/auth/logout"><span><bdi>${text}</bdi></span>${csrfField(csrf)}<button class="quiet">${TEXT.frame.signOut}</button></form>`

function footer(person: string): Markup {
  const history = html`<a href="/history">${TEXT.frame.footerHistory}</a>`
  return html`<footer><p>${say(TEXT.frame.footer, { history })}</p><p class="who">${say(TEXT.frame.signedInAs, { person: name(person) })}</p></footer>`
}

/** The token that every form of a signed-in person carries. */
export const csrfField = (csrf: string): Markup => html`<input type="hidden" name="csrf" value="${csrf}">`

/** The one thing to do next, and a quieter way. */
export const nextSteps = (
  next: { readonly words: string; readonly href: string },
  other?: { readonly words: string; readonly href: string },
): Markup =>
  html`<p class="go"><a class="button big" href="${next.href}">${next.words}</a>${other === undefined ? '' : html`<a class="quiet big" href="${other.href}">${other.words}</a>`}</p>`

/** A link that leads out, where it is http or https; else nothing. */
export function outwardLink(
  url: string | null,
  words: string,
  { look, label }: { readonly look: string; readonly label?: string },
): Markup | '' {
  if (url === null || !/^https?:\/\//i.test(url)) return ''
  return html`<a class="${look}" href="${url}" rel="noopener noreferrer"${label === undefined ? '' : html` aria-label="${label}"`}>${words}</a>`
}
