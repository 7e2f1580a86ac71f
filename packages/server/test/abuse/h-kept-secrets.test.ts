import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { startTestBroker, type TestBroker } from '../support/test-broker.ts'

const ELSEWHERE = 'https://elsewhere.example/token'

describe('H: a secret that others set', () => {
  let broker: TestBroker
  let developer = ''
  before(async () => {
    broker = await startTestBroker()
    const key = await broker.api('/api-keys', { method: 'POST', body: { label: 'dev', roles: ['developer'] } })
    developer = String(key.body['key'])
  })
  after(() => broker[Symbol.asyncDispose]())

  const as = (key: string | undefined, version: unknown) => ({
    'if-match': `"${version}"`,
    ...(key === undefined ? {} : { authorization: `Bearer ${key}` }),
  })
  const version = async () => (await broker.api('/connectors/orbit')).body['version']
  const change = async (auth: Record<string, unknown>, key?: string) =>
    broker.api('/connectors/orbit', { method: 'PATCH', body: { auth }, headers: as(key, await version()) })

  it('H-10 does not go along to a host that nobody approved, by an edit', async () => {
    for (const field of ['token_url', 'revoke_url', 'refresh_url', 'introspection_url']) {
      const refused = await change({ [field]: ELSEWHERE }, developer)
      assert.equal(refused.status, 400, field)
      assert.match(JSON.stringify(refused.body), /\/auth\/client_secret/)
      assert.equal(
        (await change({ [field]: ELSEWHERE, client_secret: '' }, developer)).status,
        400,
        'an empty box keeps',
      )
      assert.equal(
        (await change({ [field]: ELSEWHERE, client_secret: '*****' }, developer)).status,
        400,
        'so does a mask',
      )
    }
    assert.equal((await change({ scope: ['contacts'] }, developer)).status, 200, 'other edits keep it')
  })

  it('H-10 does not go along by restoring a version either; whoever gives it anew or may approve is free', async () => {
    const { token_url } = (await broker.api('/connectors/orbit')).body['auth'] as { token_url: string }
    const own = await change({ token_url: ELSEWHERE, client_secret: 'a-secret-of-the-developer' }, developer)
    assert.equal(own.status, 200)
    const evil = own.body['version']
    assert.equal((await change({ token_url, client_secret: 'the-secret-of-the-admin' })).status, 200)
    const restore = async (key?: string) =>
      broker.api(`/connectors/orbit/versions/${evil}/restore`, { method: 'POST', headers: as(key, await version()) })
    assert.equal((await restore(developer)).status, 400)
    assert.equal((await restore()).status, 200, 'an admin may')
  })
})
