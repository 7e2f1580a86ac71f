import type { Context } from 'hono'
import { BrokerError } from '../../domain/broker-error.ts'
import type { Flows } from '../../flows/flows.ts'
import type { EdgeEnv } from '../edge-env.ts'
import { readText } from '../json-body.ts'
import { type SessionPrincipal, sessionOf } from '../principal.ts'
import { provenanceOf } from '../same-origin.ts'
import { admitForm, formOf, MOST_FORM } from '../submitted-form.ts'
import { brandOf } from './brand.ts'
import { bareFrame, type Frame, visitorOf } from './layout.ts'

export type Edge = Context<EdgeEnv>
type Show = (c: Edge, principal: SessionPrincipal) => Response | Promise<Response>
type Act = (c: Edge, principal: SessionPrincipal, form: URLSearchParams) => Promise<Response>

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
    admitForm(provenanceOf(c.req.raw.headers), c.req.header('content-type'), c.get('baseUrl'))
    const principal = await sessionOf(c, flows)
    if (principal === undefined) throw new BrokerError('session_expired')
    c.set('principal', principal)
    const form = await formOf(flows, c.get('context'), principal, await readText(c.req.raw, MOST_FORM))
    return act(c, principal, form)
  }

  async function frame(c: Edge, principal: SessionPrincipal): Promise<Frame> {
    return { ...bare(c), visitor: visitorOf(principal, await flows.csrfToken(c.get('context'), principal)) }
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
