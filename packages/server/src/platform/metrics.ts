import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client'
import type { Metrics } from '../ports/metrics.ts'

type CounterName = Parameters<Metrics['count']>[0]
type HistogramName = Parameters<Metrics['observe']>[0]

const COUNTERS: Readonly<Record<CounterName, string>> = {
  refreshes: 'Refreshes sent to providers, by outcome',
  refresh_failures: 'Refreshes that renewed nothing, by outcome',
  gateway_calls: 'Gateway calls, by whose answer it was',
  health_calls: 'Health calls that connectors ask for at an interval, by outcome',
  token_exchanges: 'Token exchanges, by outcome',
  releases: 'Provider tokens released',
  connects: 'Authorization requests, by outcome',
  disconnects: 'Connections ended',
  revocation_attempts: 'Revocation requests, by outcome',
  sign_ins: 'Sign-ins, by outcome',
  runs: 'Runs of actions that were answered, by how',
  refused: 'Requests refused, by problem code',
  webhook_attempts: 'Attempts to deliver a message, by what became of it',
}
const HISTOGRAMS: Readonly<Record<HistogramName, string>> = {
  gateway_seconds: 'Time of a gateway call',
  refresh_seconds: 'Time of a token endpoint',
  renewal_wait_seconds: 'How long those who met a token that was over waited on this node, whichever node renewed it',
  http_seconds: 'Time of a page or REST answer',
}

/** Durations that wait for their histogram. */
const MOST_DURATIONS = 512

/**
 * Prometheus metrics without labels that name organizations or people. The library is asked when somebody reads them, or
 * for many durations together: one by one, between calls, it takes four percent of a gateway call.
 */
export function createMetrics(gauges: {
  readonly droppedCalls: () => number
  readonly openCalls: () => number
}): Metrics & {
  text(): Promise<string>
  readonly contentType: string
} {
  const registry = new Registry()
  collectDefaultMetrics({ register: registry })
  const registers = [registry]
  const counters = mapValues(
    COUNTERS,
    (help, name) => new Counter({ name: `behalf_${name}_total`, help, labelNames: ['outcome'], registers }),
  )
  const histograms = mapValues(HISTOGRAMS, (help, name) => new Histogram({ name: `behalf_${name}`, help, registers }))
  gauge('behalf_call_log_dropped', 'Call log entries dropped since the start', gauges.droppedCalls)
  gauge('behalf_open_calls', 'Gateway calls whose answer is streaming', gauges.openCalls)
  const tallies = mapValues(COUNTERS, () => new Map<string, { count: number }>())
  const durations = mapValues(HISTOGRAMS, (): number[] => [])
  return {
    count(name, outcome = 'done') {
      const tally = tallies[name].get(outcome)
      if (tally === undefined) tallies[name].set(outcome, { count: 1 })
      else tally.count += 1
    },
    observe(name, seconds) {
      if (durations[name].push(seconds) >= MOST_DURATIONS) settle(name)
    },
    async text() {
      for (const name of Object.keys(tallies) as CounterName[]) tell(name)
      for (const name of Object.keys(durations) as HistogramName[]) settle(name)
      return registry.metrics()
    },
    contentType: registry.contentType,
  }

  function tell(name: CounterName): void {
    for (const [outcome, tally] of tallies[name]) {
      if (tally.count > 0) counters[name].inc({ outcome }, tally.count)
      tally.count = 0
    }
  }

  function settle(name: HistogramName): void {
    for (const seconds of durations[name]) histograms[name].observe(seconds)
    durations[name].length = 0
  }

  function gauge(name: string, help: string, read: () => number): void {
    new Gauge({
      name,
      help,
      registers,
      collect() {
        this.set(read())
      },
    })
  }
}

function mapValues<K extends string, V, W>(record: Readonly<Record<K, V>>, map: (value: V, key: K) => W): Record<K, W> {
  return Object.fromEntries(
    (Object.entries(record) as [K, V][]).map(([key, value]) => [key, map(value, key)]),
  ) as Record<K, W>
}
