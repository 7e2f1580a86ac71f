import { html } from 'hono/html'
import { scopeOf } from '../../domain/connection.ts'
import type { ConnectBegun } from '../../flows/connect/begin-connect.ts'
import type { ConnectDescription } from '../../flows/connect/describe-connect.ts'
import { csrfField, type Frame, layout, nextSteps } from './layout.ts'
import type { Markup } from './markup.ts'
import { entry, name, names, say, sayPlainly } from './say.ts'
import { inOrder, scopeWords } from './scope-words.ts'
import { letterIcon, shape, systemIcon } from './shapes.ts'
import { TEXT } from './text.ts'
import { day } from './time-words.ts'

const WORDS = TEXT.connect

export type ConfirmForm = {
  readonly action: string
  readonly plugin: string | undefined
  readonly returnTo: string | undefined
  /** What was written before, and which answers did not fit. */
  readonly given?: { readonly values: Readonly<Record<string, string>>; readonly faults: readonly string[] }
}

/** Before leaving: which system, which plugin asks and why, which rights, and where the browser goes next. */
export function confirmPage(frame: Frame, described: ConnectDescription, form: ConfirmForm): Markup {
  const { displayName: system, plugin, plugins, existing } = described
  const asking = plugin === null ? plugins : [plugin]
  const [only] = asking
  const asked = asking.map(({ definition }) => definition.display_name ?? definition.name)
  const again = existing?.status === 'connected' || existing?.status === 'reconnect_required'
  const title =
    asked.length === 1
      ? sayPlainly(again ? WORDS.reconnectFor : WORDS.connectFor, { system, plugin: asked[0] ?? '' })
      : sayPlainly(again ? WORDS.reconnect : WORDS.connect, { system })
  return layout(
    frame,
    { title, narrow: true },
    html`<p class="path" aria-hidden="true">${asking.length === 1 && only !== undefined ? letterIcon(only.definition.name, asked[0] ?? '') : letterIcon(frame.brand.name, frame.brand.name)}<span class="line"></span>${systemIcon(described)}</p>
<h1>${title}</h1>
<p class="lead">${reason(asked, described, frame.now)}</p>
${existing?.status === 'connected' ? html`<p class="small">${standing(existing, frame.now, system)}</p>` : ''}
<h2>${WORDS.rights}</h2>
${rights(described)}
<h2>${WORDS.yours}</h2>
<ul class="ticks">
<li>${say(WORDS.password, { system })}</li>
${throughUs(frame.brand.name, described, asking)}
<li>${say(WORDS.stop, { system })}</li>
</ul>
<form class="go" method="post" action="${form.action}">${csrfField(frame.visitor?.csrf ?? '')}
${form.plugin === undefined ? '' : html`<input type="hidden" name="plugin" value="${form.plugin}">`}${form.returnTo === undefined ? '' : html`<input type="hidden" name="return_to" value="${form.returnTo}">`}
${questions(described, form.given)}
<p class="small">${onward(described)}</p>
<button class="button big" data-busy="${WORDS.going}">${sayPlainly(WORDS.go, { system })}</button><a class="quiet big" href="/connections">${WORDS.notNow}</a>
</form>`,
  )
}

// As whom where that is known; a first connect takes whoever signs in there.
function onward({ nextHost, existing }: ConnectDescription): Markup {
  const host = html`<b>${nextHost}</b>`
  const stands = existing?.status === 'connected' || existing?.status === 'reconnect_required'
  const account = stands ? existing.accountLabel : null
  return account === null ? say(WORDS.next, { host }) : say(WORDS.nextAs, { host, account: name(account) })
}

