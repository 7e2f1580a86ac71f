import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { createBreaker } from './breaker.ts'

describe('a breaker', () => {
  it('RP-03 opens after ten failures in a row, lets one through every five seconds, and closes with the first success', () => {
    const breaker = createBreaker()
    for (let failure = 0; failure < 9; failure += 1) breaker.answered('a', false, 0)
    assert.equal(breaker.admit('a', 0), null)
    breaker.answered('a', true, 0)
    for (let failure = 0; failure < 10; failure += 1) {
      assert.equal(breaker.admit('a', 1_000), null)
      breaker.answered('a', false, 1_000)
    }
    assert.equal(breaker.admit('a', 2_000), 4_000)
    assert.equal(breaker.admit('b', 2_000), null, 'another endpoint')
    assert.equal(breaker.admit('a', 6_000), null, 'one to look')
    assert.equal(breaker.admit('a', 6_001), 4_999, 'and one alone')
    breaker.answered('a', false, 7_000)
    assert.equal(breaker.admit('a', 7_001), 4_999)
    assert.equal(breaker.admit('a', 12_000), null)
    breaker.answered('a', true, 12_100)
    assert.equal(breaker.admit('a', 12_101), null)
  })
})
