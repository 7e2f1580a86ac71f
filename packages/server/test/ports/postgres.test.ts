import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import {
  createTestDatabase,
  type Database,
  execute,
  type Postgres,
  startPostgres,
} from '../../../../test/support/postgres.ts'
import { BrokerError } from '../../src/domain/broker-error.ts'
import { createPostgresEngine, type PostgresEngine } from '../../src/store/postgres/engine.ts'
import { openStoreOn, type Store } from '../../src/store/store.ts'
import { migratedDatabase } from '../support/migrated-database.ts'
import { storeContract } from './store.contract.ts'

const opened = async (database: Database, engine: (url: string) => PostgresEngine): Promise<Store> => {
  const store = await openStoreOn(engine(database.url))
  return {
    ...store,
    async [Symbol.asyncDispose]() {
      await store[Symbol.asyncDispose]()
      await database[Symbol.asyncDispose]()
    },
  }
}
const connecting = (url: string) => createPostgresEngine({ url, connections: 5 })

describe('PostgreSQL', () => {
  let server: Postgres | undefined
  before(async () => {
    server = process.env['TEST_DATABASE_URL'] === undefined ? await startPostgres() : undefined
  })
  after(() => server?.[Symbol.asyncDispose]())
  const database = () => createTestDatabase(process.env['TEST_DATABASE_URL'] ?? server?.url)

  storeContract('PostgreSQL', async () => opened(await migratedDatabase(), connecting))
  storeContract('PostgreSQL, every table hash-partitioned by organization', async () =>
    opened(await migratedDatabase('partitioned'), connecting),
  )

  it('has no key, on any table of organizations’ things, that does not begin with the organization', async () => {
    await using place = await migratedDatabase()
    const keys = await execute(
      place.url,
      `SELECT t.relname AS table, i.relname AS key, a.attname AS first
         FROM pg_index x JOIN pg_class t ON t.oid = x.indrelid JOIN pg_class i ON i.oid = x.indexrelid
         JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum = x.indkey[0]
        WHERE t.relnamespace = 'public'::regnamespace AND x.indisunique`,
    )
    const others = keys.filter(({ first }) => first !== 'org_id').map(({ table }) => table)
    assert.ok(keys.length > 20)
    assert.deepEqual(others.sort(), ['migrations', 'organizations'], 'the slug of a host leads to its organization')
  })

  it('RO-06 migrates once when five open an empty database at once', async () => {
    await using place = await database()
    const stores = await Promise.all(Array.from({ length: 5 }, () => openStoreOn(connecting(place.url))))
    const ran = stores.flatMap(({ migrated }) => migrated)
    assert.equal(new Set(ran).size, ran.length)
    assert.ok(ran.length > 0)
    await Promise.all(stores.map(store => store[Symbol.asyncDispose]()))
  })

  it('RD-02 runs a unit again that the database undid for a serialization failure, and counts it once', async () => {
    await using place = await database()
    const options = new URL(place.url)
    options.searchParams.set('options', '-c default_transaction_isolation=serializable')
    await using engine = connecting(options.href)
    await engine.write([{ sql: 'CREATE TABLE counts (id INT PRIMARY KEY, n INT)', parameters: [] }])
    await engine.write([{ sql: 'INSERT INTO counts VALUES (1, 0)', parameters: [] }])
    const unit = [
      { sql: 'UPDATE counts SET n = n + 1 WHERE id = 1', parameters: [], expect: 1 },
      { sql: 'SELECT n FROM counts', parameters: [] },
    ]
    const written = await Promise.all(Array.from({ length: 20 }, () => engine.write(unit)))
    assert.ok(written.every(({ kind }) => kind === 'done'))
    assert.deepEqual(await execute(place.url, 'SELECT n FROM counts'), [{ n: 20 }])
  })

  it('waits for a place where the server has no connection to spare, and refuses nobody meanwhile', async () => {
    await using crowded = await startPostgres([
      'max_connections=6',
      'superuser_reserved_connections=0',
      'max_wal_senders=0',
    ])
    await using engine = createPostgresEngine({ url: crowded.url, connections: 10 })
    const slow = {
      compile: () => ({ sql: 'SELECT 1 AS one, pg_sleep(0.05)', parameters: [] }),
    } as unknown as Parameters<typeof engine.read>[0]
    const unit = [{ sql: 'SELECT 1', parameters: [], expect: 1 }]
    const answers = await Promise.all([
      ...Array.from({ length: 20 }, () => engine.read(slow).then(rows => rows.length)),
      ...Array.from({ length: 20 }, () => engine.write(unit).then(({ kind }) => kind)),
    ])
    assert.deepEqual(new Set(answers), new Set([1, 'done']))
  })

  it('goes on after its connections were cut, and tells what it cannot reach as unavailable, without the URL', async () => {
    await using place = await database()
    await using engine = connecting(place.url)
    const one = { compile: () => ({ sql: 'SELECT 1 AS one', parameters: [] }) } as unknown as Parameters<
      typeof engine.read
    >[0]
    await Promise.all([engine.read(one), engine.read(one)])
    await execute(place.url, "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'behalf'")
    assert.deepEqual(await engine.read(one), [{ one: 1 }])
    await using nowhere = connecting('postgres://behalf:not-to-be-told@127.0.0.1:1/x')
    await assert.rejects(nowhere.read(one), error => {
      assert.ok(error instanceof BrokerError && error.code === 'store_unavailable')
      assert.ok(!String(error.cause).includes('not-to-be-told'))
      return true
    })
  })
})
