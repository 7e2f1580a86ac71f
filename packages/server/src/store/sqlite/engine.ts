import { chmodSync, existsSync } from 'node:fs'
import { Worker } from 'node:worker_threads'
import { type Compilable, DummyDriver, Kysely, SqliteAdapter, SqliteIntrospector, SqliteQueryCompiler } from 'kysely'
import { BrokerError } from '../../domain/broker-error.ts'
import type { Engine, Statement, Written } from '../engine.ts'
import type { Tables } from '../tables.ts'
import { createLeaseClock } from './lease-clock.ts'
import { createLongReader } from './long-reader.ts'
import { openDatabase } from './open-database.ts'
import type { WriteAsked, WriteTold } from './writer.ts'

export type SqliteEngine = Engine &
  AsyncDisposable & {
    /** Transactions committed or tried so far; fewer than writes where several shared one. */
    batches(): number
  }

const GATHER_MS = 1

type Waiting = { readonly resolve: (written: Written) => void; readonly reject: (error: unknown) => void }

/** SQLite: reads inline on this thread, writes in one worker that commits everything waiting at once, and waits `busyMs` for other processes' writers. */
export function createSqliteEngine(path: string, busyMs?: number): SqliteEngine {
  const reader = openDatabase(path, 'read')
  if (existsSync(path)) chmodSync(path, 0o600)
  const prepared = new Map<string, ReturnType<typeof reader.prepare>>()
  const writer = new Worker(new URL('./writer.ts', import.meta.url), {
    name: 'store-writer',
    workerData: { path, busyMs },
  })
  const longReader = createLongReader(path)
  const waiting = new Map<number, Waiting>()
  let [lastId, batches, closed, isBusy] = [0, 0, false, false]
  let outbox: WriteAsked[] = []
  let postedAt = 0

  // One batch is on its way at a time: what comes meanwhile shares the next transaction, and the writer is woken once for all of it.
  const post = () => {
    if (isBusy || outbox.length === 0) return
    isBusy = true
    postedAt = performance.now()
    writer.postMessage(outbox)
    outbox = []
  }
  // A write that comes alone goes at once; where one follows another, what comes within a millisecond goes together.
  const postSoon = () => {
    if (performance.now() - postedAt > GATHER_MS) setImmediate(post)
    else setTimeout(post, GATHER_MS)
  }
  writer.on('message', (told: readonly WriteTold[]) => {
    isBusy = false
    if (outbox.length > 0) postSoon()
    for (const { id, batch, written } of told) {
      batches = batch
      const asked = waiting.get(id)
      waiting.delete(id)
      if (written.kind === 'failed')
        asked?.reject(new BrokerError('store_unavailable', { cause: new Error(written.code) }))
      else asked?.resolve(written)
    }
  })
  let hasEnded = false
  const failAll = (error: unknown) => {
    hasEnded = true
    for (const { reject } of waiting.values()) reject(new BrokerError('store_unavailable', { cause: error }))
    waiting.clear()
  }
  writer.on('error', failAll)
  const exited = new Promise<void>(resolve =>
    writer.once('exit', () => resolve(failAll(new Error('the writer ended')))),
  )

  return {
    build: new Kysely<Tables>({
      dialect: {
        createAdapter: () => new SqliteAdapter(),
        createDriver: () => new DummyDriver(),
        createIntrospector: db => new SqliteIntrospector(db),
        createQueryCompiler: () => new SqliteQueryCompiler(),
      },
    }),
    async read<Output>(query: Compilable<Output>): Promise<readonly Output[]> {
      const { sql, parameters } = query.compile()
      try {
        let ready = prepared.get(sql)
        if (ready === undefined) {
          ready = reader.prepare(sql)
          prepared.set(sql, ready)
        }
        return ready.all(...(parameters as (string | number | null | Uint8Array)[])) as unknown as Output[]
      } catch (error) {
        throw new BrokerError('store_unavailable', { cause: error })
      }
    },
    readLong: query => longReader.read(query),
    write(unit: readonly Statement[]): Promise<Written> {
      if (closed) return Promise.reject(new BrokerError('shutting_down'))
      if (hasEnded)
        return Promise.reject(new BrokerError('store_unavailable', { cause: new Error('the writer ended') }))
      lastId += 1
      const asked: WriteAsked = { id: lastId, unit }
      return new Promise((resolve, reject) => {
        waiting.set(asked.id, { resolve, reject })
        outbox.push(asked)
        if (outbox.length === 1 && !isBusy) postSoon()
      })
    },
    leaseClock: createLeaseClock(),
    bytewise: 'BINARY',
    batches: () => batches,
    async [Symbol.asyncDispose]() {
      if (closed) return
      closed = true
      writer.postMessage(outbox)
      outbox = []
      writer.postMessage('close')
      await exited
      reader.close()
      await longReader[Symbol.asyncDispose]()
    },
  }
}
