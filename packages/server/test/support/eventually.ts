import { setTimeout as delay } from 'node:timers/promises'

const LONGEST_MS = 15_000
const POLL_MS = 50

/** Reads again until it is as wanted; fails with the last reading where that takes too long. */
export async function eventually<Value>(read: () => Promise<Value>, wanted: (value: Value) => boolean): Promise<Value> {
  for (let waited = 0; ; waited += POLL_MS) {
    const value = await read()
    if (wanted(value)) return value
    if (waited > LONGEST_MS) throw new Error(`it never came: ${JSON.stringify(value)}`)
    await delay(POLL_MS)
  }
}
