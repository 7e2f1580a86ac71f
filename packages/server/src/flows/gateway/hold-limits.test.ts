import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { BrokerError } from '../../domain/broker-error.ts'
import type { Clock } from '../../ports/clock.ts'
import { holdLimits } from './hold-limits.ts'

const limits = { head_s: 60, idle_s: 120 }
const never: Pick<Clock, 'sleep'> = { sleep: () => new Promise(() => {}) }
const hold = (more: object, clock = never, declaredBytes = 0) => {
  const cuts: string[] = []
  const held = holdLimits({ clock: clock as Clock }, { ...limits, ...more }, declaredBytes, error =>
    cuts.push(error.code),
  )
  return { cuts, held }
}

describe('the limits of a call', () => {
  it('cut it when all its time is up, and not once it has ended', async () => {
    const slept: number[] = []
    const passed = Promise.withResolvers<void>()
    const clock: Pick<Clock, 'sleep'> = {
      sleep(ms, signal) {
        slept.push(ms)
        signal?.addEventListener('abort', () => passed.reject(new Error('ended')))
        return passed.promise
      },
    }
    const { cuts } = hold({ total_s: 5 }, clock)
    assert.deepEqual([slept, cuts], [[5_000], []])
    passed.resolve()
    await passed.promise
    assert.deepEqual(cuts, ['provider_timeout'])

    const ended = Promise.withResolvers<void>()
    const sleeping: Pick<Clock, 'sleep'> = {
      sleep(_, signal) {
        signal?.addEventListener('abort', () => ended.reject(new Error('ended')))
        return ended.promise
      },
    }
    const other = hold({ total_s: 5 }, sleeping)
    other.held?.end()
    await assert.rejects(ended.promise)
    assert.deepEqual(other.cuts, [])
  })

  it('refuse a body that says it is too long, and admit an answer up to its last byte', () => {
    assert.throws(
      () => hold({ request_bytes: 10 }, never, 11),
      (error: unknown) => error instanceof BrokerError && error.code === 'body_too_large',
    )
    const { held, cuts } = hold({ request_bytes: 10, response_bytes: 10 }, never, 0)
    held?.admitBody(10)
    assert.throws(() => held?.admitBody(11))
    assert.deepEqual(cuts.splice(0), ['body_too_large'])
    assert.deepEqual([held?.admits(10), held?.admits(11), cuts], [true, false, ['provider_invalid_response']])
  })

  it('cost nothing where a connector sets none', () => {
    assert.equal(hold({}).held, undefined)
  })
})
