import type { Hono } from 'hono'
import type { Flows } from '../../flows/flows.ts'
import type { EdgeEnv } from '../edge-env.ts'
import { registerAgreementPages } from './agreements.ts'
import { COMFORT, PRELOAD, STYLESHEET } from './assets.ts'
import { registerConnectPages } from './connect-routes.ts'
import { registerDebugWindowPages } from './debug-windows.ts'
import { imageAnswer } from './image-answer.ts'
import { createPageGuard } from './page-guard.ts'
import { registerPersonPages } from './person-routes.ts'
import { registerSignInPages } from './sign-in-routes.ts'

const FOR_EVER = 'public, max-age=31536000, immutable'

/** Registers the pages of an organization's host. */
export function registerPages(app: Hono<EdgeEnv>, flows: Flows): void {
  const guard = createPageGuard(flows)
  app.use(async (c, next) => {
    await next()
    if (c.res.headers.get('content-type')?.startsWith('text/html')) c.res.headers.set('link', PRELOAD)
  })
  app.get('/', c => c.redirect('/connections', 303))
  for (const { path, text, type } of [STYLESHEET, COMFORT])
    app.get(path, c => c.body(text, 200, { 'content-type': type, 'cache-control': FOR_EVER }))
  app.get('/logo', async c => imageAnswer(await flows.readLogo(c.get('context')), c.req.header('if-none-match')))
  registerConnectPages(app, flows, guard)
  registerPersonPages(app, flows, guard)
  registerDebugWindowPages(app, flows, guard)
  registerAgreementPages(app, flows, guard)
  registerSignInPages(app, flows, guard)
}
