import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { connect } from '../support/browser.ts'
import { eventually } from '../support/eventually.ts'
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
    ).json()) as Record<'connectors' | 'connections' | 'lapsing' | 'turned_strict', unknown>
  const keyOf = async (role: string) =>
    String((await broker.api('/api-keys', { method: 'POST', body: { label: role, roles: [role] } })).body['key'])

  it('names the plugins whose launches turned strict, and each role hears what it may read', async () => {
    const calm = { reconnect_required: 0, disconnecting: 0, disconnected_unconfirmed: 0 }
    assert.deepEqual(await read(), { connectors: [], connections: calm, lapsing: [], turned_strict: ['assistant'] })
    const [developer, auditor, viewer] = await Promise.all(['developer', 'auditor', 'log_viewer'].map(keyOf))
    assert.deepEqual(await read(developer), {
      connectors: [],
      connections: null,
      lapsing: null,
      turned_strict: ['assistant'],
    })
    assert.deepEqual(await read(auditor), { connectors: [], connections: calm, lapsing: [], turned_strict: null })
    assert.deepEqual(await read(viewer), { connectors: null, connections: null, lapsing: null, turned_strict: null })
  })

  it('calls a connector failing once half of five calls or more failed', async () => {
    await broker.provider[Symbol.asyncDispose]()
    for (let call = 0; call < 5; call += 1) await broker.gateway('contacts')
    const connectors = await eventually(
      async () => (await read()).connectors as Record<string, unknown>[],
      found => found[0]?.['calls'] === 5,
    )
    assert.deepEqual(connectors, [{ name: 'orbit', calls: 5, failures: 5, rejected: 0, unwell: false, failing: true }])
  })

  it('counts grants that lapse within a week, neither earlier nor once they have lapsed', async () => {
    broker.advance(4 * DAY_MS)
    assert.deepEqual((await read()).lapsing, [{ connector: 'orbit', connections: 1 }])
    broker.advance(7 * DAY_MS)
    assert.deepEqual((await read()).lapsing, [])
  })

  it('says how connectors do: which are called, which fail, and whose client the provider does not accept', async () => {
    const bad = await startTestBroker({ accessTokenTtlSeconds: 1 })
    await using _ = bad
    await connect(bad, bad.people[0] ?? assert.fail())
    const health = async () => {
      const { body } = await bad.api('/attention')
      return (body['connectors'] as Record<string, unknown>[])[0]
    }
    await bad.whileClockStands(() => bad.gateway('contacts'))
    await eventually(health, found => found?.['calls'] === 1)
    assert.deepEqual(await health(), {
      name: 'orbit',
      calls: 1,
      failures: 0,
      rejected: 0,
      unwell: false,
      failing: false,
    })
    const { headers } = await bad.api('/connectors/orbit')
    const patch = { auth: { client_secret: 'not-the-one-the-provider-knows' } }
    const changed = { method: 'PATCH', body: patch, headers: { 'if-match': headers.get('etag') ?? '' } }
    assert.equal((await bad.api('/connectors/orbit', changed)).status, 200)
    bad.advance(3_600_000)
    const refused = (await (await bad.gateway('contacts')).json()) as { code: string }
    assert.equal(refused.code, 'connector_misconfigured')
    assert.deepEqual(await health(), {
      name: 'orbit',
      calls: 1,
      failures: 0,
      rejected: 1,
      unwell: false,
      failing: true,
    })
  })
})
