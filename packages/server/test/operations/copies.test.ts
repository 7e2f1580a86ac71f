import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { mkdtempSync, readdirSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { createTestDatabase, execute } from '../../../../test/support/postgres.ts'
import { readConfig } from '../../src/config/config.ts'
import { backup, move, openDesk, restore, start } from '../../src/main.ts'
import { connect } from '../support/browser.ts'
import { startTestBroker } from '../support/test-broker.ts'

const folder = () => mkdtempSync(join(tmpdir(), 'behalf-copy-'))
const code = async (answer: Promise<Response>) => ((await (await answer).json()) as { code?: string }).code

describe('copies of a store', () => {
  it('RD-14 a backup taken under traffic is restored, and tokens renewed since ask for a reconnect, with one refresh each', async () => {
    await using broker = await startTestBroker({ engine: 'SQLite' })
    const una = broker.people[0] ?? assert.fail()
    const browser = await connect(broker, una)
    const config = readConfig(broker.env)
    const file = join(folder(), 'backup.db')
    const names = (which: string) => Array.from({ length: 20 }, (_, at) => `${which}-${at}`)
    const made = (name: string) => broker.api('/plugins', { method: 'POST', body: { name } })
    for (const { status } of await Promise.all(names('before').map(made))) assert.equal(status, 201)
    const traffic = Promise.all(Array.from({ length: 100 }, () => broker.gateway('me')))
    const changes = Promise.all(names('during').map(made))
    await backup(config, file)
    assert.ok((await changes).every(({ status }) => status === 201))
    assert.ok((await traffic).every(({ status }) => status === 200))
    assert.equal(statSync(file).mode & 0o777, 0o600)
    await assert.rejects(backup(config, file), /is there already/)

    const expire = async () => {
      await broker.database.run('UPDATE connections SET received_at = 0, expires_at = 1')
      broker.advance(1_000)
    }
    await expire()
    assert.equal((await broker.gateway('me')).status, 200, 'the refresh token of the backup is spent')
    await assert.rejects(restore(config, file, true), /A broker runs on/)
    await broker.stop()
    await assert.rejects(restore(config, file, false), /--replace/)
    const { replaced } = await restore(config, file, true)
    assert.ok(readdirSync(broker.dataDir).includes(replaced ?? ''))
    await broker.restart()

    const there = new Set((await broker.api('/plugins?limit=100')).body.items?.map(({ name }) => name))
    for (const name of names('before')) assert.ok(there.has(name), `${name} was acknowledged before the backup`)
    assert.notEqual((await browser.visit(`${broker.url}/connections`)).status, 200, 'sessions of then are over')
    await expire()
    const refreshes = () =>
      broker.provider.requests().filter(({ grantType }) => grantType?.startsWith('refresh_token')).length
    const before = refreshes()
    const answers = await Promise.all(Array.from({ length: 50 }, () => code(broker.gateway('me'))))
    assert.deepEqual(new Set(answers), new Set(['reconnect_required']))
    assert.equal(refreshes() - before, 1, 'no storm')
    const events = await broker.api('/audit-events?action=store.restored')
    assert.equal(events.body.items?.length, 1)
    await connect(broker, una)
    assert.equal((await broker.gateway('me')).status, 200)
  })

  it('refuses what is no backup, a truncated one, and one whose root key is not at hand, and leaves the folder as it was', async () => {
    await using broker = await startTestBroker({ engine: 'SQLite' })
    const config = readConfig(broker.env)
    const file = join(folder(), 'backup.db')
    await backup(config, file)
    await broker.stop()
    const junk = join(folder(), 'junk.db')
    writeFileSync(junk, 'not a database')
    const before = await broker.database.run('SELECT COUNT(*) AS n FROM audit_events')
    await assert.rejects(restore(config, junk, true), /is not a whole Behalf database/)
    await assert.rejects(restore(config, join(folder(), 'absent.db'), true), /is not there/)
    const other = readConfig({ ...broker.env, BEHALF_ROOT_KEY: randomBytes(32).toString('base64') })
    await assert.rejects(restore(other, file, true), /does not open/)
    assert.deepEqual(await broker.database.run('SELECT COUNT(*) AS n FROM audit_events'), before)
    assert.ok(!readdirSync(broker.dataDir).includes('restoring'))
    await broker.restart()
  })

  it('RD-14 moves everything to PostgreSQL, where calls and the audit chain go on', async () => {
    await using database = await createTestDatabase()
    await using broker = await startTestBroker({ engine: 'SQLite' })
    await connect(broker, broker.people[0] ?? assert.fail())
    await broker.gateway('me')
    const env = {
      ...broker.env,
      DATABASE_URL: database.url,
      BEHALF_ROOT_KEY: `file:${join(broker.dataDir, 'root.key')}`,
    }
    await assert.rejects(move(readConfig(env)), /A broker runs on/)
    await broker.stop()
    const { rows } = await move(readConfig(env))
    assert.ok(rows > 20)
    await assert.rejects(move(readConfig(env)), /is not empty/)
    await using desk = await openDesk(readConfig(env))
    assert.equal((await desk.verifyAudit('acme'))?.kind, 'sound')
    const [moved] = await execute(database.url, 'SELECT status FROM connections')
    assert.equal(moved?.['status'], 'connected')
    await using node = await start(
      readConfig({ ...env, BEHALF_DATA: folder(), BEHALF_LISTEN: '127.0.0.1:0', BEHALF_LOG_LEVEL: 'silent' }),
    )
    const headers = { authorization: `Bearer ${broker.pluginKey}`, 'behalf-subject': broker.people[0]?.email ?? '' }
    assert.equal((await fetch(`http://127.0.0.1:${node.port}/gateway/orbit/me`, { headers })).status, 200)
    await broker.restart()
  })
})
