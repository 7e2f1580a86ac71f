import assert from 'node:assert/strict'
import { it } from 'node:test'
import { assertUnleaked, encodings } from './leaks.ts'

it('finds a secret in each of its encodings, and does not repeat it', () => {
  const secret = 'a?>b/c+d'
  assertUnleaked(['nothing here', ''], [secret, 'other'], 'a log')
  assert.equal(new Set(encodings(secret)).size, 5)
  for (const form of encodings(secret))
    assert.throws(
      () => assertUnleaked(['a line', `{"x":"${form}"}`], ['other', secret], 'a log'),
      (error: Error) => /a log/.test(error.message) && !encodings(secret).some(each => error.message.includes(each)),
    )
})
