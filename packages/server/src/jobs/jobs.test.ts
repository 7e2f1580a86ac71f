import assert from 'node:assert/strict'
import { it } from 'node:test'
import { type JobFlows, startJobs } from './jobs.ts'

const NAMES = [
  'retryRevocations',
  'reconcileJournal',
  'sealAudit',
  'cutStaleCalls',
  'sweepLeases',
  'queueMessages',
  'deliverMessages',
  'writeUsage',
  'expire',
  'keepAlive',
  'watchHealth',
] as const

const flows = (more: Partial<JobFlows>): JobFlows => ({
  ...(Object.fromEntries(NAMES.map(name => [name, async () => undefined])) as unknown as JobFlows),
  ...more,
})

/** Sleeps end when a test says so, or when they are aborted. */
function tools() {
  const [slept, left]: [Map<number, () => void>, string[]] = [new Map(), []]
  const sleep = (ms: number, signal: AbortSignal) =>
    new Promise<void>((resolve, reject) => {
      if (signal.aborted) return reject(signal.reason)
      slept.set(ms, resolve)
      signal.addEventListener('abort', () => reject(signal.reason))
    })
  return {
    sleep,
    onError: (job: string, error: unknown) => assert.fail(`${job}: ${String(error)}`),
    onLeft: (job: string) => void left.push(job),
    left,
    pass: (ms: number) => slept.get(ms)?.(),
  }
}

it('waits for the rounds under way when it stops, and tells them to', async () => {
  const [begun, told] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
  const clock = tools()
  const keepAlive = async (stop: AbortSignal) => {
    stop.addEventListener('abort', () => told.resolve())
    begun.resolve()
    await told.promise
  }
  const jobs = startJobs(flows({ keepAlive }), clock)
  await begun.promise
  await jobs[Symbol.asyncDispose]()
  assert.deepEqual(clock.left, [])
})

it('stops within its deadline although a round goes on, and names it', async () => {
  const begun = Promise.withResolvers<void>()
  const clock = tools()
  const expire = () => {
    begun.resolve()
    return new Promise<never>(() => {})
  }
  const jobs = startJobs(flows({ expire }), clock)
  await begun.promise
  const stopped = jobs[Symbol.asyncDispose]()
  clock.pass(10_000)
  await stopped
  assert.deepEqual(clock.left, ['expire'])
})
