import { setTimeout as delay } from 'node:timers/promises'

const EVERY_MS = 20

/** Looks until what is looked for is there; a deadline that passes is a failure with `what` in it. */
export async function until<Found>(
  what: string,
  look: () => Promise<Found | undefined | false> | Found | undefined | false,
  withinMs = 30_000,
): Promise<Found> {
  const late = performance.now() + withinMs
  for (;;) {
    const found = await look()
    if (found !== undefined && found !== false) return found
    if (performance.now() > late) throw new Error(`not within ${withinMs} ms: ${what}`)
    await delay(EVERY_MS)
  }
}
