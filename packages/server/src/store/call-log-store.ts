import { sql } from 'kysely'
import type { CallEntry } from '../domain/call-entry.ts'
import { entryOf } from '../domain/redaction/redact-call.ts'
import type { CallLog } from '../ports/call-log.ts'
import { filtered } from './call-log-query.ts'
import { CALL_LOG_COLUMNS, toEntry, toRow } from './call-log-row.ts'
import type { Engine } from './engine.ts'
import { createInsertRows } from './insert-rows.ts'
import { pageOf } from './keyset.ts'
import { sweepRows } from './sweep-rows.ts'

const CAPACITY = 10_000
/** Characters of content that may wait to be written, and that are written at once. */
const CONTENT_CAPACITY = 16_000_000
const CONTENT_BATCH = 2_000_000
const BATCH = 500
const FLUSH_MS = 250
/** Entries of nodes that did not know expiry yet. */
const UNDATED_MS = 90 * 86_400_000

export function createCallLog(engine: Engine): CallLog & AsyncDisposable {
  const { build } = engine
  const insertRows = createInsertRows(engine, 'call_logs', CALL_LOG_COLUMNS)
  const entries = build.selectFrom('call_logs').selectAll()
  let waiting: CallEntry[] = []
  let waitingContent = 0
  let dropped = 0
  const timer = setInterval(() => void flush(), FLUSH_MS).unref()

  // Batch by batch until nothing waits, or the database is away.
  async function flush(): Promise<void> {
    while (waiting.length > 0) {
      const batch = waiting.splice(0, nextBatch())
      waitingContent -= batch.reduce((sum, entry) => sum + sizeOf(entry), 0)
      const written = await engine.write(insertRows(batch.map(toRow))).catch(() => undefined)
      if (written === undefined) return keepOrDrop(batch)
    }
  }

  function nextBatch(): number {
    let [count, content] = [0, 0]
    for (const entry of waiting) {
      content += sizeOf(entry)
      if (count === BATCH || (count > 0 && content > CONTENT_BATCH)) break
      count += 1
    }
    return count
  }

  // What fits waits for it, what does not is counted.
  function keepOrDrop(batch: readonly CallEntry[]): void {
    const later = waiting
    waiting = []
    waitingContent = 0
    for (const entry of [...batch, ...later]) keep(entry)
  }

  function keep(entry: CallEntry): void {
    const content = sizeOf(entry)
    if (waiting.length >= CAPACITY || waitingContent + content > CONTENT_CAPACITY) dropped += 1
    else {
      waiting.push(entry)
      waitingContent += content
    }
  }

  return {
    append: entry => keep(entryOf(entry)),
    dropped: () => dropped,
    flush,
    async list(orgId, filter, page) {
      await flush()
      const query = filtered(entries, filter)
        .where('org_id', '=', orgId)
        .orderBy('call_id', 'desc')
        .limit(page.limit + 1)
      const asked = page.after === null ? query : query.where('call_id', '<', page.after)
      return pageOf(await engine.readLong(asked), page, row => row.call_id, toEntry)
    },
    async byId(orgId, id) {
      await flush()
      const [row] = await engine.read(entries.where('org_id', '=', orgId).where('call_id', '=', id))
      return row && toEntry(row)
    },
    async sweep(now) {
      const key = ['org_id', 'call_id']
      const dated = await sweepRows(engine, 'call_logs', key, sql`expires_at <= ${now}`)
      const undated = sql`expires_at IS NULL AND at <= ${now - UNDATED_MS}`
      return dated + (await sweepRows(engine, 'call_logs', key, undated))
    },
    sweepOlder: (orgId, at) =>
      sweepRows(engine, 'call_logs', ['org_id', 'call_id'], sql`org_id = ${orgId} AND at <= ${at}`),
    async [Symbol.asyncDispose]() {
      clearInterval(timer)
      await flush()
    },
  }
}

function sizeOf({ content }: CallEntry): number {
  if (content === null) return 0
  const { path, requestBody, responseBody } = content
  return path.length + (requestBody?.length ?? 0) + (responseBody?.length ?? 0) + 2_000
}
