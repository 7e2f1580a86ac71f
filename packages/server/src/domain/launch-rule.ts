import { type AttributeValue, attributeOf, type Candidate } from './roster.ts'
import { RuleFault, type Token, tokenize } from './rule-tokens.ts'

/** True, false, or null where it cannot be told because something of the person is not known (Kleene's third value). */
export type Holds = boolean | null

/** One comparison of a rule as it came out for one person. */
export type RuleTerm = { readonly term: string; readonly has: string; readonly holds: Holds }

/** A launch rule, read once. */
export type LaunchRule = {
  /** Unknown is not in. */
  matches(person: Candidate): boolean
  explain(person: Candidate): { readonly holds: Holds; readonly terms: readonly RuleTerm[] }
}

type Literal = string | number | boolean
type Part = (person: Candidate) => Holds
type Term = { readonly term: string; readonly name: string; readonly holds: Part }
type Operator = '==' | '!=' | '<' | '<=' | '>' | '>=' | 'contains' | 'in'

const DEEPEST = 20
const MOST_TERMS = 100
const MOST_CHOICES = 500

/**
 * Reads a rule: comparisons of attributes with literals, joined by `and`, `or`, `not` and parentheses. Nothing is evaluated as code; names are
 * looked up among a person's own attributes alone. Throws {@link RuleFault}.
 */
export function compileRule(rule: string): LaunchRule {
  const reader = createReader(rule)
  const whole = reader.whole()
  return {
    matches: person => whole(person) === true,
    explain: person => ({
      holds: whole(person),
      terms: reader.terms.map(({ term, name, holds }) => ({
        term,
        has: shown(knownOf(person, name)),
        holds: holds(person),
      })),
    }),
  }
}

function createReader(rule: string) {
  const tokens = tokenize(rule)
  const terms: Term[] = []
  let next = 0
  let depth = 0
  return { whole, terms }

  function whole(): Part {
    if (tokens.length === 0) throw new RuleFault('the rule is empty', 0)
    const part = either()
    const left = tokens[next]
    if (left !== undefined) throw new RuleFault('“and” or “or” is missing here', left.at)
    return part
  }

  function either(): Part {
    return joined('or', both, true)
  }
  function both(): Part {
    return joined('and', single, false)
  }

  // One value decides at once (true for “or”, false for “and”); otherwise an unknown one leaves it unknown.
  function joined(word: string, operand: () => Part, deciding: boolean): Part {
    const parts = [operand()]
    while (takes('word', word)) parts.push(operand())
    const [only] = parts
    if (parts.length === 1 && only !== undefined) return only
    return person => {
      let unknown = false
      for (const part of parts) {
        const holds = part(person)
        if (holds === deciding) return deciding
        if (holds === null) unknown = true
      }
      return unknown ? null : !deciding
    }
  }

  function single(): Part {
    if (depth >= DEEPEST) throw new RuleFault(`at most ${DEEPEST} levels`, here())
    depth += 1
    try {
      if (takes('word', 'not')) {
        const part = single()
        return person => negated(part(person))
      }
      if (!takes('mark', '(')) return comparison()
      const part = either()
      expect(')')
      return part
    } finally {
      depth -= 1
    }
  }

  function comparison(): Part {
    const begin = here()
    const named = tokens[next]
    if (named?.kind !== 'name') throw new RuleFault('an attribute’s name is missing here', begin)
    next += 1
    const not = takes('word', 'not')
    const operator = operatorAt()
    if (not && operator !== 'in' && operator !== 'contains')
      throw new RuleFault('“not” goes before “in” and “contains”', begin)
    const compare = comparing(operator, operator === 'in' ? choices() : [literal()], here())
    const holds: Part = person => {
      const held = compare(knownOf(person, named.text))
      return not ? negated(held) : held
    }
    if (terms.length >= MOST_TERMS) throw new RuleFault(`at most ${MOST_TERMS} comparisons`, begin)
    terms.push({ term: rule.slice(begin, tokens[next - 1]?.end), name: named.text, holds })
    return holds
  }

  function operatorAt(): Operator {
    const token = tokens[next]
    const known = token !== undefined && token.kind !== 'value' && /^(==|!=|<=?|>=?|in|contains)$/.test(token.text)
    if (!known) throw new RuleFault('a comparison is missing here: == != < <= > >= in contains', here())
    next += 1
    return (token as Extract<Token, { text: string }>).text as Operator
  }

  function literal(): Literal {
    const token = tokens[next]
    if (token?.kind !== 'value') throw new RuleFault('a "text", a number, true or false is missing here', here())
    next += 1
    return token.value
  }

  function choices(): readonly Literal[] {
    expect('[')
    const list = [literal()]
    while (takes('mark', ',')) list.push(literal())
    expect(']')
    if (list.length > MOST_CHOICES) throw new RuleFault(`at most ${MOST_CHOICES} choices`, here())
    return list
  }

  function takes(kind: Token['kind'], text: string): boolean {
    const token = tokens[next]
    const there = token !== undefined && token.kind === kind && token.kind !== 'value' && token.text === text
    if (there) next += 1
    return there
  }
  function expect(mark: string): void {
    if (!takes('mark', mark)) throw new RuleFault(`“${mark}” is missing here`, here())
  }
  function here(): number {
    return tokens[next]?.at ?? rule.length
  }
}

const negated = (holds: Holds): Holds => (holds === null ? null : !holds)

/** How an operator judges a value; null where the value is not there or of another type. Throws {@link RuleFault} for operands that cannot fit. */
function comparing(
  operator: Operator,
  operands: readonly Literal[],
  at: number,
): (value: AttributeValue | undefined) => Holds {
  const [operand] = operands
  const same = (value: AttributeValue | undefined): Holds =>
    typeof value === typeof operand ? value === operand : null
  if (operator === '==') return same
  if (operator === '!=') return value => negated(same(value))
  if (operator === 'in') {
    if (operands.some(each => typeof each !== typeof operand))
      throw new RuleFault('the choices must be of one type', at)
    const set: ReadonlySet<unknown> = new Set(operands)
    return value => (typeof value === typeof operand ? set.has(value) : null)
  }
  if (operator === 'contains') {
    if (typeof operand !== 'string' || operand === '') throw new RuleFault('“contains” takes a "text"', at)
    return value => (typeof value === 'string' || Array.isArray(value) ? value.includes(operand) : null)
  }
  if (typeof operand !== 'number') throw new RuleFault(`“${operator}” takes a number`, at)
  const ordered = ORDER[operator]
  return value => (typeof value === 'number' ? ordered(value, operand) : null)
}

const ORDER = {
  '<': (a: number, b: number) => a < b,
  '<=': (a: number, b: number) => a <= b,
  '>': (a: number, b: number) => a > b,
  '>=': (a: number, b: number) => a >= b,
} as const

function knownOf(person: Candidate, name: string): AttributeValue | undefined {
  if (name === 'email') return person.emailVerified ? (person.email ?? undefined) : undefined
  if (name === 'name') return person.name ?? undefined
  if (name === 'groups') return groupsOf(person)
  return attributeOf(person, name)
}

const groupsOf = ({ claims, imported }: Candidate): readonly string[] =>
  imported.groups.length === 0 ? claims.groups : [...claims.groups, ...imported.groups]

const SHOWN = 100
const shown = (value: AttributeValue | undefined): string =>
  value === undefined ? 'not known' : JSON.stringify(value).slice(0, SHOWN)
