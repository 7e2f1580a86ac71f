import { ssoTrialId } from '@behalf/contract'
import type { Hono } from 'hono'
import { BrokerError } from '../../domain/broker-error.ts'
import { may } from '../../domain/permission.ts'
import { safeReturnTo } from '../../domain/return-to.ts'
import { SESSION_ABSOLUTE_MS } from '../../domain/session.ts'
import type { Flows } from '../../flows/flows.ts'
import { dropCookie, readCookie, setCookie } from '../cookies.ts'
import type { EdgeEnv } from '../edge-env.ts'
import { singleQuery } from '../json-body.ts'
import type { SessionPrincipal } from '../principal.ts'
import type { Edge, PageGuard } from './page-guard.ts'
import { claimPage, signedOutPage, signInFailedPage, signingOutPage, signOutPage } from './sign-in-pages.ts'

const BROWSER_MS = 86_400_000
const RETURN_MS = 600_000
const UNANSWERED: ReadonlySet<string> = new Set([
  'provider_unavailable',
  'provider_timeout',
  'provider_invalid_response',
])

/** What an SSO that cannot be asked is told as; anything else is thrown on. */
function unanswered(error: unknown): { readonly reason: string } {
  if (error instanceof BrokerError && UNANSWERED.has(error.code)) return { reason: error.code }
  throw error
}

/** Registers signing in and out, and how the first admin claims the role. */
export function registerSignInPages(
  app: Hono<EdgeEnv>,
  flows: Flows,
  { signedIn, submitted, frame, bare }: PageGuard,
): void {
  const secure = flows.isSecure()

  app.get('/auth/login', signIn)
  app.get('/auth/ssoCallback', finishSignIn)
  app.get('/auth/sso-trial/:id', c => signedIn(c, tryToSignIn))
  app.get('/auth/logout', c =>
    signedIn(c, async (_, principal) => {
      const { return_to: returnTo } = singleQuery(new URL(c.req.url))
      return c.html(signOutPage(await frame(c, principal), returnTo))
    }),
  )
  app.post('/auth/logout', c => submitted(c, signOut))
  app.get('/auth/signed-out', showSignedOut)
  app.get('/auth/claim', c =>
    signedIn(c, async (_, principal) => c.html(claimPage(await frame(c, principal), 'asking'))),
  )
  app.post('/auth/claim', c => submitted(c, claim))

  async function signIn(c: Edge): Promise<Response> {
    const url = new URL(c.req.url)
    const { return_to: returnTo } = singleQuery(url)
    const browserToken = readCookie(c.req.header('cookie'), 'browser', secure)
    const begun = await flows.beginSignIn(c.get('context'), { returnTo, browserToken }).catch(unanswered)
    if ('reason' in begun) {
      const failure = {
        kind: 'unavailable',
        ...begun,
        requestId: c.get('requestId'),
        again: url.pathname + url.search,
      } as const
      return c.html(signInFailedPage(bare(c), failure), 503)
    }
    c.header('set-cookie', setCookie('browser', begun.browserToken, { secure, maxAgeMs: BROWSER_MS }))
    return c.redirect(begun.location, 303)
  }

  async function tryToSignIn(c: Edge, principal: SessionPrincipal): Promise<Response> {
    const id = ssoTrialId.safeParse(c.req.param('id'))
    if (!id.success || !may(principal.roles, 'organization.edit')) throw new BrokerError('not_found')
    const browserToken = readCookie(c.req.header('cookie'), 'browser', secure)
    const begun = await flows.beginSsoTrial(c.get('context'), principal, { id: id.data, browserToken })
    c.header('set-cookie', setCookie('browser', begun.browserToken, { secure, maxAgeMs: BROWSER_MS }))
    return c.redirect(begun.location, 303)
  }

  async function finishSignIn(c: Edge): Promise<Response> {
    const url = new URL(c.req.url)
    const cookies = c.req.header('cookie')
    const done = await flows.completeSignIn(c.get('context'), {
      callbackUrl: c.get('baseUrl') + url.pathname + url.search,
      query: new URLSearchParams(singleQuery(url)),
      browserToken: readCookie(cookies, 'browser', secure),
      sessionToken: readCookie(cookies, 'session', secure),
      userAgent: c.req.header('user-agent') ?? null,
    })
    if (done.kind === 'tried') return c.redirect(done.returnTo, 303)
    if (done.kind !== 'signed_in') {
      const status = done.kind === 'unavailable' ? 503 : done.kind === 'cancelled' ? 200 : 403
      const failure = { ...done, requestId: c.get('requestId'), again: signInAt(done.returnTo) }
      return c.html(signInFailedPage(bare(c), failure), status)
    }
    c.header('set-cookie', setCookie('session', done.sessionToken, { secure, maxAgeMs: SESSION_ABSOLUTE_MS }))
    return c.redirect(done.returnTo, 303)
  }

  async function signOut(c: Edge, principal: SessionPrincipal, form: URLSearchParams): Promise<Response> {
    const { location } = await flows.signOut(c.get('context'), principal)
    c.header('set-cookie', dropCookie('session', secure))
    const returnTo = form.get('return_to')
    // The SSO's own sign-out lies between, which takes nothing along.
    const kept = returnTo === null ? '' : Buffer.from(safeReturnTo(returnTo)).toString('base64url')
    const maxAgeMs = returnTo === null ? 0 : RETURN_MS
    c.header('set-cookie', setCookie('return', kept, { secure, maxAgeMs }), { append: true })
    return c.html(signingOutPage(bare(c), location))
  }

  function showSignedOut(c: Edge): Response | Promise<Response> {
    const kept = readCookie(c.req.header('cookie'), 'return', secure)
    const returnTo = kept && safeReturnTo(Buffer.from(kept, 'base64url').toString())
    return c.html(signedOutPage(bare(c), signInAt(returnTo)))
  }

  async function claim(c: Edge, principal: SessionPrincipal, form: URLSearchParams): Promise<Response> {
    const done = await flows.claimAdmin(c.get('context'), principal, (form.get('code') ?? '').slice(0, 100))
    // The page after it is an admin's.
    const roles = done ? [...principal.roles, 'admin' as const] : principal.roles
    return c.html(claimPage(await frame(c, { ...principal, roles }), done ? 'done' : 'wrong'), done ? 200 : 403)
  }
}

const signInAt = (returnTo: string | undefined): string =>
  returnTo === undefined || returnTo === '/connections'
    ? '/auth/login'
    : `/auth/login?return_to=${encodeURIComponent(returnTo)}`
