import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { own, parseObject } from './strict-json.ts'

describe('strict JSON', () => {
  it('reads one object, with a byte-order mark before it or not', () => {
    assert.deepEqual(parseObject('{"a":{"b":[1,"x:{"]},"c":"\\""}'), { a: { b: [1, 'x:{'] }, c: '"' })
    assert.deepEqual(parseObject('\ufeff{"a":1}'), { a: 1 })
  })

  it('takes the same name in two objects for what it is', () => {
    assert.notEqual(parseObject('{"a":{"x":1},"b":{"x":2},"list":[{"x":1},{"x":2}]}'), undefined)
  })

  for (const [what, text] of [
    ['a name twice', '{"access_token":"a","access_token":"b"}'],
    ['a name twice in another spelling', '{"access_token":"a","\\u0061ccess_token":"b"}'],
    ['a name twice further down', '{"x":[{"a":1,"a":2}]}'],
    ['33 levels', `${'{"a":'.repeat(33)}1${'}'.repeat(33)}`],
    ['100,000 levels', `{"a":${'['.repeat(100_000)}${']'.repeat(100_000)}}`],
    ['trailing rubbish', '{"a":1} x'],
    ['two objects', '{"a":1}{"b":2}'],
    ['an array', '[]'],
    ['null', 'null'],
    ['nothing', ''],
    ['UTF-16', Buffer.from('{"a":1}', 'utf16le').toString('utf8')],
  ] as const) {
    it(`refuses ${what}`, () => assert.equal(parseObject(text), undefined))
  }

  it('reads a megabyte of one string without running out of stack', () => {
    assert.equal(own(parseObject(`{"a":"${'x\\n'.repeat(300_000)}"}`) ?? {}, 'a')?.toString().length, 600_000)
  })

  it('gives nothing inherited and pollutes nothing', () => {
    const read = parseObject('{"__proto__":{"access_token":"p"},"constructor":{"prototype":{"polluted":1}}}') ?? {}
    assert.equal(own(read, 'access_token'), undefined)
    assert.equal(own({}, 'toString'), undefined)
    assert.equal(({} as Record<string, unknown>)['polluted'], undefined)
  })
})
