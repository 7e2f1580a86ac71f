import type { SsoTrialId } from '@behalf/contract'
import { BrokerError } from '../../domain/broker-error.ts'
import { toHex } from '../../domain/bytes.ts'
import type { Organization } from '../../domain/organization.ts'
import { type Person, rolesOf } from '../../domain/person.ts'
import { ssoSecretPlace, ssoTrialPlace } from '../../domain/places.ts'
import { type Principal, principalName } from '../../domain/principal.ts'
import type { RequestContext } from '../../domain/request-context.ts'
import { type Secret, secret } from '../../domain/secret.ts'
import type { SignInClaims } from '../../domain/sign-in-claims.ts'
import { SSO_TRIAL_MS, type SsoTrial } from '../../domain/sso-trial.ts'
import type { Ports } from '../../ports/index.ts'
import { newAuditEvent } from '../audit/new-audit-event.ts'
import { createBeginAt } from '../login/begin-sign-in.ts'
import { openSso, openSsoTrial, signInRedirectUri } from '../login/open-sso.ts'
import { personOfClaims } from '../login/person-of-claims.ts'

type Needs = Pick<
  Ports,
  'clock' | 'entropy' | 'outbound' | 'people' | 'sessions' | 'signIn' | 'ssoTrials' | 'urls' | 'vault'
>
export type SsoAsked = {
  readonly issuer: string
  readonly clientId: string
  readonly clientSecret: string | undefined
}
/** A trial with the person it brought, as that person would be saved. */
export type JudgedTrial = { readonly trial: SsoTrial; readonly person: Person | null }

