import { sql } from 'kysely'
import { entryOf } from '../domain/redaction/redact-call.ts'
import type { CallLog } from '../ports/call-log.ts'
import { filtered } from './call-log-query.ts'
import { CALL_LOG_COLUMNS, packed, toEntry } from './call-log-row.ts'
import type { Engine } from './engine.ts'
import { createInsertPacked } from './insert-rows.ts'
import { pageOf } from './keyset.ts'
import { sweepRows } from './sweep-rows.ts'

const CAPACITY = 10_000
/** Characters that may wait to be written, and that are written at once. */
const CAPACITY_CHARACTERS = 20_000_000
const BATCH_CHARACTERS = 2_000_000
const BATCH = 500
const FLUSH_MS = 250
/** Entries of nodes that did not know expiry yet. */
const UNDATED_MS = 90 * 86_400_000

export function createCallLog(engine: Engine): CallLog & AsyncDisposable {
  const { build } = engine
  const insertRows = createInsertPacked(engine, 'call_logs', CALL_LOG_COLUMNS)
  const entries = build.selectFrom('call_logs').selectAll()
  let waiting: string[] = []
  let characters = 0
  let dropped = 0
  let flushed = Promise.resolve()
  const timer = setInterval(() => void flush(), FLUSH_MS).unref()

  // One after another: whoever reads waits for what is on its way as well.
  function flush(): Promise<void> {
    flushed = flushed.then(writeAll)
    return flushed
  }

  // Batch by batch until nothing waits, or the database is away.
  async function writeAll(): Promise<void> {
    while (waiting.length > 0) {
      const batch = waiting.splice(0, nextBatch())
      for (const row of batch) characters -= row.length
      const written = await engine.write(insertRows(batch)).catch(() => undefined)
      if (written === undefined) return keepOrDrop(batch)
    }
  }

  function nextBatch(): number {
    let [count, size] = [0, 0]
    for (const row of waiting) {
      size += row.length
      if (count === BATCH || (count > 0 && size > BATCH_CHARACTERS)) break
      count += 1
    }
    return count
  }

  // What fits waits for it, what does not is counted.
  function keepOrDrop(batch: readonly string[]): void {
    const later = waiting
    waiting = []
    characters = 0
    for (const row of [...batch, ...later]) keep(row)
  }

  function keep(row: string): void {
    if (waiting.length >= CAPACITY || characters + row.length > CAPACITY_CHARACTERS) dropped += 1
    else {
      waiting.push(row)
      characters += row.length
    }
  }

  return {
    append: entry => keep(packed(entryOf(entry))),
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