/** What the connector asks of a person, such as the name of their shop. */
function questions({ asked, existing, prefilled }: ConnectDescription, given: ConfirmForm['given']): Markup | '' {
  if (asked.length === 0) return ''
  const firstWrong = asked.find(([variable]) => given?.faults.includes(variable))?.[0]
  return html`${asked.map(([variable, { label, help, example, enum: choices, default: otherwise }]) => {
    const id = `variable-${variable}`
    const value = given?.values[variable] ?? prefilled[variable] ?? existing?.variables[variable] ?? ''
    const isWrong = given?.faults.includes(variable) === true
    const told = [...(isWrong ? [`${id}-wrong`] : []), ...(help === undefined ? [] : [`${id}-help`])]
    const described = told.length === 0 ? '' : html` aria-describedby="${told.join(' ')}"`
    const wrong = isWrong ? html` aria-invalid="true"` : ''
    const focus = variable === firstWrong ? html` autofocus` : ''
    const box =
      choices === undefined
        ? html`<input id="${id}" name="variable.${variable}" value="${value}" placeholder="${example ?? ''}" maxlength="200" autocomplete="off" spellcheck="false"${otherwise === undefined ? html` required` : ''}${described}${wrong}${focus}>`
        : html`<select id="${id}" name="variable.${variable}"${described}${wrong}${focus}>${choices.map(one => html`<option${one === value ? html` selected` : ''}>${one}</option>`)}</select>`
    return html`<div class="field"><label for="${id}">${label ?? variable.replaceAll('_', ' ')}</label>${box}
${isWrong ? html`<p class="wrong" id="${id}-wrong">${shape('warn')}<span>${WORDS.answerWrong}</span></p>` : ''}${help === undefined ? '' : html`<p class="small" id="${id}-help">${help}</p>`}</div>`
  })}`
}

function reason(
  asked: readonly string[],
  { displayName: system, plugin, plugins, description, launchedAt }: ConnectDescription,
  now: number,
): Markup {
  const why = (plugin ?? (plugins.length === 1 ? plugins[0] : undefined))?.definition.description ?? description
  const who =
    asked.length === 0
      ? say(WORDS.wantsNobody, { system })
      : asked.length === 1
        ? say(WORDS.wants, { plugin: names(asked), system })
        : say(WORDS.wantMany, { plugins: names(asked), system })
  const launched = launchedAt === null ? '' : html` ${say(WORDS.launched, { at: day(launchedAt, now) })}`
  return html`${who}${why === null || why === undefined ? '' : html` ${why}`}${launched}`
}

function standing(existing: NonNullable<ConnectDescription['existing']>, now: number, system: string): Markup {
  const since = day(existing.connectedAt, now)
  return existing.accountLabel === null
    ? say(WORDS.nowUnnamed, { since, system })
    : say(WORDS.now, { account: name(existing.accountLabel), since, system })
}

function rights({ scope, displayName: system, existing, connector }: ConnectDescription): Markup {
  if (scope.length === 0) return html`<p class="small">${say(WORDS.rightsDefault, { system })}</p>`
  const held = existing?.status === 'connected' ? scopeOf(existing) : undefined
  const isNew = (one: string) => held !== undefined && !held.includes(one)
  return html`<ul class="rights">${inOrder(scope).map(one => html`<li><b>${entry(connector.definition.auth.scope_descriptions, one) ?? scopeWords(one)}</b>${isNew(one) ? html` <span class="count">${WORDS.newRight}</span>` : ''}</li>`)}</ul>`
}

// Said only where it is true: a plugin that may be handed the token itself is named.
function throughUs(
  organization: string,
  { connector }: ConnectDescription,
  asking: ConnectDescription['plugins'],
): Markup {
  const handed = asking.filter(({ definition }) => definition.token_release.includes(connector.name))
  if (handed.length === 0) return html`<li>${say(WORDS.throughUs, { organization })}</li>`
  const plugins = names(handed.map(({ definition }) => definition.display_name ?? definition.name))
  return html`<li class="but">${say(WORDS.released, { plugins })}</li>`
}

/** On the way: moves on by itself, and says where to, for browsers that do not. */
export const leavingPage = (frame: Frame, { location, displayName: system, nextHost }: ConnectBegun): Markup =>
  layout(
    frame,
    { title: sayPlainly(WORDS.leaving, { system }), narrow: true, goOn: location },
    html`<h1>${sayPlainly(WORDS.leaving, { system })}</h1>
<p class="lead">${say(WORDS.leavingMore, { host: html`<b>${nextHost}</b>` })}</p>
${nextSteps({ words: sayPlainly(WORDS.go, { system }), href: location })}`,
  )
