import { PARTS } from '../text/parts.ts'

const STEPS: readonly (readonly [number, Intl.RelativeTimeFormatUnit])[] = [
  [60_000, 'second'],
  [3_600_000, 'minute'],
  [86_400_000, 'hour'],
  [30 * 86_400_000, 'day'],
  [365 * 86_400_000, 'month'],
]
const relative = new Intl.RelativeTimeFormat('en', { numeric: 'auto' })
const SIZES: Readonly<Record<string, number>> = {
  second: 1000,
  minute: 60_000,
  hour: 3_600_000,
  day: 86_400_000,
  month: 30 * 86_400_000,
  year: 365 * 86_400_000,
}

export function ago(at: string | number, now = Date.now()): string {
  const distance = new Date(at).getTime() - now
  const unit = STEPS.find(([most]) => Math.abs(distance) < most)?.[1] ?? 'year'
  return relative.format(Math.round(distance / (SIZES[unit] ?? 1)), unit)
}

export const exactly = (at: string | number): string =>
  new Date(at).toLocaleString(undefined, { dateStyle: 'medium', timeStyle: 'medium' })

/** When something was or will be, in words, with the exact time at hand. */
export function When({ at, none = PARTS.never }: { readonly at: string | null | undefined; readonly none?: string }) {
  if (at === null || at === undefined) return <span>{none}</span>
  return (
    <time dateTime={at} title={exactly(at)}>
      {ago(at)}
    </time>
  )
}
