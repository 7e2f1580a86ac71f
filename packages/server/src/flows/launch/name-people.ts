import type { Fault, LaunchAudienceGiven, OrgId, SubjectId } from '@behalf/contract'
import { BrokerError } from '../../domain/broker-error.ts'
import type { LaunchAudience, NamedPerson } from '../../domain/launch.ts'
import { compileRule } from '../../domain/launch-rule.ts'
import { RuleFault } from '../../domain/rule-tokens.ts'
import type { Ports } from '../../ports/index.ts'

/**
 * Reads a launch audience as it was given: finds out who its people are, and whether its rule can be read. An e-mail that one person has,
 * verified, is that person; one that nobody has waits for whoever signs in with it. Throws `invalid_request` with each faulty line.
 */
export function createNamePeople(ports: Pick<Ports, 'people'>) {
  return async function namePeople(orgId: OrgId, given: LaunchAudienceGiven): Promise<LaunchAudience> {
    if (given.kind === 'rule') {
      judgeRule(given.rule)
      return given
    }
    if (given.kind !== 'people' && given.kind !== 'everyone_but') return given
    return { ...given, people: await peopleOf(orgId, given.people) }
  }

  async function peopleOf(orgId: OrgId, given: readonly string[]): Promise<readonly NamedPerson[]> {
    const found = await Promise.all(given.map(one => nameOne(orgId, one)))
    const errors: Fault[] = []
    const seen = new Set<string>()
    for (const [index, person] of found.entries()) {
      const pointer = `/launch_audience/people/${index}`
      if (typeof person === 'string') errors.push({ pointer, reason: person })
      else if (seen.has(person.subjectId ?? person.email ?? '')) errors.push({ pointer, reason: 'named twice' })
      else seen.add(person.subjectId ?? person.email ?? '')
    }
    if (errors.length > 0)
      throw new BrokerError('invalid_request', { detail: 'Not everybody is named well.', errors: errors.slice(0, 50) })
    return found.filter(person => typeof person !== 'string')
  }

  /** A person, or why there is none. */
  async function nameOne(orgId: OrgId, given: string): Promise<NamedPerson | string> {
    if (!given.includes('@')) {
      const person = await ports.people.byId(orgId, given as SubjectId)
      return person === undefined ? 'no such person' : { subjectId: person.id, email: verified(person) }
    }
    const [person, other] = await ports.people.byVerifiedEmail(orgId, given)
    if (person === undefined) return { subjectId: null, email: given }
    return other === undefined
      ? { subjectId: person.id, email: verified(person) }
      : 'more than one person has this e-mail: name one by the subject id'
  }
}

const verified = ({ email, emailVerified }: { email: string | null; emailVerified: boolean }): string | null =>
  emailVerified ? email : null

function judgeRule(rule: string): void {
  try {
    compileRule(rule)
  } catch (error) {
    if (!(error instanceof RuleFault)) throw error
    const reason = `character ${error.at + 1}: ${error.message}`
    throw new BrokerError('invalid_request', {
      detail: 'The rule cannot be read.',
      errors: [{ pointer: '/launch_audience/rule', reason }],
    })
  }
}
