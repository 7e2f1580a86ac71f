import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { createRateLimit } from './rate.ts'

describe('a rate limit', () => {
  it('lets a burst through, then so many a second, each key by itself', () => {
    const limit = createRateLimit({ burst: 3, perSecond: 2 })
    assert.deepEqual(
      [0, 0, 0, 0].map(now => limit.take('a', now)),
      [null, null, null, 500],
    )
    assert.equal(limit.take('b', 0), null)
    assert.equal(limit.take('a', 500), null)
    assert.equal(limit.take('a', 500), 500)
    assert.equal(limit.take('a', 60_000), null, 'what was not used is kept up to the burst')
  })

  it('does not go backwards with a clock', () => {
    const limit = createRateLimit({ burst: 1, perSecond: 1 })
    assert.equal(limit.take('a', 1_000), null)
    assert.equal(limit.take('a', 0), 1_000)
  })

  it('is bounded in memory', () => {
    const limit = createRateLimit({ burst: 1, perSecond: 0.001 })
    limit.take('first', 0)
    for (let key = 0; key < 20_000; key += 1) limit.take(String(key), 0)
    assert.equal(limit.take('first', 0), null)
  })
})
