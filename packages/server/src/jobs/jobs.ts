/** What the jobs need of the flows, each doing one round of its work; a round that goes from one thing to the next ends after the one it is at when it is told to stop. */
export type JobFlows = {
  readonly retryRevocations: Round
  readonly reconcileJournal: Round
  readonly sealAudit: Round
  readonly cutStaleCalls: Round
  readonly sweepLeases: Round
  readonly queueMessages: Round
  readonly deliverMessages: Round
  readonly writeUsage: Round
  readonly expire: Round
  readonly keepAlive: Round
  readonly watchHealth: Round
}

type Round = (stop: AbortSignal) => Promise<unknown>
type Tools = {
  readonly sleep: (ms: number, signal: AbortSignal) => Promise<void>
  readonly onError: (job: string, error: unknown) => void
  /** A round was not waited for any longer. */
  readonly onLeft: (job: string) => void
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
/** As long as calls have to end. What a round did not do is done by another node, or after the next start. */
const STOP_MS = 10_000

/** Runs every job at its own pace, one round at a time; disposing waits ten seconds at most for the rounds under way. */
export function startJobs(flows: JobFlows, tools: Tools): AsyncDisposable {
  const stop = new AbortController()
  const running = new Map((Object.keys(EVERY_MS) as (keyof JobFlows)[]).map(name => [name, repeat(name)]))
  return {
    async [Symbol.asyncDispose]() {
      stop.abort()
      const allEnded = new AbortController()
      const late = tools.sleep(STOP_MS, allEnded.signal).catch(() => undefined)
      await Promise.race([Promise.all(running.values()), late])
      allEnded.abort()
      for (const name of running.keys()) tools.onLeft(name)
    },
  }

  async function repeat(name: keyof JobFlows): Promise<void> {
    while (!stop.signal.aborted) {
      await flows[name](stop.signal).catch(error => tools.onError(name, error))
      await tools.sleep(EVERY_MS[name], stop.signal).catch(() => undefined)
    }
    running.delete(name)
  }
}
