import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { clashes, differences, getAt, type JsonObject, mergePatch, same, setAt } from '../src/form/json.ts'

const names = fc.constantFrom('a', 'b', 'c')
const leaf = fc.oneof(fc.string({ maxLength: 3 }), fc.integer({ min: 0, max: 3 }), fc.boolean())
const { object } = fc.letrec<{ value: unknown; object: JsonObject }>(tie => ({
  value: fc.oneof({ depthSize: 'small' }, leaf, fc.array(leaf, { maxLength: 2 }), tie('object')),
  object: fc.dictionary(names, tie('value'), { maxKeys: 3, noNullPrototype: true }) as fc.Arbitrary<JsonObject>,
}))

/** RFC 7396, as the broker applies it. */
function applied(target: unknown, patch: unknown): unknown {
  if (typeof patch !== 'object' || patch === null || Array.isArray(patch)) return patch
  const result: Record<string, unknown> = { ...(typeof target === 'object' && !Array.isArray(target) ? target : {}) }
  for (const [name, value] of Object.entries(patch))
    if (value === null) delete result[name]
    else result[name] = applied(result[name], value)
  return result
}

describe('a draft', () => {
  it('becomes a merge patch that leads from what is stored to what was typed', () => {
    fc.assert(
      fc.property(object, object, (stored, draft) => {
        assert.deepEqual(applied(stored, mergePatch(stored, draft)), draft)
        assert.equal(same(stored, draft), differences(stored, draft).length === 0)
      }),
    )
  })

  it('takes a value at a path, and loses what is empty with its last value', () => {
    const draft = setAt({}, ['auth', 'revoke', 'token_key'], 'token')
    assert.equal(getAt(draft, ['auth', 'revoke', 'token_key']), 'token')
    assert.deepEqual(setAt(draft, ['auth', 'revoke', 'token_key'], undefined), {})
    const listed = setAt({ actions: [{ name: 'one' }, { name: 'two' }] }, ['actions', '1', 'name'], 'three')
    assert.deepEqual(listed, { actions: [{ name: 'one' }, { name: 'three' }] })
    assert.deepEqual(setAt(listed, ['actions', '0'], undefined), { actions: [{ name: 'three' }] })
  })

  it('clashes only where both sides changed the same value, and to different ones', () => {
    const base = { name: 'a', auth: { scope: 'x', token_url: 't' } }
    const mine = { name: 'b', auth: { scope: 'mine', token_url: 't' } }
    const theirs = { name: 'b', auth: { scope: 'theirs', token_url: 'u' } }
    assert.deepEqual(clashes(base, mine, theirs), [{ path: ['auth', 'scope'], from: 'mine', to: 'theirs' }])
    assert.deepEqual(clashes(base, base, theirs), [])
  })
})
