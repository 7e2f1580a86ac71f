import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { connectorDefinition } from '@behalf/contract'
import { reveal, secret } from '../domain/secret.ts'
import { readTokenAnswer } from './token-answer.ts'

const rules = {
  response: connectorDefinition.parse({
    name: 'orbit',
    base_url: 'https://api.example.com',
    auth: { issuer: 'https://as.example.com', client_id: 'c', scope: [] },
  }).auth.token_response,
  scopeSeparator: ' ',
  receivedAt: 1_000,
  bound: false,
  secrets: [],
}
const status = (code: number) => ({ status: code, header: () => null })
const read = (fields: Record<string, unknown>, more = {}) =>
  readTokenAnswer(JSON.stringify({ access_token: 'at', ...fields }), status(200), { ...rules, ...more })
const tokens = (fields: Record<string, unknown>, more = {}) => {
  const answer = read(fields, more)
  assert.equal(answer.kind, 'tokens')
  return answer.kind === 'tokens' ? answer : assert.fail()
}
const reason = (fields: Record<string, unknown>) => {
  const answer = read(fields)
  return answer.kind === 'unusable' ? answer.reason : answer.kind
}

describe('a token answer', () => {
  it('reads the type as Bearer whatever it is, except where it binds the token to a key', () => {
    for (const type of [undefined, null, 'BEARER', 'user', 7, {}])
      assert.equal(read({ token_type: type }).kind, 'tokens')
    for (const type of ['mac', 'MAC', 'DPoP', ' dpop ']) assert.equal(reason({ token_type: type }), 'token_type')
  })

  it('takes an access token only as visible text of at most 16 KB', () => {
    assert.equal(read({ access_token: 'x'.repeat(16_384) }).kind, 'tokens')
    for (const bad of [7, [], null, '', ' ', 'a\r\nb: c', 'a\n', 'ü', ' a', 'x'.repeat(16_385), {}, true])
      assert.equal(reason({ access_token: bad }), 'no_access_token')
  })

  it('takes an empty refresh token for none, and never an unreadable one', () => {
    for (const none of [undefined, null, '', false]) assert.equal(tokens({ refresh_token: none }).refreshToken, null)
    for (const bad of [7, ['rt'], {}, 'a\nb', 'x'.repeat(16_385)])
      assert.equal(reason({ refresh_token: bad }), 'refresh_token')
  })

  it('reads lives as domain does, counted from when the answer came', () => {
    assert.equal(tokens({ expires_in: '3600' }).expiresAt, 3_601_000)
    for (const unknown of [undefined, null, 0, -1, 'soon', 'NaN', '2026-01-01'])
      assert.equal(tokens({ expires_in: unknown }).expiresAt, null)
    for (const absurd of [1e308, 2 ** 53])
      assert.equal(tokens({ expires_in: absurd }).expiresAt, 366 * 86_400_000 + 1_000)
  })

  it('reads scopes as text or list, with the connector’s separator, spaces always counting', () => {
    assert.deepEqual(tokens({ scope: 'a b  a' }).scope, ['a', 'b'])
    assert.deepEqual(tokens({ scope: 'a,b c' }, { scopeSeparator: ',' }).scope, ['a', 'b', 'c'])
    assert.deepEqual(tokens({ scope: ['a', 7, 'b'] }).scope, ['a', 'b'])
    for (const none of [undefined, null, '', [], 7, {}]) assert.equal(tokens({ scope: none }).scope, null)
  })

  it('shows an error in one bounded line, without the secrets that the provider quotes', () => {
    const quoted = secret('rt-canary/+0123456789')
    const error_description = `bad\u0000\u202e token rt-canary/+0123456789, ${encodeURIComponent(reveal(quoted))} ${'y'.repeat(400)}`
    const answer = readTokenAnswer(
      JSON.stringify({ error: `${'e'.repeat(75)}rt-canary/+0123456789`, error_description }),
      status(400),
      { ...rules, secrets: [quoted] },
    )
    assert.equal(answer.kind, 'error')
    if (answer.kind !== 'error') return
    const { error, description } = answer.error
    assert.equal(error.length, 80)
    assert.equal(description?.length, 300)
    assert.ok(description?.startsWith('bad token [secret], [secret] yyy'))
    assert.ok(!`${error}${description}`.includes('rt-ca'))
  })

  it('finds an error in any shape, and lets no tokens beside one count', () => {
    const shapes: readonly (readonly [unknown, string])[] = [
      ['invalid_grant', 'invalid_grant'],
      [{ type: 'OAuthException', code: 190, message: 'm' }, 'OAuthException'],
      [{ code: 5 }, 'provider_error'],
      [true, 'provider_error'],
      ['\u0007', 'provider_error'],
    ]
    for (const [raw, code] of shapes) {
      const answer = read({ error: raw })
      assert.equal(answer.kind === 'error' && answer.error.error, code)
    }
    for (const none of [null, '', false, 0]) assert.equal(read({ error: none }).kind, 'tokens')
  })
})
