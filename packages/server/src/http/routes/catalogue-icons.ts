import type { Hono } from 'hono'
import type { Flows } from '../../flows/flows.ts'
import { iconOf } from '../catalogue-icon.ts'
import type { EdgeEnv } from '../edge-env.ts'

/** The catalogue's icons, from our own origin; people see them before and without signing in. */
export function registerCatalogueIcons(app: Hono<EdgeEnv>, flows: Pick<Flows, 'readPreset'>): void {
  app.get('/catalogue/:file{[a-z][a-z0-9-]*\\.svg}', async c => {
    const preset = await flows.readPreset(c.req.param('file').slice(0, -'.svg'.length))
    return new Response(iconOf(preset), {
      headers: {
        'content-type': 'image/svg+xml; charset=utf-8',
        'cache-control': 'public, max-age=86400',
        'content-security-policy': "default-src 'none'; sandbox",
      },
    })
  })
}
