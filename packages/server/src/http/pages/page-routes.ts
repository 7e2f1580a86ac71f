import type { ConnectionId } from '@behalf/contract'
import type { Context, Hono } from 'hono'
import { html } from 'hono/html'
import { BrokerError } from '../../domain/broker-error.ts'
import type { ConnectLink } from '../../domain/connect-link.ts'
import { displayName } from '../../domain/connector.ts'
import { SESSION_ABSOLUTE_MS } from '../../domain/session.ts'
import type { Flows } from '../../flows/flows.ts'
import { dropCookie, readCookie, setCookie } from '../cookies.ts'
import type { EdgeEnv } from '../edge-env.ts'
import { readText, singleQuery } from '../json-body.ts'
import { type SessionPrincipal, sessionOf } from '../principal.ts'
import { isSameOrigin } from '../same-origin.ts'
import { confirmPage, disconnectPage, leavingPage, resultPage } from './connect-pages.ts'
import { connectionsPage } from './connections-page.ts'
import type { Markup } from './layout.ts'
import { claimPage, signedOutPage, signInFailedPage } from './sign-in-pages.ts'
import { STYLESHEET } from './stylesheet.ts'

type Edge = Context<EdgeEnv>
const BROWSER_MS = 86_400_000
const MOST_FORM = 16_384

