import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { connect, type HeadlessBrowser } from '../support/browser.ts'
import { eventually } from '../support/eventually.ts'
import { startTestBroker, type TestBroker } from '../support/test-broker.ts'

describe('who used what', () => {
  let broker: TestBroker
  let browser: HeadlessBrowser
  before(async () => {
    broker = await startTestBroker()
    browser = await connect(broker, broker.people[0] ?? assert.fail())
  })
  after(() => broker[Symbol.asyncDispose]())
  const own = (path: string) => browser.visit(`${broker.url}/api/v1${path}`)
  const rows = async () => (await broker.api('/usage')).body.items ?? []

  it('is counted by connection and plugin, shown to the person, and exported', async () => {
    assert.deepEqual(await rows(), [])
    for (const path of ['contacts', 'contacts', 'nothing-here']) await broker.gateway(path)
    const [row] = await eventually(rows, found => found[0]?.['calls'] === 3)
    assert.equal(row?.['plugin'], 'assistant')
    assert.equal(row?.['connector'], 'orbit')
    assert.equal(row?.['seen_at'], null)
    const mine = (await (await own('/usage')).json()) as { items: unknown[] }
    assert.deepEqual(mine.items, [row])
    const csv = await (await own('/usage/export')).text()
    const today = new Date().toISOString().slice(0, 10)
    assert.deepEqual(csv.split('\r\n'), [
      'day,connector,connection,plugin,subject,calls,failures',
      `${today},orbit,${row?.['connection']},assistant,${row?.['subject']},3,0`,
      '',
    ])
  })

  it('is nobody else’s to see, and outlives a restart', async () => {
    await broker.gateway('contacts')
    await broker.restart()
    assert.equal((await rows())[0]?.['calls'], 4)
    const other = await connect(broker, broker.people[1] ?? assert.fail())
    const theirs = await other.visit(`${broker.url}/api/v1/usage`)
    assert.deepEqual(((await theirs.json()) as { items: unknown[] }).items, [])
    const [row] = await rows()
    const asked = await other.visit(`${broker.url}/api/v1/usage?subject=${row?.['subject']}`)
    assert.deepEqual(((await asked.json()) as { items: unknown[] }).items, [])
  })

  it('tells the beginning once, in the audit', async () => {
    const told = (await broker.api('/audit-events?action=connection.first_used')).body.items ?? []
    assert.deepEqual(
      told.map(({ details, target }) => [details, target]),
      [[{ plugin: 'assistant' }, (await rows())[0]?.['connection']]],
    )
  })
})
