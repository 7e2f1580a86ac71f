import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { rateLimitHeaders } from './rate-limit-answer.ts'

const NOW = Date.parse('2026-01-01T00:00:00Z')
const REST = { status: [429], limit: undefined, remaining: undefined, body: undefined }

describe('a rate limit', () => {
  it('is read in every unit that a provider tells it in, as seconds from now', () => {
    for (const [unit, text] of [
      ['seconds', '90'],
      ['milliseconds', '90000'],
      ['epoch_seconds', String(NOW / 1000 + 90)],
      ['epoch_milliseconds', String(NOW + 90_000)],
      ['iso', '2026-01-01T00:01:30Z'],
    ] as const)
      assert.deepEqual(
        rateLimitHeaders({ ...REST, reset: 'X-Reset', reset_unit: unit }, 429, ['x-reset', text], NOW),
        ['Behalf-Rate-Limit', 'reset=90', 'Retry-After', '90'],
        unit,
      )
  })

  it('lies between now and a day, and says nothing where it cannot be read', () => {
    const told = (text: string) =>
      rateLimitHeaders({ ...REST, reset: 'x-reset', reset_unit: 'epoch_seconds' }, 429, ['x-reset', text], NOW)
    assert.deepEqual(told('1'), ['Behalf-Rate-Limit', 'reset=0', 'Retry-After', '0'])
    assert.deepEqual(told('9999999999'), ['Behalf-Rate-Limit', 'reset=86400', 'Retry-After', '86400'])
    for (const odd of ['soon', '-5', '1e9', '']) assert.deepEqual(told(odd), [], odd)
  })
})
