import { Worker } from 'node:worker_threads'
import type { Compilable } from 'kysely'
import { BrokerError } from '../../domain/broker-error.ts'
import type { Row } from '../engine.ts'
import type { ReadAsked, ReadTold } from './reader.ts'

/** A thread that nobody asked for so long is ended: it holds memory. */
const IDLE_MS = 30_000

/** Reads that may take long, on a thread of their own that lives while there are any: searches, lists, exports. */
export type LongReader = AsyncDisposable & { read<Output>(query: Compilable<Output>): Promise<readonly Output[]> }

export function createLongReader(path: string): LongReader {
  const waiting = new Map<number, { resolve: (rows: readonly Row[]) => void; reject: (error: unknown) => void }>()
  let worker: Worker | undefined
  let idle: NodeJS.Timeout | undefined
  let lastId = 0

  const end = async (): Promise<void> => {
    clearTimeout(idle)
    const ending = worker
    worker = undefined
    await ending?.terminate()
  }
  const failAll = (error: unknown) => {
    worker = undefined
    for (const { reject } of waiting.values()) reject(new BrokerError('store_unavailable', { cause: error }))
    waiting.clear()
  }
  const started = (): Worker => {
    const made = new Worker(new URL('./reader.ts', import.meta.url), { workerData: { path } })
    made.on('message', ({ id, rows, code }: ReadTold) => {
      const asked = waiting.get(id)
      waiting.delete(id)
      if (rows === undefined) asked?.reject(new BrokerError('store_unavailable', { cause: new Error(code) }))
      else asked?.resolve(rows)
      if (waiting.size > 0) return
      clearTimeout(idle)
      idle = setTimeout(() => void end(), IDLE_MS).unref()
    })
    made.on('error', failAll)
    made.unref()
    return made
  }

  return {
    read<Output>(query: Compilable<Output>): Promise<readonly Output[]> {
      const { sql, parameters } = query.compile()
      clearTimeout(idle)
      worker ??= started()
      lastId += 1
      const asked: ReadAsked = { id: lastId, sql, parameters }
      const { promise, resolve, reject } = Promise.withResolvers<readonly Row[]>()
      waiting.set(asked.id, { resolve, reject })
      worker.postMessage(asked)
      return promise as Promise<readonly Output[]>
    },
    async [Symbol.asyncDispose]() {
      await end()
      failAll(new Error('closed'))
    },
  }
}
