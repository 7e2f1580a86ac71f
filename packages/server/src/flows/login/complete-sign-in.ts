import type { SessionId, SubjectId } from '@behalf/contract'
import { isSuspended, type Person } from '../../domain/person.ts'
import { signInPlace } from '../../domain/places.ts'
import type { RequestContext } from '../../domain/request-context.ts'
import { reveal, secret } from '../../domain/secret.ts'
import { isSessionLive, SESSION_ABSOLUTE_MS } from '../../domain/session.ts'
import type { SignInRequest } from '../../domain/sign-in-request.ts'
import type { Ports } from '../../ports/index.ts'
import { newAuditEvent } from '../audit/new-audit-event.ts'
import { createCompleteSsoTrial } from './complete-sso-trial.ts'
import { openSso, signInRedirectUri } from './open-sso.ts'
import { personOfClaims } from './person-of-claims.ts'

export type SignInCallback = {
  /** The organization's URL, path and raw query: what the SSO sent the browser to. */
  readonly callbackUrl: string
  readonly query: URLSearchParams
  readonly browserToken: string | undefined
  readonly sessionToken: string | undefined
  readonly userAgent: string | null
}

export type SignedIn =
  | { readonly kind: 'signed_in'; readonly sessionToken: string; readonly expiresAt: number; readonly returnTo: string }
  | { readonly kind: 'tried'; readonly returnTo: string }
  /** `returnTo` where it is known what was asked for, so that a new try leads there. */
  | { readonly kind: 'cancelled' | 'refused' | 'unavailable'; readonly reason: string; readonly returnTo?: string }

type Needs = Pick<
  Ports,
  | 'audit'
  | 'clock'
  | 'entropy'
  | 'launches'
  | 'metrics'
  | 'people'
  | 'roster'
  | 'sessions'
  | 'signIn'
  | 'ssoTrials'
  | 'urls'
  | 'vault'
>

/** Ends one sign-in: in the browser that began it, with a fresh session, whatever session there was before. */
export function createCompleteSignIn(ports: Needs) {
  const completeSsoTrial = createCompleteSsoTrial(ports)

  return async function completeSignIn(context: RequestContext, callback: SignInCallback): Promise<SignedIn> {
    const state = callback.query.get('state')
    const request = await take(context, state, callback.browserToken)
    if (request === undefined || state === null) return refused(context, 'refused', 'not_begun_here')
    const { organization } = context
    const redirectUri = signInRedirectUri(ports, organization)
    const checks = { redirectUri, state, ...(await opened(context, request)) }
    if (request.trialId !== null) {
      const returnTo = await completeSsoTrial(context, request.trialId, callback, checks)
      return returnTo === undefined ? refused(context, 'refused', 'not_begun_here') : { kind: 'tried', returnTo }
    }
    const outcome = await ports.signIn.complete(await openSso(ports, organization), callback.callbackUrl, checks)
    if (outcome.kind !== 'signed_in')
      return { ...(await refused(context, outcome.kind, outcome.reason)), returnTo: request.returnTo }
    const person = await recordSignIn(personOfClaims(ports, organization, outcome.claims))
    if (isSuspended(person, organization, ports.clock.now())) return refused(context, 'refused', 'suspended', person.id)
    return signedIn(context, person, callback, request.returnTo)
  }

  async function take(
    context: RequestContext,
    state: string | null,
    browserToken: string | undefined,
  ): Promise<SignInRequest | undefined> {
    if (state === null || browserToken === undefined) return undefined
    const [stateHash, browserHash] = [ports.entropy.sha256(state), ports.entropy.sha256(browserToken)]
    return ports.sessions.takeSignInRequest(context.organization.id, stateHash, browserHash, ports.clock.now())
  }

  async function opened(context: RequestContext, request: SignInRequest) {
    const text = reveal(await ports.vault.open(signInPlace(context.organization.id, request.stateHash), request.sealed))
    const { nonce, verifier } = JSON.parse(text) as { nonce: string; verifier: string }
    return { nonce, verifier: secret(verifier) }
  }

  // An e-mail names whoever first signs in with it, verified; from then on the subject counts, whoever has the e-mail later.
  async function recordSignIn(seen: Person): Promise<Person> {
    const person = await ports.people.recordSignIn(seen)
    if (person.email === null || !person.emailVerified) return person
    const email = person.email.toLowerCase()
    await ports.launches.claimEmail(person.orgId, email, person.id)
    await ports.roster.claim(person.orgId, email, person.id)
    return person
  }

  async function signedIn(
    context: RequestContext,
    person: Person,
    callback: SignInCallback,
    returnTo: string,
  ): Promise<SignedIn> {
    const now = ports.clock.now()
    const sessionToken = ports.entropy.randomToken(32)
    const orgId = context.organization.id
    const before =
      callback.sessionToken && (await ports.sessions.byHash(orgId, ports.entropy.sha256(callback.sessionToken)))
    const session = {
      id: ports.entropy.newId<SessionId>('ses'),
      orgId,
      hash: ports.entropy.sha256(sessionToken),
      subjectId: person.id,
      createdAt: now,
      lastSeenAt: now,
      expiresAt: now + SESSION_ABSOLUTE_MS,
      userAgent: callback.userAgent?.replace(/[^\x20-\x7e]/g, '').slice(0, 200) ?? null,
    }
    const replaces = before && isSessionLive(before, now) ? before.id : null
    const audit = newAuditEvent(ports, context, 'anonymous', 'sign_in.completed', {
      onBehalfOf: person.id,
      target: session.id,
    })
    await ports.sessions.create(session, replaces, { ...audit, principal: person.id })
    ports.metrics.count('sign_ins', 'completed')
    return { kind: 'signed_in', sessionToken, expiresAt: session.expiresAt, returnTo }
  }

  async function refused(
    context: RequestContext,
    kind: 'cancelled' | 'refused' | 'unavailable',
    reason: string,
    onBehalfOf: SubjectId | null = null,
  ): Promise<Extract<SignedIn, { readonly reason: string }>> {
    const result = kind === 'refused' ? 'refused' : 'failed'
    await ports.audit.add([
      newAuditEvent(ports, context, 'anonymous', 'sign_in.refused', { result, onBehalfOf, details: { reason } }),
    ])
    ports.metrics.count('sign_ins', kind)
    return { kind, reason }
  }
}
