import assert from 'node:assert/strict'
import { it } from 'node:test'
import { readRetryAfter } from './retry-after.ts'

it('reads Retry-After as seconds or a date, between nothing and an hour', () => {
  const now = Date.parse('2026-01-01T00:00:00Z')
  const cases: readonly (readonly [string | null, number | null])[] = [
    ['30', 30_000],
    [' 30 ', 30_000],
    ['0', 0],
    ['-5', 0],
    ['99999999999999999999', 3_600_000],
    ['Thu, 01 Jan 2026 00:01:00 GMT', 60_000],
    ['Thu, 01 Jan 1970 00:00:00 GMT', 0],
    ['Fri, 01 Jan 2100 00:00:00 GMT', 3_600_000],
    ['soon', null],
    ['1e9', null],
    ['', null],
    [null, null],
  ]
  for (const [text, ms] of cases) assert.equal(readRetryAfter(text, now), ms, String(text))
})
