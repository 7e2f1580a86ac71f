import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { createKeptWhileFresh } from './kept-while-fresh.ts'

const MINUTE = 60_000

function rig() {
  let now = 0
  let reads = 0
  let fails = false
  const kept = createKeptWhileFresh<number>({ now: () => now, monotonic: () => now, sleep: async () => {} })
  const get = (again = false) =>
    kept.get(
      'k',
      async () => {
        reads += 1
        if (fails) throw new Error('down')
        return reads
      },
      { again },
    )
  return {
    get,
    pass(ms: number) {
      now += ms
    },
    fail(on: boolean) {
      fails = on
    },
    reads: () => reads,
  }
}

describe('what an SSO publishes', () => {
  it('is read once for callers at once, and again after ten minutes', async () => {
    const { get, pass, reads } = rig()
    assert.deepEqual(await Promise.all([get(), get(), get()]), [1, 1, 1])
    pass(10 * MINUTE - 1)
    assert.equal(await get(), 1)
    pass(1)
    assert.equal(await get(), 2)
    assert.equal(reads(), 2)
  })

  it('RP-10 is asked for anew at most every 30 seconds, however many unknown keys come', async () => {
    const { get, pass, reads } = rig()
    await get()
    for (let i = 0; i < 100; i += 1) await get(true)
    assert.equal(reads(), 1)
    pass(30_000)
    for (let i = 0; i < 100; i += 1) await get(true)
    assert.equal(reads(), 2)
  })

  it('RP-10 goes on for a day while the SSO is down, without hammering it, and not longer', async () => {
    const { get, pass, fail, reads } = rig()
    await get()
    fail(true)
    pass(11 * MINUTE)
    for (let i = 0; i < 100; i += 1) assert.equal(await get(), 1)
    assert.equal(reads(), 2)
    pass(24 * 60 * MINUTE)
    await assert.rejects(get(), /down/)
    fail(false)
    pass(30_000)
    assert.equal(await get(), 4)
  })

  it('asks again after a second where nothing is known yet', async () => {
    const { get, pass, fail, reads } = rig()
    fail(true)
    await assert.rejects(get(), /down/)
    await assert.rejects(get(), /down/)
    assert.equal(reads(), 1)
    fail(false)
    pass(1_000)
    assert.equal(await get(), 2)
  })
})
