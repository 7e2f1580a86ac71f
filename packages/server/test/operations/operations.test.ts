import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { freePorts } from '../../../../test/support/ports.ts'
import { connect } from '../support/browser.ts'
import { startTestBroker, type TestBroker } from '../support/test-broker.ts'

describe('running it', () => {
  let broker: TestBroker
  let operations: string
  before(async () => {
    const [port] = await freePorts(1)
    operations = `http://127.0.0.1:${port}`
    broker = await startTestBroker({
      env: { BEHALF_METRICS_LISTEN: `127.0.0.1:${port}`, BEHALF_TRUSTED_PROXIES: '127.0.0.0/8 ::1/128 10.0.0.0/8' },
    })
    await connect(broker, broker.people[0] ?? assert.fail())
  })
  after(() => broker[Symbol.asyncDispose]())

  const said = async (path: string) => {
    const answer = await fetch(operations + path)
    return `${answer.status} ${(await answer.text()).trim()}`
  }

  it('says on a port of its own that it lives and is ready, and nothing about whom it serves', async () => {
    assert.equal(await said('/health'), '200 ok')
    assert.equal(await said('/ready'), '200 ready')
    assert.equal(await said('/'), '404 not found')
    assert.equal((await fetch(`${operations}/health`, { method: 'POST' })).status, 405)
    assert.equal((await fetch(`${broker.url}/metrics`)).status, 404)
    await broker.gateway('me')
    const metrics = await (await fetch(`${operations}/metrics`)).text()
    assert.match(metrics, /^behalf_gateway_calls_total\{outcome="provider"\} [1-9]/m)
    assert.match(metrics, /^behalf_connects_total\{outcome="connected"\} 1$/m)
    for (const known of ['acme', 'Acme', 'una', 'orbit', 'assistant', ...broker.secrets])
      assert.ok(!metrics.includes(known), known)
  })

  it('believes an address forwarded by a proxy that it was told of, and no further', async () => {
    const addressFor = async (forwarded: string) => {
      const name = `link-${Math.random().toString(36).slice(2)}`
      await broker.api('/plugins', { method: 'POST', body: { name }, headers: { 'x-forwarded-for': forwarded } })
      const { body } = await broker.api('/audit-events?action=plugin.created')
      return body.items?.find(item => item['target'] === name)?.['address']
    }
    assert.equal(await addressFor('203.0.113.7'), '203.0.113.7')
    assert.equal(await addressFor('198.51.100.1, 203.0.113.7, 10.1.2.3'), '203.0.113.7', 'what the client wrote itself')
    assert.match(String(await addressFor('not an address')), /127\.0\.0\.1|::1/)
  })

  it('lets a call under way end when it is told to stop, takes no other, and says that it stops', async () => {
    const bytes = 40_000_000
    const answer = await broker.gateway(`stream?bytes=${bytes}`)
    const reader = (answer.body ?? assert.fail()).getReader()
    let read = (await reader.read()).value?.byteLength ?? 0
    const restarted = broker.restart()
    assert.equal(await said('/ready'), '503 stopping')
    assert.equal(await said('/health'), '200 ok')
    await assert.rejects(fetch(`${broker.url}/connections`), 'a new connection')
    for (let chunk = await reader.read(); !chunk.done; chunk = await reader.read()) read += chunk.value.byteLength
    assert.equal(read, bytes)
    await restarted
    assert.equal(await said('/ready'), '200 ready')
    assert.equal((await broker.gateway('me')).status, 200)
  })
})
