import { html } from 'hono/html'
import type { Card } from '../../flows/connect/list-cards.ts'
import type { ConnectResult } from '../../flows/connect/read-connect-result.ts'
import { type Frame, layout, nextSteps } from './layout.ts'
import type { Markup } from './markup.ts'
import { note } from './notes.ts'
import { entry, name, names, say, sayPlainly } from './say.ts'
import { scopeLine } from './scope-words.ts'
import { shape } from './shapes.ts'
import { TEXT } from './text.ts'

const WORDS = TEXT.connect
const HOME = '/connections'
const BACK = { words: WORDS.back, href: HOME }
/** What no new try mends: it is for the IT team to look at, or was done elsewhere already. */
const NOT_BY_TRYING: ReadonlySet<string> = new Set([
  'invalid_client',
  'unauthorized_client',
  'redirect_uri_mismatch',
  'invalid_scope',
  'version_conflict',
])

/** The same connect once more: for the plugin that it was begun for, and back to the page that asked. */
function againAt({ connector, pluginName, returnTo }: ConnectResult): string {
  const query = new URLSearchParams({
    ...(pluginName === null ? {} : { plugin: pluginName }),
    ...(returnTo === HOME ? {} : { return_to: returnTo }),
  })
  return `/connectors/${connector.name}/connect${query.size === 0 ? '' : `?${query}`}`
}

/** Coming back connected, at the top of the page that asked: as whom, and what goes on by itself or not. */
export function connectedNote(result: ConnectResult): Markup | '' {
  const { displayName: system, outcome } = result
  if (outcome.kind !== 'connected') return ''
  return html`${isWhole(result) ? note('good', say(WORDS.done, { system }), whoGoesOn(result)) : ''}${butFor(result)}`
}

const asWhom = ({ connection }: ConnectResult): Markup | '' => {
  const account = connection?.accountLabel ?? null
  return account === null ? '' : html`${say(WORDS.doneAs, { account: name(account) })} `
}

function whoGoesOn(result: ConnectResult): Markup {
  const plugins = result.plugins.map(plugin => plugin.displayName)
  const goesOn = plugins.length === 1 ? WORDS.doneOnePlugin : WORDS.doneManyPlugins
  return html`${asWhom(result)}${plugins.length === 0 ? '' : say(goesOn, { plugins: names(plugins) })}`
}

/** Where less or more was granted than was asked for. */
function butFor(result: ConnectResult): Markup | '' {
  const { displayName: system, outcome } = result
  if (outcome.kind !== 'connected') return ''
  const { missingScope, extraScope } = outcome
  const more = () => note('bad', '', say(WORDS.extra, { system, rights: scopeLine(extraScope) }))
  return html`${missingScope.length === 0 ? '' : fewer(result, missingScope)}${extraScope.length === 0 ? '' : more()}`
}

/** After a person answered which account or site counts: what is connected now, where it still is. */
export function answeredNote(cards: readonly Card[], connectorName: string | undefined): Markup | '' {
  const card = cards.find(({ connector }) => connector.name === connectorName)
  if (card?.connection?.status !== 'connected') return ''
  const account = card.connection.accountLabel
  const as = account === null ? '' : say(WORDS.doneAs, { account: name(account) })
  return note('good', say(WORDS.done, { system: card.displayName }), as)
}

const fewer = (result: ConnectResult, missing: readonly string[]): Markup => {
  const { displayName: system } = result
  return note(
    'bad',
    say(WORDS.fewer, { system }),
    html`${asWhom(result)}${say(WORDS.fewerMore, { rights: scopeLine(missing) })} <a href="${againAt(result)}">${WORDS.allow}</a>`,
  )
}

const isWhole = ({ outcome }: ConnectResult): boolean =>
  outcome.kind === 'connected' && outcome.missingScope.length === 0

/** Coming back connected to something that waits elsewhere: what happened, then on. */
export const connectedPage = (frame: Frame, result: ConnectResult): Markup =>
  layout(
    frame,
    { title: sayPlainly(WORDS.done, { system: result.displayName }), narrow: true },
    html`<p class="sign ok">${shape('ok')}</p><h1>${sayPlainly(WORDS.done, { system: result.displayName })}</h1>
<p class="lead" role="status">${isWhole(result) ? whoGoesOn(result) : asWhom(result)}</p>
${butFor(result)}
${nextSteps({ words: WORDS.goOn, href: result.returnTo }, BACK)}`,
  )

/** Coming back with nothing: why, in plain words, and the one thing to do next. */
export function notConnectedPage(frame: Frame, result: ConnectResult): Markup {
  const { displayName: system, outcome, connection, returnTo } = result
  const again = { words: WORDS.tryAgain, href: againAt(result) }
  const back = returnTo === HOME ? BACK : { words: WORDS.goBack, href: returnTo }
  const kept = connection?.status === 'connected'
  if (outcome.kind === 'cancelled') {
    const title = sayPlainly(WORDS.cancelled, { system })
    return layout(
      frame,
      { title, narrow: true },
      html`<p class="sign info">${shape('info')}</p><h1>${title}</h1><p class="lead">${kept ? WORDS.cancelledKept : WORDS.cancelledMore}</p>${nextSteps(again, back)}`,
    )
  }
  const error = outcome.kind === 'failed' ? outcome.error : ''
  const description = outcome.kind === 'failed' ? outcome.description : null
  const title = sayPlainly(error === 'account_changed' ? WORDS.otherAccount : WORDS.failed, { system })
  const own =
    description === null || error === 'account_changed'
      ? ''
      : html`<p class="small">${say(WORDS.itSaid, { system, words: html`<q>${description}</q>` })}</p>`
  const steps =
    error === 'account_changed' && connection !== null
      ? nextSteps(
          { words: sayPlainly(WORDS.disconnectButton, { system }), href: `/connections/${connection.id}/disconnect` },
          back,
        )
      : NOT_BY_TRYING.has(error)
        ? nextSteps(back, again)
        : nextSteps(again, back)
  return layout(
    frame,
    { title, narrow: true },
    html`<p class="sign warn">${shape('warn')}</p><h1>${title}</h1><p class="lead">${entry(WORDS.failures, error) ?? WORDS.failure}</p>${own}
${steps}
<p class="ref">${say(WORDS.forSupport, { codes: html`<code>${error}</code>` })}</p>`,
  )
}
