import type { Context } from 'hono'
import { BrokerError } from '../domain/broker-error.ts'
import type { Principal } from '../domain/principal.ts'
import type { Flows } from '../flows/flows.ts'
import { readCookie } from './cookies.ts'
import type { EdgeEnv } from './edge-env.ts'

export type SessionPrincipal = Extract<Principal, { kind: 'session' }>

/** The browser's session, if it has a live one. */
export function sessionOf(
  c: Context<EdgeEnv>,
  flows: Pick<Flows, 'authenticateSession' | 'isSecure'>,
): Promise<SessionPrincipal | undefined> {
  return flows.authenticateSession(c.get('context'), readCookie(c.req.header('cookie'), 'session', flows.isSecure()))
}

/**
 * Who sends a REST request: an API key, a browser session, or where the route lets it speak a plugin key. Throws `unauthenticated`,
 * `session_expired`.
 */
export async function authenticate(
  c: Context<EdgeEnv>,
  flows: Flows,
  { speaks }: { readonly speaks?: true },
): Promise<Principal> {
  const authorization = c.req.header('authorization')
  if (authorization !== undefined) {
    const plugin = speaks === true ? await flows.authenticatePlugin(c.get('context'), authorization) : undefined
    if (plugin !== undefined) return plugin
    const key = /^Bearer ([\w-]{20,100})$/i.exec(authorization)?.[1]
    const principal = key && (await flows.authenticateApiKey(c.get('context'), key))
    if (!principal) throw new BrokerError('unauthenticated')
    return principal
  }
  const session = await sessionOf(c, flows)
  if (session !== undefined) return session
  const cookie = readCookie(c.req.header('cookie'), 'session', flows.isSecure())
  throw new BrokerError(cookie === undefined ? 'unauthenticated' : 'session_expired')
}
