import type { ConnectionId, ConnectLinkId } from '@behalf/contract'
import type { Hono } from 'hono'
import { html } from 'hono/html'
import { BrokerError } from '../../domain/broker-error.ts'
import type { ConnectLink } from '../../domain/connect-link.ts'
import type { Flows } from '../../flows/flows.ts'
import { readCookie } from '../cookies.ts'
import type { EdgeEnv } from '../edge-env.ts'
import { readText, singleQuery } from '../json-body.ts'
import { type SessionPrincipal, sessionOf } from '../principal.ts'
import { agreementsBlock } from './agreements.ts'
import { browserCookie, connectAsked } from './connect-form.ts'
import { connectManyPage } from './connect-many-page.ts'
import { confirmPage, leavingPage } from './connect-pages.ts'
import { connectionsPage } from './connections-page.ts'
import { debugWindowsBlock } from './debug-windows.ts'
import { disconnectedPage, disconnectPage } from './disconnect-pages.ts'
import { imageAnswer } from './image-answer.ts'
import type { Edge, PageGuard } from './page-guard.ts'
import { questionPage, readAnswer } from './question-page.ts'
import { answeredNote, connectedNote, connectedPage, notConnectedPage } from './result-pages.ts'

const MOST_SEARCH = 100
const MOST_CALLBACK = 8_192

