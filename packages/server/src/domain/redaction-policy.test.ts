import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { RedactionPolicy, SubjectId } from '@behalf/contract'
import type { LaunchAudience, NamedPerson } from './launch.ts'
import { countNamed, mayLowerThreshold, policyFor, stricter, whyStrict } from './redaction-policy.ts'

const byEmail = (label: string): NamedPerson => ({ subjectId: null, email: `${label}@example.com` })
const known = (label: string, email: string | null = `${label}@example.com`): NamedPerson => ({
  subjectId: `sub_${label}` as SubjectId,
  email,
})
const people = (count: number, prefix = 'p') =>
  Array.from({ length: count }, (_, index) => byEmail(`${prefix}${index}`))
const launch = (launchAudience: LaunchAudience, redaction: RedactionPolicy = 'standard') => ({
  launchAudience,
  redaction,
})
const toPeople = (named: readonly NamedPerson[], redaction: RedactionPolicy = 'standard') =>
  launch({ kind: 'people', people: named }, redaction)

describe('the redaction threshold', () => {
  it('forces strict on more than ten people, and leaves exactly ten free', () => {
    assert.equal(whyStrict([toPeople(people(10))], 10), undefined)
    assert.equal(whyStrict([toPeople(people(11))], 10), 'over_threshold')
  })

  it('counts the union of all live launches, each person once', () => {
    assert.equal(whyStrict([toPeople(people(10)), toPeople(people(10))], 10), undefined)
    assert.equal(whyStrict([toPeople(people(10, 'a')), toPeople(people(1, 'b'))], 10), 'over_threshold')
  })

  it('counts a person named by e-mail before the first sign-in, and not again once known as a subject', () => {
    assert.equal(countNamed([toPeople([byEmail('ann'), known('bob')])]), 2)
    assert.equal(countNamed([toPeople([byEmail('ann')]), toPeople([known('ann')])]), 1)
    assert.equal(countNamed([toPeople([known('ann'), known('ann', null)])]), 1)
  })

  it('does not merge two people because they show the same e-mail', () => {
    assert.equal(countNamed([toPeople([known('ann', 'x@example.com'), known('bob', 'x@example.com')])]), 2)
  })

  it('holds every launch audience that can grow to strict, also an empty one and beside a small one', () => {
    const open: readonly LaunchAudience[] = [
      { kind: 'everyone' },
      { kind: 'everyone_but', people: people(3), groups: [] },
      { kind: 'groups', groups: [] },
      { kind: 'rule', rule: 'department == "IT"' },
    ]
    for (const audience of open) {
      assert.equal(whyStrict([launch(audience)], 10), 'open_ended', audience.kind)
      assert.equal(whyStrict([toPeople(people(1)), launch(audience)], 10), 'open_ended', audience.kind)
    }
    assert.equal(whyStrict([launch({ kind: 'nobody' })], 10), undefined)
  })

  it('never counts with more than ten, whatever an organization holds', () => {
    assert.equal(whyStrict([toPeople(people(11))], 500), 'over_threshold')
    assert.equal(whyStrict([toPeople(people(1))], 0), 'over_threshold')
  })

  it('is only ever lowered', () => {
    assert.equal(mayLowerThreshold(10, 10), true)
    assert.equal(mayLowerThreshold(10, 3), true)
    assert.equal(mayLowerThreshold(3, 0), true)
    for (const asked of [4, 11, -1, 2.5, Number.NaN]) assert.equal(mayLowerThreshold(3, asked), false, String(asked))
    assert.equal(mayLowerThreshold(20, 11), false)
  })
})

describe('the policy of one person’s call', () => {
  const small = toPeople(people(3), 'permissive')
  const of = (live: readonly ReturnType<typeof launch>[], reaching: typeof live, agreed = true) =>
    policyFor({ strict: whyStrict(live, 10), reaching, agreed })

  it('takes the person’s own agreement for permissive', () => {
    assert.equal(of([small], [small]), 'permissive')
    assert.equal(of([small], [small], false), 'standard')
  })

  it('is the strictest of the launches that reach the person', () => {
    const strict = toPeople(people(3), 'strict')
    assert.equal(of([small, strict], [small, strict]), 'strict')
    assert.equal(of([small, strict], [small]), 'permissive')
  })

  it('is strict for all once the launches together are, and for whomever no launch reaches', () => {
    assert.equal(of([small, toPeople(people(9, 'q'))], [small]), 'strict')
    assert.equal(of([small, launch({ kind: 'everyone' }, 'permissive')], [small]), 'strict')
    assert.equal(of([small], []), 'strict')
  })

  it('orders the policies with strict at the strictest', () => {
    assert.equal(stricter('permissive', 'standard'), 'standard')
    assert.equal(stricter('strict', 'permissive'), 'strict')
  })
})
