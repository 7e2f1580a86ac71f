const DAY_MS = 86_400_000

/** A day of UTC, as the usage counts them. */
export const daysAgo = (count: number): string => new Date(Date.now() - count * DAY_MS).toISOString().slice(0, 10)

/** The last `count` days, the oldest first. */
export const lastDays = (count: number): string[] =>
  Array.from({ length: count }, (_, index) => daysAgo(count - 1 - index))
