import type { Role, SubjectId } from '@behalf/contract'
import { BrokerError } from '../../domain/broker-error.ts'
import type { LiveCalls } from '../../domain/live-calls.ts'
import type { Person } from '../../domain/person.ts'
import type { Principal } from '../../domain/principal.ts'
import type { RequestContext } from '../../domain/request-context.ts'
import type { Ports } from '../../ports/index.ts'
import { type AuditFields, newAuditEvent } from '../audit/new-audit-event.ts'
import { endOfUse } from '../revoke/end-of-use.ts'

type Needs = Pick<Ports, 'clock' | 'entropy' | 'people' | 'sessions'> & { readonly liveCalls: LiveCalls }

/** Roles and suspension of people. Each throws `not_found`, `version_conflict` and, where the last admin would go, `last_admin`. */
export function createChangePerson(ports: Needs) {
  return { putRoles, suspendPerson, resumePerson }

  async function putRoles(
    context: RequestContext,
    principal: Principal,
    id: SubjectId,
    roles: readonly Role[],
  ): Promise<Person> {
    const person = await read(context, id)
    const raised = roles.some(role => !person.grantedRoles.includes(role))
    if (principal.kind === 'session' && principal.person.id === id && raised) {
      throw new BrokerError('forbidden', { detail: 'Nobody grants roles to themselves.' })
    }
    const grantedRoles = [...new Set(roles)]
    const details = { before: person.grantedRoles, after: grantedRoles }
    return write(context, principal, { ...person, grantedRoles }, 'person.roles_changed', { details })
  }

  /** When it returns the person is refused on every node, and their streams are cut. */
  async function suspendPerson(context: RequestContext, principal: Principal, id: SubjectId): Promise<Person> {
    const person = await read(context, id)
    if (person.status === 'suspended') return person
    const suspended = await write(context, principal, { ...person, status: 'suspended' }, 'person.suspended')
    await ports.sessions.endAllOf(context.organization.id, id)
    ports.liveCalls.cutSubject(context.organization.id, id)
    await endOfUse(ports)
    return suspended
  }

  async function resumePerson(context: RequestContext, principal: Principal, id: SubjectId): Promise<Person> {
    const person = await read(context, id)
    return person.status === 'active'
      ? person
      : write(context, principal, { ...person, status: 'active' }, 'person.resumed')
  }

  async function read({ organization }: RequestContext, id: SubjectId): Promise<Person> {
    const person = await ports.people.byId(organization.id, id)
    if (person === undefined) throw new BrokerError('not_found')
    return person
  }

  async function write(
    context: RequestContext,
    principal: Principal,
    changed: Person,
    action: 'person.roles_changed' | 'person.suspended' | 'person.resumed',
    fields: AuditFields = {},
  ): Promise<Person> {
    const after = { ...changed, version: changed.version + 1 }
    const audit = newAuditEvent(ports, context, principal, action, {
      onBehalfOf: changed.id,
      target: changed.id,
      ...fields,
    })
    const result = await ports.people.update(after, audit)
    if (result === 'updated') return after
    throw new BrokerError(result === 'last_admin' ? 'last_admin' : 'version_conflict')
  }
}