/** Registers the pages of an organization's host. */
export function registerPages(app: Hono<EdgeEnv>, flows: Flows): void {
  const secure = flows.isSecure()

  app.get('/', c => c.redirect('/connections', 303))
  app.get(STYLESHEET.path, c =>
    c.body(STYLESHEET.text, 200, {
      'content-type': 'text/css; charset=utf-8',
      'cache-control': 'public, max-age=31536000, immutable',
    }),
  )
  app.get('/connections', c => signedIn(c, showConnections))
  app.get('/connections/result/:id', c => signedIn(c, showResult))
  app.get('/connections/:id/disconnect', c => signedIn(c, askDisconnect))
  app.post('/connections/:id/disconnect', c => submitted(c, disconnect))
  app.get('/connectors/:name/connect', c =>
    signedIn(c, (_, principal) => confirm(c, principal, c.req.param('name') ?? '')),
  )
  app.post('/connectors/:name/connect', c =>
    submitted(c, (_, principal, form) => begin(c, principal, form, { connectorName: c.req.param('name') ?? '' })),
  )
  app.get('/connect/:link', c => signedIn(c, confirmLink))
  app.post('/connect/:link', c => submitted(c, beginLink))
  app.get('/auth/oauthCallback', callback)
  app.get('/auth/oauthCallback/:name', callback)
  app.get('/auth/login', signIn)
  app.get('/auth/ssoCallback', finishSignIn)
  app.post('/auth/logout', c => submitted(c, signOut))
  app.get('/auth/signed-out', c => c.html(signedOutPage(c.get('context').organization.name)))
  app.get('/auth/claim', c => signedIn(c, async (_, principal) => c.html(claimPage(await who(c, principal), 'asking'))))
  app.post('/auth/claim', c => submitted(c, claim))

  async function signedIn(
    c: Edge,
    show: (c: Edge, principal: SessionPrincipal) => Promise<Response>,
  ): Promise<Response> {
    const principal = await sessionOf(c, flows)
    if (principal !== undefined) return show(c, principal)
    const { pathname, search } = new URL(c.req.url)
    return c.redirect(`/auth/login?return_to=${encodeURIComponent(pathname + search)}`, 303)
  }

  /** A form of our own: same origin, a session, and the token bound to it. */
  async function submitted(
    c: Edge,
    act: (c: Edge, principal: SessionPrincipal, form: URLSearchParams) => Promise<Response>,
  ): Promise<Response> {
    if (!isSameOrigin(c.req.raw.headers, c.get('baseUrl'))) throw new BrokerError('csrf_rejected')
    if (!/^application\/x-www-form-urlencoded\b/i.test(c.req.header('content-type') ?? ''))
      throw new BrokerError('unsupported_media_type')
    const principal = await sessionOf(c, flows)
    if (principal === undefined) throw new BrokerError('session_expired')
    const form = new URLSearchParams(await readText(c.req.raw, MOST_FORM))
    if (
      form.getAll('csrf').length !== 1 ||
      !(await flows.checkCsrfToken(c.get('context'), principal, form.get('csrf') ?? ''))
    ) {
      throw new BrokerError('csrf_rejected')
    }
    return act(c, principal, form)
  }

  async function who(c: Edge, principal: SessionPrincipal) {
    const { organization } = c.get('context')
    const name = principal.person.email ?? principal.person.name ?? principal.person.sub
    return {
      organization: organization.name,
      person: { name, csrf: await flows.csrfToken(c.get('context'), principal) },
    }
  }

  async function showConnections(c: Edge, principal: SessionPrincipal): Promise<Response> {
    const { q = '', done, c: about } = singleQuery(new URL(c.req.url))
    const search = q.slice(0, 100)
    const cards = await flows.listCards(c.get('context'), principal, search)
    const card = cards.find(({ connection }) => connection?.id === about)
    const note = done === 'disconnected' ? disconnectedNote(card?.displayName, card?.connection?.status) : ''
    return c.html(connectionsPage({ ...(await who(c, principal)), cards, search, note }))
  }

  async function showResult(c: Edge, principal: SessionPrincipal): Promise<Response> {
    const result = await flows.readConnectResult(c.get('context'), principal, { resultId: c.req.param('id') ?? '' })
    if (result === undefined) throw new BrokerError('not_found')
    return c.html(resultPage(await who(c, principal), result))
  }

  async function askDisconnect(c: Edge, principal: SessionPrincipal): Promise<Response> {
    const card = (await flows.listCards(c.get('context'), principal, '')).find(
      ({ connection }) => connection?.id === c.req.param('id'),
    )
    if (card?.connection == null) throw new BrokerError('connection_not_found')
    const { connection, plugins, connector } = card
    if (connection.status !== 'connected' && connection.status !== 'reconnect_required')
      return c.redirect('/connections', 303)
    const names = plugins.map(plugin => plugin.displayName)
    const providerKeepsApp = connector.definition.auth.revoke_url === undefined
    return c.html(
      disconnectPage(await who(c, principal), {
        id: connection.id,
        displayName: displayName(connector),
        plugins: names,
        providerKeepsApp,
      }),
    )
  }

  async function disconnect(c: Edge, principal: SessionPrincipal): Promise<Response> {
    const id = (c.req.param('id') ?? '') as ConnectionId
    await flows.disconnect(c.get('context'), { ...principal, roles: [] }, id)
    return c.redirect(`/connections?done=disconnected&c=${id}`, 303)
  }

  async function confirm(
    c: Edge,
    principal: SessionPrincipal,
    connectorName: string,
    link?: ConnectLink,
  ): Promise<Response> {
    const { plugin: pluginName, return_to: returnTo } = singleQuery(new URL(c.req.url))
    const described = await flows.describeConnect(c.get('context'), principal, connectorName, { pluginName, link })
    const action = link === undefined ? `/connectors/${described.connector.name}/connect` : new URL(c.req.url).pathname
    return c.html(confirmPage(await who(c, principal), described, { action, plugin: pluginName, returnTo }))
  }

  async function confirmLink(c: Edge, principal: SessionPrincipal): Promise<Response> {
    const { link, connector } = await flows.openConnectLink(c.get('context'), principal, c.req.param('link') ?? '')
    return confirm(c, principal, connector.name, link)
  }

  async function beginLink(c: Edge, principal: SessionPrincipal, form: URLSearchParams): Promise<Response> {
    const linkToken = c.req.param('link') ?? ''
    const { connector } = await flows.openConnectLink(c.get('context'), principal, linkToken)
    return begin(c, principal, form, { connectorName: connector.name, linkToken })
  }

  async function begin(
    c: Edge,
    principal: SessionPrincipal,
    form: URLSearchParams,
    what: { readonly connectorName: string; readonly linkToken?: string },
  ): Promise<Response> {
    const begun = await flows.beginConnect(c.get('context'), principal, {
      ...what,
      pluginName: form.get('plugin') ?? undefined,
      returnTo: form.get('return_to') ?? undefined,
      browserToken: readCookie(c.req.header('cookie'), 'browser', secure),
    })
    c.header('set-cookie', setCookie('browser', begun.browserToken, { secure, maxAgeMs: BROWSER_MS }))
    return c.html(leavingPage(await who(c, principal), begun))
  }

  async function callback(c: Edge): Promise<Response> {
    const url = new URL(c.req.url)
    const query = new URLSearchParams(singleQuery(url))
    const browserToken = readCookie(c.req.header('cookie'), 'browser', secure)
    const completed = await flows.completeConnect(c.get('context'), await sessionOf(c, flows), {
      callbackPath: url.pathname,
      query,
      browserToken,
    })
    if (completed.kind === 'refused') throw new BrokerError(completed.code)
    return c.redirect(`/connections/result/${completed.resultId}`, 303)
  }

  async function signIn(c: Edge): Promise<Response> {
    const { return_to: returnTo } = singleQuery(new URL(c.req.url))
    const browserToken = readCookie(c.req.header('cookie'), 'browser', secure)
    const begun = await flows.beginSignIn(c.get('context'), { returnTo, browserToken })
    c.header('set-cookie', setCookie('browser', begun.browserToken, { secure, maxAgeMs: BROWSER_MS }))
    return c.redirect(begun.location, 303)
  }

  async function finishSignIn(c: Edge): Promise<Response> {
    const url = new URL(c.req.url)
    const cookies = c.req.header('cookie')
    const signedIn = await flows.completeSignIn(c.get('context'), {
      callbackUrl: c.get('baseUrl') + url.pathname + url.search,
      query: new URLSearchParams(singleQuery(url)),
      browserToken: readCookie(cookies, 'browser', secure),
      sessionToken: readCookie(cookies, 'session', secure),
      userAgent: c.req.header('user-agent') ?? null,
    })
    if (signedIn.kind !== 'signed_in') {
      const status = signedIn.kind === 'unavailable' ? 503 : signedIn.kind === 'cancelled' ? 200 : 403
      return c.html(
        signInFailedPage(c.get('context').organization.name, { ...signedIn, requestId: c.get('requestId') }),
        status,
      )
    }
    c.header('set-cookie', setCookie('session', signedIn.sessionToken, { secure, maxAgeMs: SESSION_ABSOLUTE_MS }))
    return c.redirect(signedIn.returnTo, 303)
  }

  async function signOut(c: Edge, principal: SessionPrincipal): Promise<Response> {
    const { location } = await flows.signOut(c.get('context'), principal)
    c.header('set-cookie', dropCookie('session', secure))
    return c.html(movingOn(location))
  }

  async function claim(c: Edge, principal: SessionPrincipal, form: URLSearchParams): Promise<Response> {
    const done = await flows.claimAdmin(c.get('context'), principal, (form.get('code') ?? '').slice(0, 100))
    return c.html(claimPage(await who(c, principal), done ? 'done' : 'wrong'), done ? 200 : 403)
  }
}

// A redirect from a form would fall under CSP form-action along its whole chain; a page that moves on does not.
const movingOn = (location: string): Markup =>
  html`<!doctype html><html lang="en"><head><meta charset="utf-8"><meta http-equiv="refresh" content="0;url=${location}"><title>Signing out</title></head><body><p><a href="${location}">Go on</a></p></body></html>`

function disconnectedNote(name: string | undefined, status: string | undefined): Markup {
  const what = name ?? 'The system'
  if (status === 'disconnecting')
    return html`<p class="note bad" role="status"><strong>${what} is disconnected here.</strong> It has not confirmed yet; we keep trying.</p>`
  if (status === 'disconnected_unconfirmed')
    return html`<p class="note bad" role="status"><strong>${what} is disconnected here.</strong> It could not confirm that; see below.</p>`
  return html`<p class="note good" role="status"><strong>${what} is disconnected.</strong> Nothing uses it any more, and the system confirmed it.</p>`
}
