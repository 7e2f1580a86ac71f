import { html } from 'hono/html'
import type { Markup } from './markup.ts'
import { sayPlainly } from './say.ts'
import { LANGUAGE, TEXT } from './text.ts'

const utc = (options: Intl.DateTimeFormatOptions) =>
  new Intl.DateTimeFormat(LANGUAGE.locale, { ...options, timeZone: 'UTC' })
const DAY = utc({ day: 'numeric', month: 'long' })
const DAY_OF_YEAR = utc({ day: 'numeric', month: 'long', year: 'numeric' })
const EXACT = utc({ dateStyle: 'medium', timeStyle: 'short' })
const SINCE = new Intl.RelativeTimeFormat(LANGUAGE.locale)
const MINUTE_MS = 60_000
const HOUR_MS = 3_600_000

/** The exact time, UTC and saying so. */
export const exactWords = (at: number): string => sayPlainly(TEXT.time.utc, { time: EXACT.format(at) })

// The script of the page puts these into the reader's own zone, as `data-as` says.
const time = (at: number, as: 'day' | 'exact' | 'ago', words: string): Markup =>
  html`<time datetime="${new Date(at).toISOString()}" data-as="${as}"${as === 'exact' ? '' : html` title="${exactWords(at)}"`}>${words}</time>`

export const exactly = (at: number): Markup => time(at, 'exact', exactWords(at))

/** A day, with its year where it is not this one; the exact time is at hand. */
export const day = (at: number, now: number): Markup =>
  time(at, 'day', (sameYear(at, now) ? DAY : DAY_OF_YEAR).format(at))

/** How long ago within a day, else the day; the exact time is at hand. */
export function ago(at: number, now: number): Markup {
  const past = Math.max(0, now - at)
  if (past < MINUTE_MS) return time(at, 'ago', TEXT.time.justNow)
  if (past < HOUR_MS) return time(at, 'ago', SINCE.format(-Math.floor(past / MINUTE_MS), 'minute'))
  if (past < 24 * HOUR_MS) return time(at, 'ago', SINCE.format(-Math.floor(past / HOUR_MS), 'hour'))
  return day(at, now)
}

const sameYear = (a: number, b: number): boolean => new Date(a).getUTCFullYear() === new Date(b).getUTCFullYear()
