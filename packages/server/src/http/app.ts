import { Hono } from 'hono'
import { BrokerError } from '../domain/broker-error.ts'
import type { AddressRange } from '../domain/ip-address.ts'
import type { Flows } from '../flows/flows.ts'
import type { EdgeEnv } from './edge-env.ts'
import { errorPage } from './pages/error-page.ts'
import { registerPages } from './pages/page-routes.ts'
import { toProblem } from './problem.ts'
import { createContextOf } from './request-context.ts'
import { registerDocs } from './routes/docs.ts'
import { registerRest } from './routes/rest.ts'
import { securityHeaders } from './security-headers.ts'

export type AppNeeds = {
  readonly flows: Flows
  readonly trustedProxies: readonly AddressRange[]
  readonly onBug: (error: unknown, requestId: string) => void
  readonly onAnswer: (seconds: number) => void
}

/** Pages and REST of an organization's host: Request in, Response out. */
export function createApp({ flows, trustedProxies, onBug, onAnswer }: AppNeeds): Hono<EdgeEnv> {
  const app = new Hono<EdgeEnv>()
  const contextOf = createContextOf({ flows, trustedProxies })
  const headers = securityHeaders(flows.isSecure())

  app.use(async (c, next) => {
    const begun = performance.now()
    const incoming = c.env?.incoming
    const arrival = await contextOf({
      headers: Object.fromEntries(c.req.raw.headers),
      socket: incoming?.socket ?? ({ remoteAddress: undefined } as never),
    })
    c.set('requestId', arrival.requestId)
    c.set('baseUrl', arrival.baseUrl)
    c.set('principal', undefined)
    try {
      c.set('context', arrival.context())
      await next()
    } finally {
      onAnswer((performance.now() - begun) / 1000)
    }
  })
  app.use(async (c, next) => {
    await next()
    for (const [name, value] of Object.entries(headers)) if (!c.res.headers.has(name)) c.res.headers.set(name, value)
    if (!c.res.headers.has('cache-control')) c.res.headers.set('cache-control', 'no-store')
    c.res.headers.set('request-id', c.get('requestId'))
  })

  registerRest(app, flows)
  registerDocs(app)
  registerPages(app, flows)

  app.notFound(c => {
    const methods = methodsAt(c.req.path)
    const error = methods.length === 0 ? new BrokerError('not_found') : new BrokerError('method_not_allowed')
    const answer = fail(c.req.raw, error, c.get('baseUrl'), c.get('requestId'))
    if (methods.length > 0) answer.headers.set('allow', methods.join(', '))
    return answer
  })
  app.onError((error, c) => {
    if (!(error instanceof BrokerError)) onBug(error, c.get('requestId'))
    const answer = fail(c.req.raw, error, c.get('baseUrl'), c.get('requestId'))
    for (const [name, value] of Object.entries(headers)) answer.headers.set(name, value)
    return answer
  })
  return app

  function methodsAt(path: string): readonly string[] {
    const methods = ['GET', 'POST', 'PATCH', 'PUT', 'DELETE']
    return methods.filter(method => app.router.match(method, path)[0].some(([[, route]]) => route.method !== 'ALL'))
  }
}

// A person's browser gets a page, everything else a problem.
function fail(request: Request, error: unknown, baseUrl: string, requestId: string): Response {
  const path = new URL(request.url).pathname
  const { status, headers, body } = toProblem(error, { baseUrl, requestId })
  const wantsPage = !path.startsWith('/api/v1/') && (request.headers.get('accept') ?? '').includes('text/html')
  if (!wantsPage) return new Response(request.method === 'HEAD' ? null : JSON.stringify(body), { status, headers })
  const page = String(errorPage({ problem: body }))
  return new Response(page, { status, headers: { ...headers, 'content-type': 'text/html; charset=utf-8' } })
}
