import type { LeaseClock } from '../engine.ts'

/** The database's own time, which is one for all nodes, whatever their clocks say. */
export const createLeaseClock =
  (readNowMs: () => Promise<number>): LeaseClock =>
  async () => ({ era: 'database', nowMs: await readNowMs() })
