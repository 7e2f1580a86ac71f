import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { createLeasedValues, earlier, isLeaseLive, type Moment } from './leased-values.ts'

const at = (monotonic: number, wall = 1_000_000 + monotonic): Moment => ({ monotonic, wall })

describe('a cache lease', () => {
  it('runs for 700 ms from before the reading', () => {
    const values = createLeasedValues<string>()
    values.put('a', { value: 'x', readAt: at(0) })
    assert.equal(values.get('a', at(699))?.value, 'x')
    assert.equal(values.get('a', at(700)), undefined)
  })

  it('ends with a suspended machine, whose wall clock alone went on, and with a clock that was set', () => {
    assert.equal(isLeaseLive(at(0), at(10)), true)
    assert.equal(isLeaseLive(at(0), at(10, 1_000_000 + 3_600_000)), false)
    assert.equal(isLeaseLive(at(0), at(10, 1_000_000 - 3_600_000)), false)
  })

  it('is as long as the shortest of those a call rests on', () => {
    assert.deepEqual(earlier(at(5), at(3)), at(3))
  })

  it('keeps nothing that has lapsed once it is swept', () => {
    const values = createLeasedValues<string>()
    values.put('old', { value: 'x', readAt: at(0) })
    values.put('new', { value: 'y', readAt: at(600) })
    values.sweep(at(800))
    assert.equal(values.get('old', at(0)), undefined)
    assert.equal(values.get('new', at(800))?.value, 'y')
  })
})
