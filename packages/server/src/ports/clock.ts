/** Time. Epoch milliseconds for instants; monotonic milliseconds for intervals, counting suspended time. */
export type Clock = {
  now(): number
  monotonic(): number
  /** Rejects with the signal's reason when aborted. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>
}
