/** So many failures in a row and a provider is asked no more. */
const FAILURES = 10
/** After so long one request may find out whether it is back. */
const PROBE_MS = 5_000
const MOST = 1_000

type Circuit = { readonly failures: number; readonly probeAt: number }

/** Keeps a provider that is down from being asked over and over, each endpoint by itself. Times are monotonic milliseconds. */
export type Breaker = {
  /** Null where it may be asked, else for how long it may not. Lets one through when it is time to look again. */
  admit(endpoint: string, now: number): number | null
  answered(endpoint: string, isUp: boolean, now: number): void
}

export function createBreaker(): Breaker {
  const circuits = new Map<string, Circuit>()
  return {
    admit(endpoint, now) {
      const circuit = circuits.get(endpoint)
      if (circuit === undefined || circuit.failures < FAILURES) return null
      if (now < circuit.probeAt) return circuit.probeAt - now
      circuits.set(endpoint, { ...circuit, probeAt: now + PROBE_MS })
      return null
    },
    answered(endpoint, isUp, now) {
      const failures = isUp ? 0 : (circuits.get(endpoint)?.failures ?? 0) + 1
      circuits.delete(endpoint)
      if (failures === 0) return
      circuits.set(endpoint, { failures, probeAt: now + PROBE_MS })
      const [oldest] = circuits.keys()
      if (circuits.size > MOST && oldest !== undefined) circuits.delete(oldest)
    },
  }
}
