import type { CallEntry } from '../domain/call-entry.ts'
import { timeDigits, timeOfId } from '../domain/id-time.ts'
import type { CallFilter, CallPage } from '../ports/call-log.ts'

/**
 * How much is looked at for one page, however little of it is asked for: rows of either table, by the database, and entries of blocks, on
 * the main thread.
 */
export type Window = { readonly rows: number; readonly entries: number }
export const WINDOW: Window = { rows: 50_000, entries: 16_384 }

/** Ids in which to look: from `least` on, and before `before`. */
export type Span = { readonly least: string | null; readonly before: string | null }

/** An id begins with its instant, taken a moment before the entry's own. */
const MOMENT_MS = 1_000

/** The ids that what is asked for can have. */
export function spanOf({ from, until }: CallFilter, after: string | null): Span {
  const end = until === undefined ? null : firstIdAt(until + MOMENT_MS)
  return {
    least: from === undefined ? null : firstIdAt(from - MOMENT_MS),
    before: end === null || (after !== null && after < end) ? after : end,
  }
}

const firstIdAt = (at: number): string => `cal_${timeDigits(at)}`

/** Whether entries can be looked at without being found. */
export const narrows = ({ from, until, ...others }: CallFilter): boolean =>
  Object.values(others).some(value => value !== undefined)

/** What one table holds of a page: all that fits down to the id `floor`, which is null where nothing is left below; what is found below it is not all. */
export type Looked<Found> = { readonly found: readonly Found[]; readonly floor: string | null }

/** A page of what two tables hold: full, or down to where both were looked at. */
export function pageOf(rows: Looked<CallEntry>, blocks: Looked<CallEntry>, limit: number): CallPage {
  const floor = latest(rows.floor, blocks.floor)
  const found = [...rows.found, ...blocks.found]
    .filter(({ id }) => floor === null || id >= floor)
    .sort((a, b) => (a.id < b.id ? 1 : -1))
  const items = found.slice(0, limit)
  if (found.length > limit) return { items, next: items.at(-1)?.id ?? null, lookedBackTo: null }
  const isShort = floor !== null && items.length < limit
  return { items, next: floor, lookedBackTo: isShort ? timeOfId(floor) : null }
}

const latest = (a: string | null, b: string | null): string | null => (a === null || (b !== null && b > a) ? b : a)
