import assert from 'node:assert/strict'
import { fork } from 'node:child_process'
import { mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { describe, it } from 'node:test'
import type { ConnectionId, ConnectorId, OrgId } from '@behalf/contract'
import type { Compilable } from 'kysely'
import { rounds } from '../../../../test/support/seed.ts'
import { createAuditStore } from '../../src/store/audit-store.ts'
import { createConnectionStore } from '../../src/store/connection-store.ts'
import { openJournal } from '../../src/store/journal.ts'
import { createRefreshLeaseStore } from '../../src/store/refresh-lease-store.ts'
import { createRevocationStore } from '../../src/store/revocation-store.ts'
import { createSqliteEngine } from '../../src/store/sqlite/engine.ts'
import { openStore } from '../../src/store/store.ts'
import { createTouches } from '../../src/store/touches.ts'
import { createUsageStore } from '../../src/store/usage-store.ts'
import { storeContract } from './store.contract.ts'

const folder = () => mkdtempSync(join(tmpdir(), 'behalf-store-'))
const WRITER = new URL('../support/store-writer.ts', import.meta.url)

storeContract('SQLite', async () => {
  const dataDir = folder()
  const store = await openStore({ dataDir })
  return {
    ...store,
    async [Symbol.asyncDispose]() {
      await store[Symbol.asyncDispose]()
      rmSync(dataDir, { recursive: true, force: true })
    },
  }
})

describe('SQLite', () => {
  it('commits writes that wait together in one transaction', async () => {
    await using engine = createSqliteEngine(join(folder(), 'behalf.db'))
    await engine.write([{ sql: 'CREATE TABLE rows (name TEXT)', parameters: [] }])
    const before = engine.batches()
    const insert = { sql: "INSERT INTO rows VALUES ('x')", parameters: [] }
    await Promise.all(Array.from({ length: 200 }, () => engine.write([insert])))
    assert.ok(engine.batches() - before < 50, `${engine.batches() - before} transactions for 200 writes`)
  })

  it('waits for another writer once for all writes that wait together, and then refuses them all', async () => {
    const path = join(folder(), 'behalf.db')
    await using engine = createSqliteEngine(path, 50)
    await engine.write([{ sql: 'CREATE TABLE rows (name TEXT)', parameters: [] }])
    const other = new DatabaseSync(path)
    other.exec('BEGIN IMMEDIATE')
    const insert = { sql: "INSERT INTO rows VALUES ('x')", parameters: [] }
    const before = engine.batches()
    const refused = await Promise.allSettled(Array.from({ length: 100 }, () => engine.write([insert])))
    assert.ok(refused.every(({ status }) => status === 'rejected'))
    assert.equal(engine.batches() - before, 1)
    other.exec('ROLLBACK')
    other.close()
    assert.equal((await engine.write([insert])).kind, 'done')
  })

  it('undoes a whole unit when one statement does not do what it must, and leaves its neighbours alone', async () => {
    await using store = await openStore({ dataDir: folder() })
    const insert = (number: number) => ({
      sql: 'INSERT INTO migrations (number, name) VALUES (?, ?)',
      parameters: [number, 'x'],
    })
    const [refused, done] = await Promise.all([
      store.engine.write([
        insert(900),
        { sql: 'UPDATE migrations SET name = name WHERE number = 12345', parameters: [], expect: 1 },
      ]),
      store.engine.write([insert(901)]),
    ])
    assert.deepEqual([refused, done.kind], [{ kind: 'refused', at: 1 }, 'done'])
  })

  it('RD-12 looks for unsealed audit events where nothing else is, however many events there are', async () => {
    await using store = await openStore({ dataDir: folder() })
    const asked: string[] = []
    const { orgsWithUnsealed, unsealed } = createAuditStore({
      ...store.engine,
      read: query => {
        const { sql, parameters } = query.compile()
        asked.push(`EXPLAIN QUERY PLAN ${parameters.reduce<string>(text => text.replace('?', "'1'"), sql)}`)
        return store.engine.read(query)
      },
    })
    assert.deepEqual([await orgsWithUnsealed(), await unsealed('org_x' as OrgId, 10)], [[], []])
    const plans = await Promise.all(
      asked.map(sql => store.engine.read({ compile: () => ({ sql, parameters: [] }) } as never)),
    )
    assert.equal(plans.length, 2)
    for (const plan of plans) assert.match(JSON.stringify(plan), /USING (COVERING )?INDEX audit_events_unsealed/)
  })

  it('reads what needs somebody by indexes alone, however many connections there are', async () => {
    await using store = await openStore({ dataDir: folder() })
    const { engine } = store
    const plans: string[] = []
    const watched = {
      ...engine,
      async read<Output>(query: Compilable<Output>) {
        const { sql, parameters } = query.compile()
        const plan = { compile: () => ({ sql: `EXPLAIN QUERY PLAN ${sql}`, parameters }) } as Compilable<unknown>
        plans.push(...(await engine.read(plan)).map(row => (row as { detail: string }).detail))
        return engine.read(query)
      },
    }
    const org = 'org_x' as OrgId
    const between = { from: 1, until: 2, givenBefore: [{ connector: 'ctr_x' as ConnectorId, at: 3 }] }
    const connections = createConnectionStore(watched, createTouches(engine))
    await connections.countUnfinished(org)
    await connections.mayLapse(org, between, 10)
    await createRefreshLeaseStore(watched).clientRejected(org, 1)
    await createUsageStore(watched).byConnector(org, 1)
    const at = { orgId: org, id: 'ctr_x' as ConnectorId }
    await connections.renewedBefore(at, 5, { id: 'con_x' as ConnectionId, receivedAt: 1 }, 10)
    assert.match(plans.at(-1) ?? '', /connections_by_renewal/, 'nothing is sorted: it is done page by page')
    await connections.ofAccount(org, at.id, 'u1')
    await createRevocationStore(watched).pendingOfAccount(org, 'u1')
    const searches = plans.filter(detail => !/^(USE TEMP B-TREE|LIST SUBQUERY|CREATE BLOOM FILTER)/.test(detail))
    assert.deepEqual(
      searches.map(detail =>
        /INDEX (?!sqlite_autoindex)(\w+)|autoindex_(\w+)_1 \([^)]*\w/.exec(detail)?.slice(1).join(''),
      ),
      [
        'connections_unfinished',
        'connections_by_refresh_end',
        'connections_by_end',
        'connections_by_grant',
        'refresh_leases_rejected',
        'connections',
        'usage_days',
        'connections_by_renewal',
        'connections_by_account',
        'revocations_due',
        'connections_by_account',
      ],
      plans.join('\n'),
    )
  })

  it('RD-06 lets two processes write to one file, with every acknowledged row there', async () => {
    const dataDir = folder()
    await (await openStore({ dataDir }))[Symbol.asyncDispose]()
    const acknowledged = (await Promise.all(['a', 'b'].map(name => writer(dataDir, name, 300)))).flat()
    assert.equal(acknowledged.length, 600)
    assert.deepEqual(missing(dataDir, acknowledged), [])
    rmSync(dataDir, { recursive: true })
  })

  it('RD-07 keeps every acknowledged write over kill -9 under load', async () => {
    const dataDir = folder()
    await (await openStore({ dataDir }))[Symbol.asyncDispose]()
    const acknowledged: string[] = []
    const count = rounds(1, 200)
    for (let round = 0; round < count; round += 1)
      acknowledged.push(...(await writer(dataDir, `k${round}`, 100_000, 100 + (round % 20) * 20)))
    assert.ok(acknowledged.length > 5)
    assert.deepEqual(missing(dataDir, acknowledged), [])
    rmSync(dataDir, { recursive: true })
  })

  it('RO-06 migrates once when several open an empty folder at once', async () => {
    const dataDir = folder()
    const stores = await Promise.all([openStore({ dataDir }), openStore({ dataDir }), openStore({ dataDir })])
    const ran = stores.flatMap(({ migrated }) => migrated)
    assert.equal(new Set(ran).size, ran.length)
    await Promise.all(stores.map(store => store[Symbol.asyncDispose]()))
  })

  it('refuses a database that is newer than the program', async () => {
    const dataDir = folder()
    await (await openStore({ dataDir }))[Symbol.asyncDispose]()
    const database = new DatabaseSync(join(dataDir, 'behalf.db'))
    database.exec("INSERT INTO migrations (number, name) VALUES (99, 'future')")
    database.close()
    await assert.rejects(openStore({ dataDir }), /newer than this program/)
  })

  it('keeps the folder and the file to their owner', async () => {
    const dataDir = folder()
    await using _ = await openStore({ dataDir })
    assert.equal(statSync(dataDir).mode & 0o777, 0o700)
    assert.equal(statSync(join(dataDir, 'behalf.db')).mode & 0o777, 0o600)
  })

  it('adopts the journal of a node that is gone, and not that of one that lives', async () => {
    const dataDir = folder()
    const entry = {
      attemptId: 'a'.repeat(20),
      tokens: {
        orgId: 'o',
        id: 'c',
        generation: 1,
        tokenVersion: 2,
        accessToken: { sealed: new Uint8Array([1]), secretVersion: 1 },
        refreshToken: null,
        receivedAt: 1,
        expiresAt: null,
        grantedScope: null,
      },
    } as never
    const gone = openJournal(dataDir, 'gone', { isShared: false })
    const here = openJournal(dataDir, 'here', { isShared: false })
    await gone.stage(entry)
    assert.equal((await here.pending()).length, 0)
    assert.equal(await here.whereabouts('gone'), 'alive')
    assert.equal(await here.whereabouts('on-another-machine'), 'elsewhere')
    gone[Symbol.dispose]()
    assert.equal(await here.whereabouts('gone'), 'gone')
    assert.equal((await here.pending()).length, 1)
    assert.equal(await here.whereabouts('gone'), 'gone', 'also when its journal is ours')
    here[Symbol.dispose]()
  })
})

/** Runs a process that writes rows and tells each acknowledged one; killed after `killAfterMs` where given. */
function writer(dataDir: string, name: string, rows: number, killAfterMs?: number): Promise<string[]> {
  return new Promise((resolve, reject) => {
    const child = fork(WRITER, [dataDir, name, String(rows)])
    const acknowledged: string[] = []
    child.on('message', told => {
      acknowledged.push(String(told))
      if (killAfterMs !== undefined && acknowledged.length === 1) setTimeout(() => child.kill('SIGKILL'), killAfterMs)
    })
    child.once('exit', code =>
      code === 0 || killAfterMs !== undefined ? resolve(acknowledged) : reject(new Error(`writer ended with ${code}`)),
    )
  })
}

function missing(dataDir: string, acknowledged: readonly string[]): readonly string[] {
  const database = new DatabaseSync(join(dataDir, 'behalf.db'))
  const there = new Set(
    database
      .prepare('SELECT name FROM migrations')
      .all()
      .map(row => String(row['name'])),
  )
  database.close()
  return acknowledged.filter(name => !there.has(name))
}
