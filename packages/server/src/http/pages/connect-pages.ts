import { html } from 'hono/html'
import type { ConnectBegun } from '../../flows/connect/begin-connect.ts'
import type { ConnectDescription } from '../../flows/connect/describe-connect.ts'
import type { ConnectResult } from '../../flows/connect/read-connect-result.ts'
import { layout, type Markup } from './layout.ts'
import { scopeLine, scopeWords } from './scope-words.ts'
import { CONNECT_FAILURE, CONNECT_FAILURES, TEXT } from './text.ts'

type Person = { readonly organization: string; readonly person: { readonly name: string; readonly csrf: string } }

/** Before leaving: which system, which plugin asks, what for, and where the browser goes next. */
export function confirmPage(
  { organization, person }: Person,
  described: ConnectDescription,
  form: { readonly action: string; readonly plugin: string | undefined; readonly returnTo: string | undefined },
): Markup {
  const { displayName, plugin, plugins, scope, nextHost, existing } = described
  const asking = plugin === null ? plugins : [plugin]
  const names = asking.map(({ definition }) => definition.display_name ?? definition.name)
  const released = asking.some(({ definition }) => definition.token_release.includes(described.connector.name))
  const again = existing?.status === 'connected' || existing?.status === 'reconnect_required'
  return layout(
    { title: `Connect ${displayName}`, organization, signedIn: person, narrow: true },
    html`<h1>${again ? 'Reconnect' : 'Connect'} ${displayName}${names.length === 1 ? ` for ${names[0]}` : ''}?</h1>
<p class="lead">${reason(names, displayName, plugin?.definition.description ?? described.description)}</p>
<h2>What you will be asked to allow</h2>
${scope.length === 0 ? html`<p class="small">What ${displayName} grants by default; it will tell you.</p>` : html`<ul class="rights">${scope.map(one => html`<li><b>${scopeWords(one)}</b></li>`)}</ul>`}
<h2>What stays yours</h2>
<ul class="rights plain">
<li>Your password goes to ${displayName} only; we never see it.</li>
${released ? html`<li>${names.join(', ')} may be handed the access itself for a short time; every time is written down.</li>` : html`<li>The plugin never sees the access itself; every call goes through ${organization}.</li>`}
<li>You can stop it at any time, here or in ${displayName}.</li>
</ul>
<form class="go" method="post" action="${form.action}">
<input type="hidden" name="csrf" value="${person.csrf}">
${form.plugin === undefined ? '' : html`<input type="hidden" name="plugin" value="${form.plugin}">`}
${form.returnTo === undefined ? '' : html`<input type="hidden" name="return_to" value="${form.returnTo}">`}
<p class="small">Next: <b>${nextHost}</b></p>
<button class="button big">Continue to ${displayName}</button><a class="quiet" href="/connections">${TEXT.notNow}</a>
</form>`,
  )
}

function reason(names: readonly string[], displayName: string, description: string | null): Markup {
  const who = names.length === 0 ? html`Plugins of your organization` : html`<b>${names.join(', ')}</b>`
  return html`${who} will be able to use ${displayName} in your name.${description === null ? '' : html` ${description}`}`
}

/** On the way: moves on by itself, and says where to, for browsers that do not. */
export const leavingPage = (
  { organization, person }: Person,
  { location, displayName, nextHost }: ConnectBegun,
): Markup =>
  layout(
    { title: `On to ${displayName}`, organization, signedIn: person, narrow: true, goOn: location },
    html`<h1>On to ${displayName} …</h1>
<p class="lead">You are on the way to <b>${nextHost}</b>, to allow the access there.</p>
<p class="go"><a class="button big" href="${location}" rel="noreferrer">Continue to ${displayName}</a></p>`,
  )

/** Coming back: what happened, in plain words, and the one thing to do next. */
export function resultPage({ organization, person }: Person, result: ConnectResult): Markup {
  const { displayName, outcome, connector, connection, returnTo } = result
  const again = `/connectors/${connector.name}/connect`
  const frame = { organization, signedIn: person, narrow: true }
  const onward = (words: string, href: string): Markup =>
    html`<p class="go"><a class="button big" href="${href}">${words}</a><a class="quiet" href="/connections">${TEXT.back}</a></p>`
  if (outcome.kind === 'cancelled') {
    return layout(
      { title: 'Not connected', ...frame },
      html`<h1>${displayName} was not connected</h1><p class="lead">You said no there, so nothing was changed. You can connect it whenever you like.</p>${onward('Try again', again)}`,
    )
  }
  if (outcome.kind === 'failed') {
    const words = CONNECT_FAILURES[outcome.error] ?? CONNECT_FAILURE
    const own =
      outcome.description !== null && outcome.error !== 'account_changed'
        ? html`<p class="small">${displayName} said: <q>${outcome.description}</q></p>`
        : ''
    return layout(
      { title: 'Not connected', ...frame },
      html`<h1>${displayName} could not be connected</h1><p class="lead">${words}</p>${own}<p class="small">For your IT team: <code>${outcome.error}</code></p>${onward('Try again', again)}`,
    )
  }
  const label = connection?.accountLabel ?? null
  const elsewhere = returnTo !== '/connections'
  return layout(
    { title: `${displayName} is connected`, ...frame },
    html`<h1>${displayName} is connected</h1>
<p class="note good" role="status"><strong>Done.</strong> ${label === null ? 'Plugins that need it go on by themselves.' : html`Connected as <b>${label}</b>. Plugins that need it go on by themselves.`}</p>
${outcome.missingScope.length === 0 ? '' : html`<p class="note bad">You did not allow ${scopeLine(outcome.missingScope)}. What needs it will not work until you do. <a href="${again}">Allow it</a></p>`}
${outcome.extraScope.length === 0 ? '' : html`<p class="note bad">${displayName} granted more than was asked for: ${scopeLine(outcome.extraScope)}. If you do not want that, disconnect and tell your IT team.</p>`}
<p class="go"><a class="button big" href="${elsewhere ? returnTo : '/connections'}">${elsewhere ? 'Go on' : TEXT.back}</a></p>`,
  )
}

/** Before ending: what stops working. */
export const disconnectPage = (
  { organization, person }: Person,
  {
    id,
    displayName,
    plugins,
    providerKeepsApp,
  }: {
    readonly id: string
    readonly displayName: string
    readonly plugins: readonly string[]
    readonly providerKeepsApp: boolean
  },
): Markup =>
  layout(
    { title: `Disconnect ${displayName}`, organization, signedIn: person, narrow: true },
    html`<h1>Disconnect ${displayName}?</h1>
<p class="lead">${plugins.length === 0 ? 'Nothing will be able to use it in your name any more.' : html`<b>${plugins.join(', ')}</b> will not be able to use ${displayName} in your name any more.`} You can connect it again at any time.</p>
<ul class="rights plain">
<li>Use ends at once, for calls under way too.</li>
<li>${providerKeepsApp ? `${displayName} offers no way to end the access from here; we erase ours and tell you where to remove it there.` : `${displayName} is told to forget the access; we keep trying until it says so.`}</li>
</ul>
<form class="go" method="post" action="/connections/${id}/disconnect"><input type="hidden" name="csrf" value="${person.csrf}">
<button class="button big">Disconnect ${displayName}</button><a class="quiet" href="/connections">${TEXT.notNow}</a></form>`,
  )
