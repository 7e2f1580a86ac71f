/** What the jobs need of the flows, each doing one round of its work. */
export type JobFlows = {
  readonly retryRevocations: () => Promise<unknown>
  readonly reconcileJournal: () => Promise<unknown>
  readonly sealAudit: () => Promise<unknown>
  readonly cutStaleCalls: () => Promise<unknown>
  readonly sweepLeases: () => Promise<unknown>
  readonly queueMessages: () => Promise<unknown>
  readonly deliverMessages: () => Promise<unknown>
  readonly writeUsage: () => Promise<unknown>
  readonly expire: () => Promise<unknown>
  readonly keepAlive: () => Promise<unknown>
  readonly watchHealth: () => Promise<unknown>
}

type Tools = {
  readonly sleep: (ms: number, signal: AbortSignal) => Promise<void>
  readonly onError: (job: string, error: unknown) => void
}

const EVERY_MS: Readonly<Record<keyof JobFlows, number>> = {
  retryRevocations: 2_000,
  reconcileJournal: 1_000,
  sealAudit: 250,
  cutStaleCalls: 700,
  sweepLeases: 700,
  queueMessages: 500,
  deliverMessages: 500,
  writeUsage: 1_000,
  expire: 60_000,
  keepAlive: 60_000,
  watchHealth: 30_000,
}

/** Runs every job at its own pace, one round at a time; disposing waits for the rounds under way. */
export function startJobs(flows: JobFlows, tools: Tools): AsyncDisposable {
  const stop = new AbortController()
  const names = Object.keys(EVERY_MS) as (keyof JobFlows)[]
  const running = names.map(name => repeat(name))
  return {
    async [Symbol.asyncDispose]() {
      stop.abort()
      await Promise.all(running)
    },
  }

  async function repeat(name: keyof JobFlows): Promise<void> {
    while (!stop.signal.aborted) {
      await flows[name]().catch(error => tools.onError(name, error))
      await tools.sleep(EVERY_MS[name], stop.signal).catch(() => undefined)
    }
  }
}
