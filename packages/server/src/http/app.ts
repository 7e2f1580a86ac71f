import { type Context, Hono } from 'hono'
import { BrokerError } from '../domain/broker-error.ts'
import type { AddressRange } from '../domain/ip-address.ts'
import type { Flows } from '../flows/flows.ts'
import type { EdgeEnv } from './edge-env.ts'
import { errorPage } from './pages/error-page.ts'
import { createPageGuard } from './pages/page-guard.ts'
import { registerPages } from './pages/page-routes.ts'
import { toProblem } from './problem.ts'
import { createContextOf } from './request-context.ts'
import { registerCatalogueIcons } from './routes/catalogue-icons.ts'
import { registerDocs } from './routes/docs.ts'
import { registerRest } from './routes/rest.ts'
import { securityHeaders } from './security-headers.ts'
import { registerStudio } from './studio/studio-routes.ts'

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
  const guard = createPageGuard(flows)
  const headers = securityHeaders(flows.isSecure())

  app.use(async (c, next) => {
    const begun = performance.now()
    const incoming = c.env?.incoming
    const arrival = await contextOf({
      headers: incoming?.headers ?? Object.fromEntries(c.req.raw.headers),
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
  registerCatalogueIcons(app, flows)
  registerStudio(app, flows)
  registerPages(app, flows)

  app.notFound(async c => {
    const methods = methodsAt(c.req.path)
    const error = methods.length === 0 ? new BrokerError('not_found') : new BrokerError('method_not_allowed')
    const answer = await fail(c, error)
    if (methods.length > 0) answer.headers.set('allow', methods.join(', '))
    return answer
  })
  app.onError(async (error, c) => {
    if (!(error instanceof BrokerError)) onBug(error, c.get('requestId'))
    const answer = await fail(c, error)
    for (const [name, value] of Object.entries(headers)) answer.headers.set(name, value)
    return answer
  })
  return app

  function methodsAt(path: string): readonly string[] {
    const methods = ['GET', 'POST', 'PATCH', 'PUT', 'DELETE']
    return methods.filter(method => app.router.match(method, path)[0].some(([[, route]]) => route.method !== 'ALL'))
  }

  // A person's browser gets a page, everything else a problem.
  async function fail(c: Context<EdgeEnv>, error: unknown): Promise<Response> {
    const request = c.req.raw
    const { pathname, search } = new URL(request.url)
    const requestId = c.get('requestId')
    const { status, headers, body } = toProblem(error, { baseUrl: c.get('baseUrl'), requestId })
    const wantsPage = !pathname.startsWith('/api/v1/') && (request.headers.get('accept') ?? '').includes('text/html')
    if (!wantsPage) return new Response(request.method === 'HEAD' ? null : JSON.stringify(body), { status, headers })
    // Where a form was sent to is mostly the page that it stood on, to be seen again after signing in.
    const isPage = !pathname.startsWith('/auth/') && methodsAt(pathname).includes('GET')
    const here = isPage ? pathname + (request.method === 'GET' ? search : '') : '/connections'
    const page = String(await errorPage(await guard.frameOf(c), body, here))
    return new Response(page, { status, headers: { ...headers, 'content-type': 'text/html; charset=utf-8' } })
  }
}
