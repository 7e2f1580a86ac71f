import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { compileRule } from './launch-rule.ts'
import { type AttributeValue, type Candidate, describedByClaims, NOTHING_KNOWN } from './roster.ts'
import { RuleFault } from './rule-tokens.ts'

const person = (attributes: Record<string, AttributeValue>, change: Partial<Candidate> = {}): Candidate => ({
  id: null,
  email: 'ada@example.com',
  emailVerified: true,
  name: 'Ada',
  claims: { groups: ['sales'], attributes },
  imported: NOTHING_KNOWN,
  ...change,
})
const ada = person({
  department: 'IT',
  country: 'DE',
  title: 'senior engineer',
  level: 7,
  remote: true,
  skills: ['ts'],
})
const is = (rule: string, who: Candidate = ada): boolean => compileRule(rule).matches(who)
const faultOf = (rule: string): RuleFault => {
  try {
    compileRule(rule)
  } catch (error) {
    assert.ok(error instanceof RuleFault, String(error))
    return error
  }
  return assert.fail(`it was read: ${rule}`)
}

describe('a launch rule', () => {
  it('compares attributes, and joins comparisons as they read', () => {
    assert.equal(is('department == "IT" and country in ["DE", "AT"] and not (title contains "intern")'), true)
    assert.equal(is('department == "HR" or level >= 7 and remote == true'), true, 'and binds closer than or')
    assert.equal(is('(department == "HR" or level >= 7) and remote == false'), false)
    assert.equal(is('level > 6.5 and level < 8 and level <= 7 and level != 3'), true)
    assert.equal(is('skills contains "ts" and not (skills contains "t")'), true, 'a list holds whole entries')
    assert.equal(is('groups contains "sales" and country not in ["US"] and title not contains "intern"'), true)
    assert.equal(is('email contains "@example.com" and name == "Ada"'), true)
    assert.equal(is('department == "it"'), false, 'exact in case too')
  })

  it('takes what is not known for unknown, and lets nobody in by it, not turned round either', () => {
    for (const rule of [
      'room == "1"',
      'room != "1"',
      'not (room == "1")',
      'room not in ["1"]',
      'level == "7"',
      'level contains "7"',
    ])
      assert.equal(is(rule), false, rule)
    assert.equal(is('room == "1" or department == "IT"'), true, 'one side decides an or')
    assert.equal(compileRule('room == "1" and department == "HR"').explain(ada).holds, false)
    assert.equal(compileRule('room == "1" and department == "IT"').explain(ada).holds, null)
    assert.equal(
      is('email == "ada@example.com"', person({}, { emailVerified: false })),
      false,
      'unverified is not known',
    )
  })

  it('says why somebody is in or out', () => {
    const { holds, terms } = compileRule('department == "IT" and not (room in ["1", "2"])').explain(ada)
    assert.equal(holds, null)
    assert.deepEqual(terms, [
      { term: 'department == "IT"', has: '"IT"', holds: true },
      { term: 'room in ["1", "2"]', has: 'not known', holds: null },
    ])
  })

  it('goes by the sign-in’s word before the import’s', () => {
    const imported = { groups: ['vip'], attributes: { department: 'HR', site: 'Graz' } }
    const both = person({ department: 'IT' }, { imported })
    assert.equal(
      is('department == "IT" and site == "Graz" and groups contains "vip" and groups contains "sales"', both),
      true,
    )
  })

  it('tells a fault with the character it begins at', () => {
    assert.deepEqual([faultOf('department = "IT"').at, faultOf('department == IT').at, faultOf('').at], [11, 14, 0])
    assert.match(faultOf('department == "IT" country == "DE"').message, /“and” or “or” is missing/)
    assert.match(faultOf('level < "7"').message, /takes a number/)
    assert.match(faultOf('level in [7, "8"]').message, /of one type/)
    assert.match(faultOf('department == "IT').message, /does not end/)
    assert.match(faultOf('(department == "IT"').message, /“\)” is missing/)
    assert.match(faultOf('"IT" == department').message, /name is missing/)
    assert.match(faultOf('a not == "x"').message, /goes before/)
  })

  it('is bounded in length, depth, comparisons and choices', () => {
    assert.match(faultOf(`a == "${'x'.repeat(201)}"`).message, /200 characters/)
    assert.match(faultOf(' '.repeat(2_001)).message, /2000 characters/)
    assert.match(faultOf(`${'('.repeat(30)}a == 1${')'.repeat(30)}`).message, /levels/)
    assert.match(faultOf(`${'not '.repeat(30)}a == 1`).message, /levels/)
    assert.match(faultOf(Array.from({ length: 101 }, () => 'a == 1').join(' or ')).message, /100 comparisons/)
    assert.match(faultOf(`a in [${Array.from({ length: 501 }, () => '1').join(',')}]`).message, /500 choices/)
  })

  it('reads any text or refuses it, and never does anything else', () => {
    const word = fc.constantFrom(
      'a',
      'not',
      'and',
      'or',
      'in',
      'contains',
      '==',
      '!=',
      '(',
      ')',
      '[',
      ']',
      ',',
      '"x"',
      '1',
      'true',
      '"',
      '\\',
      '`',
      '$',
    )
    const rule = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 80 }),
      fc.array(word, { maxLength: 30 }).map(words => words.join(' ')),
    )
    fc.assert(
      fc.property(rule, text => {
        try {
          assert.equal(typeof compileRule(text).matches(ada), 'boolean')
        } catch (error) {
          assert.ok(error instanceof RuleFault, String(error))
          assert.ok(error.at >= 0 && error.at <= text.length + 1)
        }
      }),
      { numRuns: 2_000 },
    )
  })

  it('obeys the laws of three-valued logic', () => {
    const values = { yes: 'a == 1', no: 'a == 2', unknown: 'b == 1' }
    const who = person({ a: 1 })
    const of = (rule: string) => compileRule(rule).explain(who).holds
    const rank = (holds: boolean | null) => (holds === null ? 1 : holds ? 2 : 0)
    for (const x of Object.values(values)) {
      for (const y of Object.values(values)) {
        assert.equal(rank(of(`${x} and ${y}`)), Math.min(rank(of(x)), rank(of(y))), `${x} and ${y}`)
        assert.equal(rank(of(`${x} or ${y}`)), Math.max(rank(of(x)), rank(of(y))), `${x} or ${y}`)
        assert.equal(of(`not (${x} and ${y})`), of(`not (${x}) or not (${y})`), 'De Morgan')
      }
    }
  })
})

