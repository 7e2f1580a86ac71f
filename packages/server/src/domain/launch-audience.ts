import type { LaunchAudience, NamedPerson } from './launch.ts'
import { compileRule, type Holds, type RuleTerm } from './launch-rule.ts'
import { type Candidate, isInGroup } from './roster.ts'

/** A launch audience, made ready for asking often. */
export type CompiledAudience = {
  reaches(person: Candidate): boolean
  /** The terms it was decided by. */
  explain(person: Candidate): readonly RuleTerm[]
}

/** Compiles a launch audience. Throws `RuleFault` where its rule cannot be read. */
export function compileAudience(audience: LaunchAudience): CompiledAudience {
  if (audience.kind === 'nobody') return told(() => false, 'nobody')
  if (audience.kind === 'everyone') return told(() => true, 'everyone')
  if (audience.kind === 'people') return told(namedIn(audience.people), 'among the people it names')
  if (audience.kind === 'groups') {
    const terms = audience.groups.map(group => ({
      term: `groups contains ${JSON.stringify(group)}`,
      holds: (person: Candidate) => isInGroup(person, group),
    }))
    return {
      reaches: person => audience.groups.some(group => isInGroup(person, group)),
      explain: person => terms.map(({ term, holds }) => ({ term, has: String(holds(person)), holds: holds(person) })),
    }
  }
  if (audience.kind === 'everyone_but') {
    const isNamed = namedIn(audience.people)
    const out = (person: Candidate) => isNamed(person) || audience.groups.some(group => isInGroup(person, group))
    return told(
      person => !out(person),
      `everyone but ${audience.people.length} people and ${audience.groups.length} groups`,
    )
  }
  const rule = compileRule(audience.rule)
  return { reaches: rule.matches, explain: person => rule.explain(person).terms }
}

function told(reaches: (person: Candidate) => boolean, term: string): CompiledAudience {
  const line = (holds: Holds): RuleTerm => ({ term, has: String(holds), holds })
  return { reaches, explain: person => [line(reaches(person))] }
}

/** Named by subject; an e-mail that nobody has signed in with yet names whoever was imported with it, for counting ahead. */
function namedIn(people: readonly NamedPerson[]): (person: Candidate) => boolean {
  const subjects = new Set(people.map(({ subjectId }) => subjectId))
  const waiting = new Set(people.filter(({ subjectId }) => subjectId === null).map(({ email }) => email))
  return ({ id, email }) => (id === null ? email !== null && waiting.has(email) : subjects.has(id))
}
