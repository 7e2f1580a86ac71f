import { html } from 'hono/html'
import type { HtmlEscapedString } from 'hono/utils/html'
import { STYLESHEET } from './stylesheet.ts'
import { TEXT } from './text.ts'

/** Escaped markup. */
export type Markup = HtmlEscapedString | Promise<HtmlEscapedString>

export type Frame = {
  readonly title: string
  /** The organization's name; undefined where no organization is known. */
  readonly organization?: string | undefined
  readonly signedIn?: { readonly name: string; readonly csrf: string } | undefined
  readonly narrow?: boolean
  /** Where the browser goes on to by itself, at once. */
  readonly goOn?: string
  readonly footer?: boolean
}

/** One visual language for every page: no script, no inline style. */
export function layout({ title, organization, signedIn, narrow, goOn, footer }: Frame, main: Markup): Markup {
  const name = organization ?? 'Behalf'
  const initial = [...name][0]?.toUpperCase() ?? 'B'
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
${goOn === undefined ? '' : html`<meta http-equiv="refresh" content="0;url=${goOn}">`}
<title>${title} · ${name}</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="${STYLESHEET.path}">
</head>
<body class="${narrow ? 'narrow' : 'full'}">
<a class="skip" href="#main">${TEXT.skip}</a>
<header class="bar">
  <a class="org" href="/connections"><span class="mark" aria-hidden="true">${initial}</span> ${name}</a>
  ${signedIn === undefined ? '' : account(signedIn)}
</header>
<main id="main">
${main}
</main>
${footer ? html`<footer>${TEXT.footer}</footer>` : ''}
</body>
</html>`
}

const account = ({
  name,
  csrf,
}: {
  readonly name: string
  readonly csrf: string
}): Markup => html`<form class="me" method="post" action="/auth/logout">
    <span>${name}</span><input type="hidden" name="csrf" value="${csrf}"><button class="quiet">${TEXT.signOut}</button>
  </form>`

/** A link that leads out, where it is http or https; else nothing. */
export function outwardLink(url: string | null, words: string): Markup | '' {
  if (url === null || !/^https?:\/\//i.test(url)) return ''
  return html`<a href="${url}" rel="noopener noreferrer">${words}</a>`
}
