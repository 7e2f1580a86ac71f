import type { StatementSync } from 'node:sqlite'
import { parentPort, workerData } from 'node:worker_threads'
import type { Statement, Written } from '../engine.ts'
import { openDatabase } from './open-database.ts'

/** What the writer is asked, and what it answers; `batch` counts the transactions so far. */
export type WriteAsked = { readonly id: number; readonly unit: readonly Statement[] }
export type WriteTold = {
  readonly id: number
  readonly batch: number
  readonly written: Written | { readonly kind: 'failed'; readonly code: string }
}

const port = parentPort
if (port === null) throw new Error('the writer is a worker')
// SECURITY: a report of the process has a part of each thread, and the environment may hold root keys.
if (process.report !== undefined) process.report.excludeEnv = true

const { path, busyMs } = workerData as { readonly path: string; readonly busyMs?: number }
const database = openDatabase(path, 'write', busyMs)
const prepared = new Map<string, StatementSync>()
let batch = 0

port.on('message', (asked: readonly WriteAsked[] | 'close') => {
  if (asked === 'close') {
    database.close()
    port.close()
  } else if (asked.length > 0) port.postMessage(commit(asked))
})

function commit(units: readonly WriteAsked[]): readonly WriteTold[] {
  batch += 1
  try {
    database.exec('BEGIN IMMEDIATE')
  } catch (error) {
    // The lock was waited for: each unit by itself would wait for it once more.
    return failed(units, error)
  }
  try {
    const told = units.map(({ id, unit }) => ({ id, batch, written: runUnit(unit) }))
    database.exec('COMMIT')
    return told
  } catch (error) {
    if (database.isTransaction) database.exec('ROLLBACK')
    // One faulty unit must not take the others with it; alone it fails alone.
    if (units.length > 1) return units.flatMap(unit => commit([unit]))
    return failed(units, error)
  }
}

function failed(units: readonly WriteAsked[], error: unknown): readonly WriteTold[] {
  return units.map(({ id }) => ({ id, batch, written: { kind: 'failed', code: codeOf(error) } }))
}

function runUnit(unit: readonly Statement[]): Written {
  const results: { changes: number; rows: Record<string, unknown>[] }[] = []
  database.exec('SAVEPOINT unit')
  for (const [at, asked] of unit.entries()) {
    const { sql, expect } = asked
    const result = run(sql, asked.parameters)
    if (expect !== undefined && result.changes !== expect) {
      database.exec('ROLLBACK TO unit')
      database.exec('RELEASE unit')
      return { kind: 'refused', at }
    }
    results.push(result)
  }
  database.exec('RELEASE unit')
  return { kind: 'done', results }
}

function run(sql: string, parameters: readonly unknown[]): { changes: number; rows: Record<string, unknown>[] } {
  let query = prepared.get(sql)
  if (query === undefined) {
    query = database.prepare(sql)
    prepared.set(sql, query)
  }
  const values = parameters as (string | number | null | Uint8Array)[]
  if (query.columns().length > 0) {
    const rows = query.all(...values).map(row => ({ ...row }))
    return { changes: rows.length, rows }
  }
  return { changes: Number(query.run(...values).changes), rows: [] }
}

function codeOf(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown'
  return 'errcode' in error ? `SQLITE_${String(error.errcode)}` : error.name
}
