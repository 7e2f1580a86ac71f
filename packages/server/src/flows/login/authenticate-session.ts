import { isSuspended, rolesOf } from '../../domain/person.ts'
import type { Principal } from '../../domain/principal.ts'
import type { RequestContext } from '../../domain/request-context.ts'
import { isSessionLive, SESSION_TOUCH_MS } from '../../domain/session.ts'
import type { Ports } from '../../ports/index.ts'

/** Whose browser this is; undefined where there is no session, it ended or idled out, or the person is suspended. */
export function createAuthenticateSession(ports: Pick<Ports, 'clock' | 'entropy' | 'people' | 'sessions'>) {
  return async function authenticateSession(
    { organization }: RequestContext,
    sessionToken: string | undefined,
  ): Promise<Extract<Principal, { kind: 'session' }> | undefined> {
    if (sessionToken === undefined || sessionToken.length > 200) return undefined
    const session = await ports.sessions.byHash(organization.id, ports.entropy.sha256(sessionToken))
    const now = ports.clock.now()
    if (session === undefined || !isSessionLive(session, now)) return undefined
    const person = await ports.people.byId(organization.id, session.subjectId)
    if (person === undefined || isSuspended(person, organization, now)) return undefined
    if (now - session.lastSeenAt > SESSION_TOUCH_MS) await ports.sessions.touch(organization.id, session.id, now)
    return { kind: 'session', sessionId: session.id, person, roles: rolesOf(person) }
  }
}
