import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { connect } from '../support/browser.ts'
import { startTestBroker, type TestBroker } from '../support/test-broker.ts'

const DAY_MS = 86_400_000

describe('what needs somebody', () => {
  let broker: TestBroker
  before(async () => {
    broker = await startTestBroker({ connector: { refresh: { absolute_s: (10 * DAY_MS) / 1000 } } })
    await connect(broker, broker.people[0] ?? assert.fail())
  })
  after(() => broker[Symbol.asyncDispose]())
  const read = async (key = broker.apiKey) =>
    (await (
      await fetch(`${broker.url}/api/v1/attention`, { headers: { authorization: `Bearer ${key}` } })
    ).json()) as Record<'connections' | 'lapsing' | 'turned_strict', unknown>
  const keyOf = async (role: string) =>
    String((await broker.api('/api-keys', { method: 'POST', body: { label: role, roles: [role] } })).body['key'])

  it('names the plugins whose launches turned strict, and each role hears what it may read', async () => {
    const calm = { reconnect_required: 0, disconnecting: 0, disconnected_unconfirmed: 0 }
    assert.deepEqual(await read(), { connections: calm, lapsing: [], turned_strict: ['assistant'] })
    const [developer, auditor, viewer] = await Promise.all(['developer', 'auditor', 'log_viewer'].map(keyOf))
    assert.deepEqual(await read(developer), { connections: null, lapsing: null, turned_strict: ['assistant'] })
    assert.deepEqual(await read(auditor), { connections: calm, lapsing: [], turned_strict: null })
    assert.deepEqual(await read(viewer), { connections: null, lapsing: null, turned_strict: null })
  })

  it('counts grants that lapse within a week, neither earlier nor once they have lapsed', async () => {
    broker.advance(4 * DAY_MS)
    assert.deepEqual((await read()).lapsing, [{ connector: 'orbit', connections: 1 }])
    broker.advance(7 * DAY_MS)
    assert.deepEqual((await read()).lapsing, [])
  })
})
