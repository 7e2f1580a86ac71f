import assert from 'node:assert/strict'
import { it } from 'node:test'
import { timeDigits, timeOfId } from './id-time.ts'

it('tells from an id when it was made, in digits that are in order as text', () => {
  const instants = [0, 31, 32, 1_023, 1_024, 1_790_000_000_123, 32 ** 10 - 1]
  assert.deepEqual(
    instants.map(at => timeOfId(`cal_${timeDigits(at)}zzzzzzzzzzzzzzzz`)),
    instants,
  )
  assert.deepEqual(instants.map(timeDigits).toSorted(), instants.map(timeDigits))
})

it('takes an instant that no id can have for the nearest that one can', () => {
  assert.deepEqual([timeDigits(-5), timeDigits(1e18)], [timeDigits(0), timeDigits(32 ** 10 - 1)])
})