/** Changes the SSO in three steps: ask for a trial, sign in by it, save. Nobody is locked out: whoever saves has come back as an admin. */
export function createChangeSso(ports: Needs) {
  const beginAt = createBeginAt(ports)
  return { trySso, readSsoTrial, beginSsoTrial, putSso }

  /** Keeps other settings for one trial. Throws `forbidden` for a key, `invalid_request`, `outbound_refused`, `provider_unavailable`. */
  async function trySso(context: RequestContext, principal: Principal, asked: SsoAsked): Promise<JudgedTrial> {
    if (principal.kind !== 'session')
      throw new BrokerError('forbidden', { detail: 'A person signs in for a trial: change the SSO in the studio.' })
    const { organization } = context
    const target = { orgSlug: organization.slug }
    await ports.outbound.check(asked.issuer, target)
    const clientSecret = await secretOf(organization, asked)
    await assertReachable(organization, { issuer: asked.issuer, clientId: asked.clientId, clientSecret, target })
    const id = ports.entropy.newId<SsoTrialId>('sst')
    const trial: SsoTrial = {
      id,
      orgId: organization.id,
      principal: principalName(principal),
      issuer: asked.issuer,
      clientId: asked.clientId,
      clientSecret: await ports.vault.seal(ssoTrialPlace(organization.id, id), clientSecret),
      outcome: null,
      expiresAt: ports.clock.now() + SSO_TRIAL_MS,
    }
    await ports.ssoTrials.add(trial)
    return { trial, person: null }
  }

  /** One's own trial. Throws `not_found`, also once it is over. */
  async function readSsoTrial(context: RequestContext, principal: Principal, id: SsoTrialId): Promise<JudgedTrial> {
    const trial = await ports.ssoTrials.byId(context.organization.id, id)
    if (trial === undefined || trial.principal !== principalName(principal) || ports.clock.now() >= trial.expiresAt)
      throw new BrokerError('not_found', { detail: 'There is no such trial, or it is over. Try the settings again.' })
    const { outcome } = trial
    return { trial, person: outcome?.kind === 'passed' ? await broughtBy(context.organization, outcome.claims) : null }
  }

  /** Leads on to the sign-in of a trial. Throws `not_found`, `provider_unavailable`. */
  async function beginSsoTrial(
    context: RequestContext,
    principal: Principal,
    asked: { readonly id: SsoTrialId; readonly browserToken: string | undefined },
  ) {
    const { trial } = await readSsoTrial(context, principal, asked.id)
    const sso = await openSsoTrial(ports, context.organization, trial)
    return beginAt(context, sso, { returnTo: undefined, browserToken: asked.browserToken, trialId: trial.id })
  }

  /** Takes the settings over. Throws `not_found`, `sso_not_tried`, `subject_suspended`, `version_conflict`. */
  async function putSso(
    context: RequestContext,
    principal: Principal,
    { id, version }: { readonly id: SsoTrialId; readonly version: number },
  ): Promise<Organization> {
    const before = context.organization
    if (before.version !== version) throw new BrokerError('version_conflict')
    const { trial, person } = await readSsoTrial(context, principal, id)
    if (person === null) throw new BrokerError('sso_not_tried')
    if (person.status !== 'active') throw new BrokerError('subject_suspended')
    const { clientSecret } = await openSsoTrial(ports, before, trial)
    const secretVersion = before.sso.secretVersion + 1
    const sealed = await ports.vault.seal(ssoSecretPlace(before.id, secretVersion), clientSecret)
    const sso = { issuer: trial.issuer, clientId: trial.clientId, clientSecret: sealed, secretVersion }
    const after = { ...before, sso, version: before.version + 1 }
    // Whoever changes the SSO is an admin, and stays one by the new way in.
    const isAdmin = rolesOf(person).includes('admin')
    const admin: Person = isAdmin ? person : { ...person, grantedRoles: [...person.grantedRoles, 'admin'] }
    const changed = newAuditEvent(ports, context, principal, 'organization.sso_changed', {
      target: before.slug,
      details: {
        issuer: trial.issuer,
        issuer_before: before.sso.issuer,
        client_id: trial.clientId,
        secret_version: secretVersion,
        secret_hash: toHex(ports.entropy.sha256Bytes(new Uint8Array(sealed))),
        admin: admin.id,
      },
    })
    const raised = newAuditEvent(ports, context, principal, 'person.roles_changed', {
      onBehalfOf: admin.id,
      target: admin.id,
      details: { before: person.grantedRoles, after: admin.grantedRoles },
    })
    if (!(await ports.ssoTrials.apply(trial, after, admin, isAdmin ? [changed] : [changed, raised])))
      throw new BrokerError('version_conflict')
    return after
  }

  // SECURITY: the kept secret goes to no issuer but its own.
  async function secretOf(organization: Organization, asked: SsoAsked): Promise<Secret> {
    if (asked.clientSecret !== undefined) return secret(asked.clientSecret)
    if (asked.issuer === organization.sso.issuer) return (await openSso(ports, organization)).clientSecret
    throw new BrokerError('invalid_request', {
      errors: [{ pointer: '/client_secret', reason: 'needed: the present one belongs to the present issuer' }],
    })
  }

  async function assertReachable(organization: Organization, sso: Parameters<typeof beginAt>[1]): Promise<void> {
    const [state, nonce] = [ports.entropy.randomToken(32), ports.entropy.randomToken(32)]
    const verifier = secret(ports.entropy.randomToken(32))
    await ports.signIn.authorizationUrl(sso, {
      redirectUri: signInRedirectUri(ports, organization),
      state,
      nonce,
      verifier,
    })
  }

  async function broughtBy(organization: Organization, claims: SignInClaims): Promise<Person> {
    const seen = personOfClaims(ports, organization, claims)
    const known = await ports.people.byIssuerSub(organization.id, claims.issuer, claims.sub)
    if (known === undefined) return seen
    const { email, emailVerified, name, claimRoles, lastProofAt } = seen
    return {
      ...known,
      email,
      emailVerified,
      name,
      claimRoles,
      claims: seen.claims,
      lastProofAt,
      version: known.version + 1,
    }
  }
}
