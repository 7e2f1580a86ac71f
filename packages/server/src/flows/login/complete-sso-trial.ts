import type { SsoTrialId } from '@behalf/contract'
import { principalName } from '../../domain/principal.ts'
import type { RequestContext } from '../../domain/request-context.ts'
import type { Ports } from '../../ports/index.ts'
import type { SignInOutcome, SignInProvider } from '../../ports/sign-in-provider.ts'
import { newAuditEvent } from '../audit/new-audit-event.ts'
import { createAuthenticateSession } from './authenticate-session.ts'
import { openSsoTrial } from './open-sso.ts'

type Needs = Pick<Ports, 'clock' | 'entropy' | 'people' | 'sessions' | 'signIn' | 'ssoTrials' | 'vault'>

/**
 * Ends the sign-in of a trial: who came back is written down, and nobody is signed in by it. Where to go on, or undefined where the browser is
 * not signed in as whoever asked for the trial, or the trial is over.
 */
export function createCompleteSsoTrial(ports: Needs) {
  const authenticateSession = createAuthenticateSession(ports)

  return async function completeSsoTrial(
    context: RequestContext,
    id: SsoTrialId,
    callback: { readonly callbackUrl: string; readonly sessionToken: string | undefined },
    checks: Parameters<SignInProvider['complete']>[2],
  ): Promise<string | undefined> {
    const { organization } = context
    const trial = await ports.ssoTrials.byId(organization.id, id)
    const principal = await authenticateSession(context, callback.sessionToken)
    if (trial === undefined || ports.clock.now() >= trial.expiresAt) return undefined
    // SECURITY: otherwise somebody could be led through a trial of another, and become the admin that is saved with it.
    if (principal === undefined || principalName(principal) !== trial.principal) return undefined
    const sso = await openSsoTrial(ports, organization, trial)
    const outcome = await ports.signIn.complete(sso, callback.callbackUrl, checks)
    const audit = newAuditEvent(ports, context, principal, 'organization.sso_tried', {
      target: organization.slug,
      result: outcome.kind === 'signed_in' ? 'done' : 'failed',
      details: { trial: id, issuer: trial.issuer, client_id: trial.clientId, ...reasonOf(outcome) },
    })
    const settled =
      outcome.kind === 'signed_in'
        ? ({ kind: 'passed', claims: outcome.claims } as const)
        : ({ kind: 'failed', reason: outcome.reason } as const)
    await ports.ssoTrials.settle(organization.id, id, settled, audit)
    return `/studio/settings/sso?trial=${id}`
  }
}

const reasonOf = (outcome: SignInOutcome) => (outcome.kind === 'signed_in' ? {} : { reason: outcome.reason })
