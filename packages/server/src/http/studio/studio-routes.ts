import type { Context, Hono } from 'hono'
import { BrokerError } from '../../domain/broker-error.ts'
import type { Flows } from '../../flows/flows.ts'
import type { EdgeEnv } from '../edge-env.ts'
import { brandOf } from '../pages/brand.ts'
import type { Frame } from '../pages/layout.ts'
import { sessionOf } from '../principal.ts'
import { buildingPage } from './building-page.ts'
import { readStudioAsset, readStudioPage } from './studio-files.ts'

const AGAIN_S = 2

/** Registers `/studio/*`: one page for every path below, and its assets; for people without a role there is nothing. */
export function registerStudio(app: Hono<EdgeEnv>, flows: Flows): void {
  app.get('/studio', c => c.redirect('/studio/', 308))
  app.get('/studio/assets/:name', async c => {
    const asset = (await mayEnter(c)) === 'yes' ? readAsset(c) : undefined
    if (asset === undefined) throw new BrokerError('not_found')
    return c.body(asset.bytes, 200, asset.headers)
  })
  app.get('/studio/*', async c => {
    const entering = await mayEnter(c)
    if (entering === 'no') throw new BrokerError('not_found')
    const { pathname, search } = new URL(c.req.url)
    if (entering === 'unknown') return c.redirect(`/auth/login?return_to=${encodeURIComponent(pathname + search)}`, 303)
    const nonce = flows.newNonce()
    const page = readStudioPage(nonce)
    if (page === undefined) return building(c, { brand: brandOf(c.get('context').organization), now: flows.now() })
    c.header('content-security-policy', policy(nonce))
    return c.html(page)
  })

  async function mayEnter(c: Context<EdgeEnv>): Promise<'yes' | 'no' | 'unknown'> {
    const principal = await sessionOf(c, flows)
    if (principal === undefined) return 'unknown'
    return principal.roles.length > 0 ? 'yes' : 'no'
  }
}

const readAsset = (c: Context<EdgeEnv>) =>
  readStudioAsset(c.req.param('name') ?? '', c.req.header('accept-encoding') ?? '')

/** Scripts and styles of our own, and styles that carry this page's nonce; nothing inline, nothing from elsewhere. */
const policy = (nonce: string): string =>
  `default-src 'none'; script-src 'self'; style-src 'self' 'nonce-${nonce}'; img-src 'self' data:; font-src 'self'; connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'; object-src 'none'`

function building(c: Context<EdgeEnv>, frame: Frame): Response | Promise<Response> {
  c.header('retry-after', String(AGAIN_S))
  c.header('refresh', String(AGAIN_S))
  return c.html(buildingPage(frame), 503)
}
