import type { SessionId } from '@behalf/contract'
import type { Principal } from '../../domain/principal.ts'
import type { RequestContext } from '../../domain/request-context.ts'
import { isSessionLive, type Session } from '../../domain/session.ts'
import type { Ports } from '../../ports/index.ts'
import { newAuditEvent } from '../audit/new-audit-event.ts'

type Person = Extract<Principal, { kind: 'session' }>
type Needs = Pick<Ports, 'clock' | 'entropy' | 'sessions'>
const MOST = 200

/** Where a person is signed in: live sessions, newest first. */
export function createListOwnSessions(ports: Needs) {
  return async function listOwnSessions(
    { organization }: RequestContext,
    { person }: Person,
  ): Promise<readonly Session[]> {
    const { items } = await ports.sessions.list(organization.id, person.id, { after: null, limit: MOST })
    const now = ports.clock.now()
    return items.filter(session => isSessionLive(session, now))
  }
}

/** Signs a person out of other browsers, of one or of all; how many ended, each audited. The one that asks is never among them. */
export function createEndOtherSessions(ports: Needs) {
  const listOwnSessions = createListOwnSessions(ports)

  return async function endOtherSessions(
    context: RequestContext,
    principal: Person,
    which: SessionId | 'all',
  ): Promise<number> {
    const own = await listOwnSessions(context, principal)
    const chosen = own.filter(({ id }) => id !== principal.sessionId && (which === 'all' || id === which))
    let ended = 0
    for (const { id } of chosen) {
      const fields = { onBehalfOf: principal.person.id, target: id }
      const audit = newAuditEvent(ports, context, principal, 'session.ended', fields)
      if (await ports.sessions.end(context.organization.id, id, audit)) ended += 1
    }
    return ended
  }
}
