import { parentPort, workerData } from 'node:worker_threads'
import type { Row } from '../engine.ts'
import { openDatabase } from './open-database.ts'

/** What the reading thread is asked, and what it answers: rows, or the code of what failed. */
export type ReadAsked = { readonly id: number; readonly sql: string; readonly parameters: readonly unknown[] }
export type ReadTold = { readonly id: number; readonly rows?: readonly Row[]; readonly code?: string }

const port = parentPort
if (port === null) throw new Error('the reader is a worker')
// SECURITY: a report of the process has a part of each thread, and the environment may hold root keys.
if (process.report !== undefined) process.report.excludeEnv = true

const database = openDatabase((workerData as { readonly path: string }).path, 'read')
port.on('message', (asked: ReadAsked) => port.postMessage(read(asked)))

function read({ id, sql, parameters }: ReadAsked): ReadTold {
  try {
    const rows = database.prepare(sql).all(...(parameters as (string | number | null | Uint8Array)[]))
    return { id, rows: rows.map(row => ({ ...row })) }
  } catch (error) {
    return { id, code: error instanceof Error && 'errcode' in error ? `SQLITE_${String(error.errcode)}` : 'failed' }
  }
}
