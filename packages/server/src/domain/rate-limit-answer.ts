import type { Gateway } from '@behalf/contract'
import { anyHolds } from './condition.ts'
import { type FlatHeaders, headerOf } from './flat-headers.ts'
import { at } from './json-pointer.ts'

type Rules = Gateway['rate_limit']
const LONGEST_S = 86_400

/** What an answer says about the provider's rate limit, as headers for the caller: `Behalf-Rate-Limit`, and `Retry-After` where it was not sent. */
export function rateLimitHeaders(
  rules: Rules,
  status: number,
  headers: FlatHeaders,
  now: number,
  document?: unknown,
): readonly string[] {
  const told = toldInBody(rules, { status, headers, document })
  const limited = rules.status.includes(status) || told
  if (!limited && rules.limit === undefined && rules.remaining === undefined && rules.reset === undefined) return []
  const value = (name: string | undefined) => (name === undefined ? undefined : headerOf(headers, name.toLowerCase()))
  const number = (name: string | undefined) => {
    const text = value(name)?.trim() ?? ''
    return /^\d{1,15}$/.test(text) ? Number(text) : undefined
  }
  const inBody = told && rules.body?.retry_after !== undefined ? at(document, rules.body.retry_after) : undefined
  const resetS =
    inBody === undefined
      ? secondsUntil(value(rules.reset), rules.reset_unit, now)
      : secondsUntil(String(inBody), rules.body?.unit ?? 'seconds', now)
  const said = [
    ['limit', number(rules.limit)],
    ['remaining', number(rules.remaining)],
    ['reset', resetS],
  ].filter(([, amount]) => amount !== undefined)
  const limits =
    said.length === 0 ? [] : ['Behalf-Rate-Limit', said.map(([name, amount]) => `${name}=${amount}`).join(', ')]
  // 403 and the like say a rate limit only where it is used up (GitHub).
  const usedUp = told || status === 429 || number(rules.remaining) === 0
  if (!limited || !usedUp || resetS === undefined || value('retry-after') !== undefined) return limits
  return [...limits, 'Retry-After', String(resetS)]
}

/** Whether an answer may tell the rate limit in its body, which is then read before it goes on. */
export const mayTellInBody = (rules: Rules, status: number, headers: FlatHeaders): boolean =>
  rules.body?.when.some(condition => condition.status === undefined || condition.status.includes(status)) === true &&
  /[/+]json\b/i.test(headerOf(headers, 'content-type') ?? '')

const toldInBody = (
  { body }: Rules,
  { status, headers, document }: { status: number; headers: FlatHeaders; document: unknown },
): boolean =>
  body !== undefined &&
  document !== undefined &&
  anyHolds(body.when, { status, header: name => headerOf(headers, name.toLowerCase()), document })

function secondsUntil(text: string | undefined, unit: Rules['reset_unit'], now: number): number | undefined {
  if (text === undefined) return undefined
  const number = /^\d{1,16}(\.\d+)?$/.test(text.trim()) ? Number(text) : NaN
  const ms = {
    seconds: number * 1000,
    milliseconds: number,
    epoch_seconds: number * 1000 - now,
    epoch_milliseconds: number - now,
    iso: Date.parse(text) - now,
  }[unit]
  return Number.isFinite(ms) ? Math.min(Math.max(Math.ceil(ms / 1000), 0), LONGEST_S) : undefined
}
