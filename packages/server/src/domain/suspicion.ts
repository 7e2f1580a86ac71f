/** How many grants must vanish within {@link WINDOW_MS} of each other before a freshly edited connector is suspected, not its people. */
const THRESHOLD = 5
const WINDOW_MS = 600_000
/** An edit older than this explains nothing. */
const EDIT_MS = 86_400_000

/** The instants at which grants of one connector version vanished, newest last, bounded. */
export type VanishedGrants = readonly number[]

export const addVanished = (seen: VanishedGrants, now: number): VanishedGrants =>
  [...seen.filter(at => now - at < WINDOW_MS), now].slice(-THRESHOLD)

/** Whether so many grants vanished so soon after an edit that the edit is the likelier cause. */
export const isSuspect = (
  seen: VanishedGrants,
  connector: { readonly version: number; readonly updatedAt: number },
  now: number,
): boolean => connector.version > 1 && now - connector.updatedAt < EDIT_MS && seen.length >= THRESHOLD