/** Registers the connections page, and everything on the way to a connection and out of it. */
export function registerConnectPages(
  app: Hono<EdgeEnv>,
  flows: Flows,
  { signedIn, submitted, frame }: PageGuard,
): void {
  const secure = flows.isSecure()
  const nameOf = (c: Edge) => c.req.param('name') ?? ''
  const idOf = (c: Edge) => (c.req.param('id') ?? '') as ConnectionId

  app.get('/connections', c => signedIn(c, showConnections))
  app.get('/connections/result/:id', c => signedIn(c, showResult))
  app.get('/connections/:id/disconnect', c => signedIn(c, showEnd))
  app.post('/connections/:id/disconnect', c => submitted(c, disconnect))
  app.post('/connections/:id/seen', c => submitted(c, see))
  app.post('/connections/:id/dismiss', c => submitted(c, dismiss))
  app.get('/connectors/:name/connect', c => signedIn(c, (_, principal) => confirm(c, principal, nameOf(c))))
  app.post('/connectors/:name/connect', c =>
    submitted(c, (_, principal, form) => begin(c, principal, form, { connectorName: nameOf(c) })),
  )
  app.get('/connect/all/:id', c => signedIn(c, showMany))
  app.get('/connectors/:name/icon', serveIcon)
  app.get('/connections/answer/:id', c => signedIn(c, showQuestion))
  app.post('/connections/answer/:id', c => submitted(c, answerQuestion))
  app.get('/connect/:link', c => signedIn(c, confirmLink))
  app.post('/connect/:link', c => submitted(c, beginLink))
  app.get('/auth/oauthCallback', callback)
  app.get('/auth/oauthCallback/:name', callback)
  app.post('/auth/oauthCallback/:name', postedCallback)

  async function showConnections(c: Edge, principal: SessionPrincipal): Promise<Response> {
    const { q = '', answered } = singleQuery(new URL(c.req.url))
    const search = q.trim().slice(0, MOST_SEARCH)
    const cards = await flows.listCards(c.get('context'), principal, search)
    const framed = await frame(c, principal)
    const windows = await flows.standingDebugWindows(c.get('context'), principal)
    const asked = await flows.askedAgreements(c.get('context'), principal)
    const note = html`${answeredNote(cards, answered)}${debugWindowsBlock(framed, windows)}${agreementsBlock(framed, asked)}`
    return c.html(connectionsPage(framed, { cards, search, note }))
  }

  async function showResult(c: Edge, principal: SessionPrincipal): Promise<Response> {
    const result = await flows.readConnectResult(c.get('context'), principal, { resultId: c.req.param('id') ?? '' })
    if (result === undefined) throw new BrokerError('not_found')
    if (result.outcome.kind === 'asking') return c.redirect(`/connections/answer/${result.outcome.parkedId}`, 303)
    const framed = await frame(c, principal)
    if (result.outcome.kind !== 'connected') return c.html(notConnectedPage(framed, result))
    // Seen again after more has happened: no claim that is not true any more.
    if (result.connection?.status !== 'connected') return c.redirect('/connections', 303)
    if (result.returnTo !== '/connections') return c.html(connectedPage(framed, result))
    const cards = await flows.listCards(c.get('context'), principal, '')
    return c.html(connectionsPage(framed, { cards, search: '', note: connectedNote(result) }))
  }

  /** One address for the question and for what came of it. */
  async function showEnd(c: Edge, principal: SessionPrincipal): Promise<Response> {
    const described = await flows.describeDisconnect(c.get('context'), principal, idOf(c))
    const { status } = described.connection
    const page = status === 'connected' || status === 'reconnect_required' ? disconnectPage : disconnectedPage
    return c.html(page(await frame(c, principal), described))
  }

  async function disconnect(c: Edge, principal: SessionPrincipal): Promise<Response> {
    await flows.disconnect(c.get('context'), { ...principal, roles: [] }, idOf(c))
    return c.redirect(`/connections/${idOf(c)}/disconnect`, 303)
  }

  async function see(c: Edge, principal: SessionPrincipal): Promise<Response> {
    await flows.seeUsage(c.get('context'), principal, idOf(c))
    return c.redirect('/connections', 303)
  }

  async function dismiss(c: Edge, principal: SessionPrincipal): Promise<Response> {
    await flows.dismissOutcome(c.get('context'), principal, idOf(c))
    return c.redirect('/connections', 303)
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
    return c.html(confirmPage(await frame(c, principal), described, { action, plugin: pluginName, returnTo }))
  }

  async function showQuestion(c: Edge, principal: SessionPrincipal): Promise<Response> {
    const asked = await flows.readParkedGrant(c.get('context'), principal, c.req.param('id') ?? '')
    return c.html(questionPage(await frame(c, principal), asked))
  }

  async function answerQuestion(c: Edge, principal: SessionPrincipal, form: URLSearchParams): Promise<Response> {
    const answer = readAnswer(form.get('answer') ?? '')
    const answered = await flows.answerParkedGrant(c.get('context'), principal, c.req.param('id') ?? '', answer)
    const { outcome, returnTo, connector } = answered
    if (outcome.kind === 'asking') return c.redirect(`/connections/answer/${outcome.parkedId}`, 303)
    if (outcome.kind === 'connected' && returnTo !== '/connections') return c.redirect(returnTo, 303)
    // Where the answer came to nothing, what stood before is not its success.
    const isSettled = outcome.kind === 'connected' || outcome.kind === 'cancelled'
    return c.redirect(isSettled ? `/connections?answered=${connector.name}` : '/connections', 303)
  }

  async function serveIcon(c: Edge): Promise<Response> {
    const found = await flows.readConnectorIcon(c.get('context'), nameOf(c))
    if ('preset' in found) return c.redirect(`/catalogue/${found.preset}.svg`, 302)
    return imageAnswer(found.uploaded, c.req.header('if-none-match'))
  }

  async function confirmLink(c: Edge, principal: SessionPrincipal): Promise<Response> {
    const { link, connector } = await flows.openConnectLink(c.get('context'), principal, c.req.param('link') ?? '')
    if (link.further.length > 0) return c.redirect(`/connect/all/${link.id}`, 303)
    return confirm(c, principal, connector.name, link)
  }

  /** A link over several systems: each is confirmed on its own page and comes back here, until all are connected. */
  async function showMany(c: Edge, principal: SessionPrincipal): Promise<Response> {
    const id = (c.req.param('id') ?? '') as ConnectLinkId
    const needed = await flows.describeMany(c.get('context'), principal, id)
    return c.html(connectManyPage(await frame(c, principal), needed, `/connect/all/${id}`))
  }

  async function beginLink(c: Edge, principal: SessionPrincipal, form: URLSearchParams): Promise<Response> {
    const linkToken = c.req.param('link') ?? ''
    const { link, connector } = await flows.openConnectLink(c.get('context'), principal, linkToken)
    if (link.further.length > 0) throw new BrokerError('method_not_allowed')
    return begin(c, principal, form, { connectorName: connector.name, linkToken })
  }

  async function begin(
    c: Edge,
    principal: SessionPrincipal,
    form: URLSearchParams,
    what: { readonly connectorName: string; readonly linkToken?: string },
  ): Promise<Response> {
    const begun = await flows
      .beginConnect(c.get('context'), principal, {
        ...what,
        ...connectAsked(form, readCookie(c.req.header('cookie'), 'browser', secure)),
      })
      .catch((error: unknown) => {
        if (error instanceof BrokerError && error.code === 'invalid_request') return error
        throw error
      })
    if (begun instanceof BrokerError) return askAgain(c, principal, form, what, begun)
    c.header('set-cookie', browserCookie(begun, secure))
    return c.html(leavingPage(await frame(c, principal), begun))
  }

  // An answer did not fit: the same page again, with what was written and what is wrong with it.
  async function askAgain(
    c: Edge,
    principal: SessionPrincipal,
    form: URLSearchParams,
    what: { readonly connectorName: string; readonly linkToken?: string },
    error: BrokerError,
  ): Promise<Response> {
    const faults = (error.told.errors ?? []).filter(({ pointer }) => pointer.startsWith('/variables/'))
    if (faults.length === 0) throw error
    const link =
      what.linkToken === undefined
        ? undefined
        : (await flows.openConnectLink(c.get('context'), principal, what.linkToken)).link
    const pluginName = form.get('plugin') ?? undefined
    const described = await flows.describeConnect(c.get('context'), principal, what.connectorName, { pluginName, link })
    const given = {
      values: connectAsked(form, undefined).variables,
      faults: faults.map(({ pointer }) => pointer.slice('/variables/'.length)),
    }
    const action = new URL(c.req.url).pathname
    const again = { action, plugin: pluginName, returnTo: form.get('return_to') ?? undefined, given }
    return c.html(confirmPage(await frame(c, principal), described, again), 400)
  }

  // OAuth 2.0 Form Post Response Mode: a cross-site form carries no session, so its fields go on by a redirect to the page that reads them.
  async function postedCallback(c: Edge): Promise<Response> {
    const connector = await flows.readConnector(c.get('context'), nameOf(c)).catch(() => undefined)
    const mode = connector?.definition.auth.authorization_request.response_mode
    if (mode !== 'form_post') throw new BrokerError('method_not_allowed')
    const form = new URLSearchParams(await readText(c.req.raw, MOST_CALLBACK))
    return c.redirect(`${new URL(c.req.url).pathname}?${form}`, 303)
  }

  async function callback(c: Edge): Promise<Response> {
    const url = new URL(c.req.url)
    const principal = await sessionOf(c, flows)
    c.set('principal', principal)
    const completed = await flows.completeConnect(c.get('context'), principal, {
      callbackPath: url.pathname,
      query: new URLSearchParams(singleQuery(url)),
      browserToken: readCookie(c.req.header('cookie'), 'browser', secure),
    })
    if (completed.kind === 'refused') {
      const { code, connectorName } = completed
      const again =
        connectorName === undefined ? {} : { connectUrl: `${c.get('baseUrl')}/connectors/${connectorName}/connect` }
      throw new BrokerError(code, again)
    }
    return c.redirect(`/connections/result/${completed.resultId}`, 303)
  }
}
