import type { SubjectId } from '@behalf/contract'
import { BrokerError } from '../../domain/broker-error.ts'
import type { Leased } from '../../domain/leased-values.ts'
import { isSuspended, type Person } from '../../domain/person.ts'
import type { Plugin } from '../../domain/plugin.ts'
import type { RequestContext } from '../../domain/request-context.ts'
import { secret } from '../../domain/secret.ts'
import type { Ports } from '../../ports/index.ts'
import { newAuditEvent } from '../audit/new-audit-event.ts'
import { createLaunched, type LaunchedNeeds } from '../launch/launched.ts'
import { openSsoOnce } from '../login/open-sso.ts'
import type { ProvenSubject } from '../request/leases.ts'
import { createVerifyBehalfToken, isBehalfToken } from '../token/behalf-token.ts'
import type { PluginPrincipal } from './authenticate-plugin.ts'

/** The two ways of naming a person (design: who a plugin speaks for). */
export type NamedSubject = {
  readonly subjectToken?: string | undefined
  readonly subject?: string | undefined
  readonly tokenKind?: 'id_token' | 'access_token' | 'any'
  /** Token exchange takes SSO tokens alone. */
  readonly ssoTokenOnly?: true
}

export type ResolveNeeds = Pick<Ports, 'audit' | 'clock' | 'entropy' | 'people' | 'signIn' | 'urls' | 'vault'> &
  LaunchedNeeds
const MINUTE_MS = 60_000

/**
 * The person a plugin speaks for. Throws `invalid_request`, `subject_token_invalid`, `subject_not_allowed`, `subject_ambiguous`,
 * `subject_suspended`, `provider_unavailable`.
 */
export function createResolveSubject(ports: ResolveNeeds) {
  const verifyBehalfToken = createVerifyBehalfToken(ports)
  const { isLaunchedTo, isLive } = createLaunched(ports)

  return async function resolveSubject(
    context: RequestContext,
    principal: PluginPrincipal,
    named: NamedSubject,
    connectorName: string,
  ): Promise<Leased<Person> & { readonly untilAt: number }> {
    const { value, readAt } = await personOf(context, principal, named, connectorName)
    const now = ports.clock.now()
    if (now >= value.untilAt)
      throw new BrokerError('subject_token_invalid', { detail: 'The token was refused: expired.' })
    if (isSuspended(value.person, context.organization, now)) throw new BrokerError('subject_suspended')
    return { value: value.person, readAt, untilAt: value.untilAt }
  }

  async function personOf(
    context: RequestContext,
    principal: PluginPrincipal,
    named: NamedSubject,
    connectorName: string,
  ): Promise<Leased<ProvenSubject>> {
    const { subjectToken, subject } = named
    if (subjectToken !== undefined && subject !== undefined)
      throw new BrokerError('invalid_request', {
        detail: 'Name the person once: Behalf-Subject-Token or Behalf-Subject.',
      })
    if (subjectToken !== undefined) {
      const kind = named.tokenKind ?? 'any'
      const ours = isBehalfToken(subjectToken) && named.ssoTokenOnly !== true
      const { plugin } = principal
      const proof = ports.entropy.fingerprint(subjectToken)
      const key = [context.organization.id, plugin.id, plugin.version, connectorName, ours ? 'ours' : kind, proof].join(
        ' ',
      )
      return ports.leases.subjects.through(key, () =>
        ours
          ? byBehalfToken(context, principal, subjectToken, connectorName)
          : bySsoToken(context, principal, subjectToken, kind),
      )
    }
    if (subject !== undefined) {
      const readAt = ports.leases.now()
      const person = await byName(context, principal, subject, connectorName)
      return { value: { person, untilAt: Number.POSITIVE_INFINITY }, readAt }
    }
    throw new BrokerError('invalid_request', { detail: 'Name the person: Behalf-Subject-Token or Behalf-Subject.' })
  }

  async function byBehalfToken(
    context: RequestContext,
    principal: PluginPrincipal,
    token: string,
    connectorName: string,
  ): Promise<ProvenSubject> {
    const verified = await verifyBehalfToken(context, principal, token, connectorName)
    const person = verified && (await ports.people.byId(context.organization.id, verified.subjectId))
    if (verified === undefined || person === undefined) throw new BrokerError('subject_token_invalid')
    return { person, untilAt: verified.untilAt }
  }

  async function bySsoToken(
    context: RequestContext,
    { plugin }: PluginPrincipal,
    token: string,
    kind: 'id_token' | 'access_token' | 'any',
  ): Promise<ProvenSubject> {
    const { subject_token_audiences: approvedAudiences, subject_token_max_age } = plugin.definition
    if (approvedAudiences.length === 0)
      throw new BrokerError('subject_not_allowed', { detail: 'No SSO token is approved for this plugin.' })
    const now = ports.clock.now()
    const sso = await openSsoOnce(ports, context.organization)
    const rules = { approvedAudiences, maxAgeMs: subject_token_max_age * MINUTE_MS, now, kind }
    const outcome = await ports.signIn.verifySubjectToken(sso, secret(token), rules)
    if (outcome.kind === 'unavailable')
      throw new BrokerError('provider_unavailable', { detail: 'The sign-in service cannot be asked.' })
    if (outcome.kind === 'refused')
      throw new BrokerError('subject_token_invalid', { detail: `The token was refused: ${outcome.reason}.` })
    const person = await ports.people.byIssuerSub(context.organization.id, outcome.issuer, outcome.sub)
    if (person === undefined)
      throw new BrokerError('subject_not_allowed', { detail: 'This person has never signed in here.' })
    // A suspension is not lifted by a token: the proof counts for the idle limit alone.
    if (person.status === 'active') await ports.people.touchProof(context.organization.id, person.id, now)
    return { person: { ...person, lastProofAt: now }, untilAt: outcome.expiresAt }
  }

  async function byName(
    context: RequestContext,
    principal: PluginPrincipal,
    subject: string,
    connectorName: string,
  ): Promise<Person> {
    const { plugin } = principal
    if (plugin.definition.trusted === 'nobody')
      throw new BrokerError('subject_not_allowed', { detail: 'This plugin may not name people by itself.' })
    const found = subject.includes('@')
      ? await ports.people.byVerifiedEmail(context.organization.id, subject)
      : [await ports.people.byId(context.organization.id, subject as SubjectId)].filter(person => person !== undefined)
    if (found.length > 1) throw new BrokerError('subject_ambiguous')
    const [person] = found
    const allowed = person !== undefined && (await isTrustedFor(context, plugin, person))
    const fields = {
      onBehalfOf: person?.id ?? null,
      target: connectorName,
      details: { plugin: plugin.definition.name },
    }
    await ports.audit.add([
      newAuditEvent(ports, context, principal, 'subject.asserted', { ...fields, result: allowed ? 'done' : 'refused' }),
    ])
    if (allowed) return person
    if (plugin.definition.trusted === 'launch_audience' && !(await isLive(context, plugin)))
      throw new BrokerError('plugin_not_launched')
    // SECURITY: one answer for the unknown and for those it is not launched to, so that nobody's roster can be read off it.
    throw new BrokerError('subject_not_allowed', { detail: 'Nobody of that name is among those it may speak for.' })
  }

  async function isTrustedFor(context: RequestContext, plugin: Plugin, person: Person): Promise<boolean> {
    const { trusted } = plugin.definition
    if (trusted === 'nobody') return false
    if (trusted === 'launch_audience') return isLaunchedTo(context, plugin, person)
    return trusted.subjects.some(id => id === person.id)
  }
}
