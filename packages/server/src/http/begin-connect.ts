import type { IncomingMessage, ServerResponse } from 'node:http'
import { BrokerError } from '../domain/broker-error.ts'
import type { Flows } from '../flows/flows.ts'
import { readCookie } from './cookies.ts'
import { PRELOAD } from './pages/assets.ts'
import { brandOf } from './pages/brand.ts'
import { browserCookie, connectAsked } from './pages/connect-form.ts'
import { leavingPage } from './pages/connect-pages.ts'
import { visitorOf } from './pages/layout.ts'
import { readWhole } from './raw-request.ts'
import type { Arrival, ContextOf } from './request-context.ts'
import { securityHeaders } from './security-headers.ts'
import { admitForm, formOf, MOST_FORM } from './submitted-form.ts'

const PATH = /^\/connectors\/([a-z0-9-]{1,100})\/connect$/

type Handler = (request: IncomingMessage, response: ServerResponse) => unknown
type Needs = {
  readonly flows: Pick<Flows, 'authenticateSession' | 'beginConnect' | 'checkCsrfToken' | 'isSecure' | 'now'>
  readonly contextOf: ContextOf
  readonly onAnswer: (seconds: number) => void
  readonly onBug: (error: unknown, requestId: string) => void
  /** Answers what does not go through here, with the same body. */
  readonly pages: Handler
}

/** Whether a raw request is a form that begins a connect, of a size that is worth reading. */
export const beginsConnect = ({ method, url = '', headers }: IncomingMessage): boolean =>
  method === 'POST' && PATH.test(url) && Number(headers['content-length'] ?? Number.NaN) <= MOST_FORM

/**
 * `POST /connectors/{name}/connect` as a raw handler: the page on the way to the provider. Whatever does not go through plainly, from a wrong
 * token to an answer that does not fit, nothing was written for, and the pages' own route answers it.
 */
export function createBeginConnectHandler({ flows, contextOf, onAnswer, onBug, pages }: Needs): Handler {
  const secure = flows.isSecure()
  const headers = {
    ...securityHeaders(secure),
    link: PRELOAD,
    'cache-control': 'no-store',
    'content-type': 'text/html; charset=UTF-8',
  }

  return async function beginConnect(request, response) {
    const begun = performance.now()
    const body = await readWhole(request, MOST_FORM)
    if (typeof body === 'string') return response.destroy()
    const arrival = await contextOf(request)
    const left = await leave(arrival, request, body.toString('utf8')).catch((error: unknown) => {
      if (!(error instanceof BrokerError)) onBug(error, arrival.requestId)
    })
    if (!left) return pages(Object.assign(request, { rawBody: body }), response)
    const page = Buffer.from(left.page)
    response.writeHead(200, {
      ...headers,
      'content-length': page.length,
      'set-cookie': left.cookie,
      'request-id': arrival.requestId,
    })
    response.end(page)
    return onAnswer((performance.now() - begun) / 1000)
  }

  async function leave(arrival: Arrival, { url = '', headers: sent }: IncomingMessage, body: string) {
    const context = arrival.context()
    const site = sent['sec-fetch-site']
    admitForm({ origin: sent.origin, site: String(site ?? '') || null }, sent['content-type'], arrival.baseUrl)
    const principal = await flows.authenticateSession(context, readCookie(sent.cookie, 'session', secure))
    if (principal === undefined) throw new BrokerError('session_expired')
    const form = await formOf(flows, context, principal, body)
    const begun = await flows.beginConnect(context, principal, {
      connectorName: PATH.exec(url)?.[1] ?? '',
      ...connectAsked(form, readCookie(sent.cookie, 'browser', secure)),
    })
    const visitor = visitorOf(principal, form.get('csrf') ?? '')
    const page = await leavingPage({ brand: brandOf(context.organization), now: flows.now(), visitor }, begun)
    return { page: String(page), cookie: browserCookie(begun, secure) }
  }
}
