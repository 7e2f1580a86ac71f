import type { CallId, OrgId, SubjectId } from '@behalf/contract'
import type { CallEntry } from '../domain/call-entry.ts'
import type { CallLog } from '../ports/call-log.ts'
import { type Engine, statement } from './engine.ts'
import { createInsertRows } from './insert-rows.ts'
import { pageOf } from './keyset.ts'
import type { Tables } from './tables.ts'

const CAPACITY = 10_000
const BATCH = 500
const FLUSH_MS = 250
const COLUMNS = [
  'org_id',
  'call_id',
  'at',
  'plugin',
  'connector',
  'subject_id',
  'method',
  'path_template',
  'status',
  'answered_by',
  'code',
  'duration_ms',
  'request_bytes',
  'response_bytes',
  'request_id',
] as const

const toEntry = (row: Tables['call_logs']): CallEntry => ({
  id: row.call_id as CallId,
  orgId: row.org_id as OrgId,
  at: row.at,
  plugin: row.plugin,
  connector: row.connector,
  subjectId: row.subject_id as SubjectId | null,
  method: row.method,
  pathTemplate: row.path_template,
  status: row.status,
  answeredBy: row.answered_by === 'provider' ? 'provider' : 'behalf',
  code: row.code,
  durationMs: row.duration_ms,
  requestBytes: row.request_bytes,
  responseBytes: row.response_bytes,
  requestId: row.request_id,
})

const toRow = (entry: CallEntry): Tables['call_logs'] => ({
  org_id: entry.orgId,
  call_id: entry.id,
  at: entry.at,
  plugin: entry.plugin,
  connector: entry.connector,
  subject_id: entry.subjectId,
  method: entry.method,
  path_template: entry.pathTemplate,
  status: entry.status,
  answered_by: entry.answeredBy,
  code: entry.code,
  duration_ms: entry.durationMs,
  request_bytes: entry.requestBytes,
  response_bytes: entry.responseBytes,
  request_id: entry.requestId,
})

export function createCallLog(engine: Engine): CallLog & AsyncDisposable {
  const { build } = engine
  const insertRows = createInsertRows(engine, 'call_logs', COLUMNS)
  let waiting: CallEntry[] = []
  let dropped = 0
  const timer = setInterval(() => void flush(), FLUSH_MS).unref()

  async function flush(): Promise<void> {
    const entries = waiting.splice(0, BATCH)
    if (entries.length === 0) return
    const unit = insertRows(entries.map(toRow))
    await engine.write(unit).catch(() => keepOrDrop(entries))
    if (waiting.length >= BATCH) await flush()
  }

  // The database is away: what fits waits for it, what does not is counted.
  function keepOrDrop(entries: readonly CallEntry[]): void {
    const room = Math.max(0, CAPACITY - waiting.length)
    waiting = [...entries.slice(0, room), ...waiting]
    dropped += Math.max(0, entries.length - room)
  }

  return {
    append(entry) {
      if (waiting.length >= CAPACITY) dropped += 1
      else waiting.push(entry)
    },
    dropped: () => dropped,
    flush,
    async list(orgId, { plugin, connector, subject }, page) {
      await flush()
      let query = build
        .selectFrom('call_logs')
        .selectAll()
        .where('org_id', '=', orgId)
        .orderBy('call_id', 'desc')
        .limit(page.limit + 1)
      if (page.after !== null) query = query.where('call_id', '<', page.after)
      if (plugin !== undefined) query = query.where('plugin', '=', plugin)
      if (connector !== undefined) query = query.where('connector', '=', connector)
      if (subject !== undefined) query = query.where('subject_id', '=', subject)
      return pageOf(await engine.read(query), page, row => row.call_id, toEntry)
    },
    async sweep(before) {
      const written = await engine.write([statement(build.deleteFrom('call_logs').where('at', '<', before))])
      return written.kind === 'done' ? (written.results[0]?.changes ?? 0) : 0
    },
    async [Symbol.asyncDispose]() {
      clearInterval(timer)
      await flush()
    },
  }
}
