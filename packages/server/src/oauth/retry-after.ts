const LONGEST_MS = 3_600_000

/** Seconds or a date as milliseconds from `now`, between none and an hour; null for what is neither (RFC 9110 10.2.3). */
export function readRetryAfter(text: string | null, now: number): number | null {
  const value = text?.trim() ?? ''
  // Dates begin with a weekday; `Date.parse` alone would read "-5" as a year.
  const ms = /^-?\d+$/.test(value) ? Number(value) * 1000 : /^[A-Z][a-z]+, /.test(value) ? Date.parse(value) - now : NaN
  return Number.isNaN(ms) ? null : Math.min(Math.max(ms, 0), LONGEST_MS)
}
