import type { SubjectId } from '@behalf/contract'
import { BrokerError } from '../../domain/broker-error.ts'
import { isSuspended, type Person } from '../../domain/person.ts'
import { isTrustedFor } from '../../domain/plugin.ts'
import type { RequestContext } from '../../domain/request-context.ts'
import { secret } from '../../domain/secret.ts'
import type { Ports } from '../../ports/index.ts'
import { newAuditEvent } from '../audit/new-audit-event.ts'
import { openSso } from '../login/open-sso.ts'
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

type Needs = Pick<Ports, 'audit' | 'clock' | 'entropy' | 'people' | 'signIn' | 'urls' | 'vault'>
const MINUTE_MS = 60_000

/**
 * The person a plugin speaks for. Throws `invalid_request`, `subject_token_invalid`, `subject_not_allowed`, `subject_ambiguous`,
 * `subject_suspended`, `provider_unavailable`.
 */
export function createResolveSubject(ports: Needs) {
  const verifyBehalfToken = createVerifyBehalfToken(ports)

  return async function resolveSubject(
    context: RequestContext,
    principal: PluginPrincipal,
    named: NamedSubject,
    connectorName: string,
  ): Promise<Person> {
    const person = await personOf(context, principal, named, connectorName)
    if (isSuspended(person, context.organization, ports.clock.now())) throw new BrokerError('subject_suspended')
    return person
  }

  function personOf(
    context: RequestContext,
    principal: PluginPrincipal,
    named: NamedSubject,
    connectorName: string,
  ): Promise<Person> {
    const { subjectToken, subject } = named
    if (subjectToken !== undefined && subject !== undefined)
      throw new BrokerError('invalid_request', {
        detail: 'Name the person once: Behalf-Subject-Token or Behalf-Subject.',
      })
    if (subjectToken !== undefined && isBehalfToken(subjectToken) && named.ssoTokenOnly !== true) {
      return byBehalfToken(context, principal, subjectToken, connectorName)
    }
    if (subjectToken !== undefined) return bySsoToken(context, principal, subjectToken, named.tokenKind ?? 'any')
    if (subject !== undefined) return byName(context, principal, subject, connectorName)
    throw new BrokerError('invalid_request', { detail: 'Name the person: Behalf-Subject-Token or Behalf-Subject.' })
  }

  async function byBehalfToken(
    context: RequestContext,
    principal: PluginPrincipal,
    token: string,
    connectorName: string,
  ): Promise<Person> {
    const subjectId = await verifyBehalfToken(context, principal, token, connectorName)
    const person = subjectId && (await ports.people.byId(context.organization.id, subjectId))
    if (!person) throw new BrokerError('subject_token_invalid')
    return person
  }

  async function bySsoToken(
    context: RequestContext,
    { plugin }: PluginPrincipal,
    token: string,
    kind: 'id_token' | 'access_token' | 'any',
  ): Promise<Person> {
    const { subject_token_audiences: approvedAudiences, subject_token_max_age } = plugin.definition
    if (approvedAudiences.length === 0)
      throw new BrokerError('subject_not_allowed', { detail: 'No SSO token is approved for this plugin.' })
    const now = ports.clock.now()
    const sso = await openSso(ports, context.organization)
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
    return { ...person, lastProofAt: now }
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
    const allowed = person !== undefined && isTrustedFor(plugin, person.id)
    const fields = {
      onBehalfOf: person?.id ?? null,
      target: connectorName,
      details: { plugin: plugin.definition.name },
    }
    await ports.audit.add([
      newAuditEvent(ports, context, principal, 'subject.asserted', { ...fields, result: allowed ? 'done' : 'refused' }),
    ])
    if (!allowed) throw new BrokerError('subject_not_allowed')
    return person
  }
}
