import type { Principal } from '../../domain/principal.ts'
import type { RequestContext } from '../../domain/request-context.ts'
import type { Ports } from '../../ports/index.ts'
import { newAuditEvent } from '../audit/new-audit-event.ts'
import { openSso } from './open-sso.ts'

type Needs = Pick<Ports, 'clock' | 'entropy' | 'log' | 'sessions' | 'signIn' | 'urls' | 'vault'>

/** Ends a session on every node, and leads on to the SSO's own sign-out where it offers one (OpenID Connect RP-Initiated Logout 1.0). */
export function createSignOut(ports: Needs) {
  return async function signOut(
    context: RequestContext,
    principal: Extract<Principal, { kind: 'session' }>,
  ): Promise<{ readonly location: string }> {
    const { organization } = context
    const fields = { onBehalfOf: principal.person.id, target: principal.sessionId }
    const audit = newAuditEvent(ports, context, principal, 'sign_out.completed', fields)
    await ports.sessions.end(organization.id, principal.sessionId, audit)
    const signedOut = `${ports.urls.ofOrganization(organization.slug)}/auth/signed-out`
    try {
      return {
        location: (await ports.signIn.endSessionUrl(await openSso(ports, organization), signedOut)) ?? signedOut,
      }
    } catch (error) {
      // The session here has ended; an SSO that cannot be asked does not bring it back.
      ports.log.error('sign_out.sso_unavailable', error)
      return { location: signedOut }
    }
  }
}