describe('what a sign-in says of a person', () => {
  const wanted = {
    groups: 'groups',
    attributes: { department: 'dept', level: 'level', polluted: '__proto__', odd: 'constructor' },
  }

  it('is taken where it is plain and bounded, and left out where it is not', () => {
    const { groups, attributes } = describedByClaims(wanted, {
      groups: ['a', 7, 'x'.repeat(201), 'b\u0000'],
      dept: 'IT',
      level: 3,
    })
    assert.deepEqual([groups, { ...attributes }], [['a'], { department: 'IT', level: 3 }])
    for (const dept of [{ a: 1 }, null, Number.NaN, 'x'.repeat(201), 'a\nb', Array.from({ length: 501 }, () => 'x')])
      assert.equal(describedByClaims(wanted, { dept }).attributes['department'], undefined)
    assert.deepEqual(describedByClaims(wanted, { groups: 'one' }).groups, ['one'])
    assert.deepEqual(describedByClaims(wanted, { groups: { toString: 'x' } }).groups, [])
    assert.deepEqual(describedByClaims(null, { groups: ['a'] }), NOTHING_KNOWN)
  })

  it('reaches no prototype', () => {
    const claims = JSON.parse('{"dept": "IT", "__proto__": {"admin": "yes"}}') as Record<string, unknown>
    const described = describedByClaims(wanted, claims)
    assert.equal(({} as Record<string, unknown>)['admin'], undefined)
    const who = person({}, { claims: described })
    for (const rule of ['constructor == "x"', 'tostring contains "o"', 'hasownproperty != "x"', 'admin == "yes"'])
      assert.equal(is(rule, who), false, rule)
  })
})
