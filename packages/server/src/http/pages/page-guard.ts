import type { Context } from 'hono'
import { BrokerError } from '../../domain/broker-error.ts'
import type { Flows } from '../../flows/flows.ts'
import type { EdgeEnv } from '../edge-env.ts'
import { readText } from '../json-body.ts'
import { type SessionPrincipal, sessionOf } from '../principal.ts'
import { isSameOrigin } from '../same-origin.ts'
import { brandOf } from './brand.ts'
import { bareFrame, type Frame } from './layout.ts'

export type Edge = Context<EdgeEnv>
type Show = (c: Edge, principal: SessionPrincipal) => Response | Promise<Response>
type Act = (c: Edge, principal: SessionPrincipal, form: URLSearchParams) => Promise<Response>

const MOST_FORM = 16_384

/** Who may see a page, whose form counts, and what every page is framed by. */
export function createPageGuard(flows: Flows) {
  return { signedIn, submitted, frame, frameOf, bare }

  /** A page of a signed-in person; others sign in first and come back. */
  async function signedIn(c: Edge, show: Show): Promise<Response> {
    const principal = await sessionOf(c, flows)
    if (principal === undefined) {
      const { pathname, search } = new URL(c.req.url)
      return c.redirect(`/auth/login?return_to=${encodeURIComponent(pathname + search)}`, 303)
    }
    c.set('principal', principal)
    return show(c, principal)
  }

  /** A form of our own: same origin, a session, and the token bound to it. */
  async function submitted(c: Edge, act: Act): Promise<Response> {
    if (!isSameOrigin(c.req.raw.headers, c.get('baseUrl'))) throw new BrokerError('csrf_rejected')
    if (!/^application\/x-www-form-urlencoded\b/i.test(c.req.header('content-type') ?? ''))
      throw new BrokerError('unsupported_media_type')
    const principal = await sessionOf(c, flows)
    if (principal === undefined) throw new BrokerError('session_expired')
    c.set('principal', principal)
    const form = new URLSearchParams(await readText(c.req.raw, MOST_FORM))
    const given = form.getAll('csrf')
    if (given.length !== 1 || !(await flows.checkCsrfToken(c.get('context'), principal, given[0])))
      throw new BrokerError('csrf_rejected')
    return act(c, principal, form)
  }

  async function frame(c: Edge, principal: SessionPrincipal): Promise<Frame> {
    const name = principal.person.email ?? principal.person.name ?? principal.person.sub
    return {
      ...bare(c),
      visitor: { name, csrf: await flows.csrfToken(c.get('context'), principal), builds: principal.roles.length > 0 },
    }
  }

  /** What is known where something went wrong, which may be nothing. */
  async function frameOf(c: Edge): Promise<Frame> {
    if (c.get('context') === undefined) return bareFrame
    const principal = c.get('principal')
    if (principal?.kind !== 'session') return bare(c)
    return frame(c, principal).catch(() => bare(c))
  }

  function bare(c: Edge): Frame {
    return { brand: brandOf(c.get('context').organization), now: flows.now() }
  }
}

export type PageGuard = ReturnType<typeof createPageGuard>
