import type { OrgId } from '@behalf/contract'
import { type RawBuilder, sql } from 'kysely'
import type { CallContent, CallEntry } from '../domain/call-entry.ts'
import { entryOf } from '../domain/redaction/redact-call.ts'
import type { CallLog } from '../ports/call-log.ts'
import { BLOCK_COLUMNS, type BlockRow, type OpenBlock, openBlock } from './call-log-block.ts'
import { createReadBlocks } from './call-log-blocks.ts'
import { CALL_LOG_COLUMNS, toEntry, toRow } from './call-log-row.ts'
import { createReadRows } from './call-log-rows.ts'
import { pageOf, spanOf, WINDOW, type Window } from './call-log-window.ts'
import type { Engine } from './engine.ts'
import { createInsertRows } from './insert-rows.ts'
import { sweepRows } from './sweep-rows.ts'
import type { Tables } from './tables.ts'

/** Entries and characters that may wait to be written. */
const CAPACITY = 10_000
const CAPACITY_CHARACTERS = 20_000_000
/** Characters that are written at once. */
const BATCH_CHARACTERS = 2_000_000
const FLUSH_MS = 250
/** Strict entries that are encoded one after another: one at a time, between calls, costs several times as much, for nothing is in the caches then. Those with content are few and wait for the flush. */
const TOGETHER = 128
/** Entries of nodes that did not know expiry yet. */
const UNDATED_MS = 90 * 86_400_000

/** A row that waits to be written: of one entry with content, or of many without. */
type Waiting = { readonly entries: number; readonly characters: number } & (
  | { readonly block: BlockRow }
  | { readonly row: Tables['call_logs'] }
)

export function createCallLog(engine: Engine, window: Window = WINDOW): CallLog & AsyncDisposable {
  const { build } = engine
  const [insertRows, insertBlocks] = [
    createInsertRows(engine, 'call_logs', CALL_LOG_COLUMNS),
    createInsertRows(engine, 'call_log_blocks', BLOCK_COLUMNS),
  ]
  const entries = build.selectFrom('call_logs').selectAll()
  const blocks = createReadBlocks(engine, window)
  const readRows = createReadRows(engine, window)
  const strict: CallEntry[] = []
  let withContent: CallEntry[] = []
  const open = new Map<OrgId, OpenBlock>()
  const waiting: Waiting[] = []
  let [held, characters, dropped] = [0, 0, 0]
  let flushed = Promise.resolve()
  const timer = setInterval(() => void flush(), FLUSH_MS).unref()

  return {
    append(redacted) {
      const entry = entryOf(redacted)
      if (held >= CAPACITY || characters >= CAPACITY_CHARACTERS) dropped += 1
      else {
        held += 1
        if (entry.content !== null) {
          characters += charactersOf(entry.content)
          withContent.push(entry)
        } else if (strict.push(entry) === TOGETHER) addToBlocks()
      }
    },
    dropped: () => dropped,
    flush,
    async list(orgId, filter, page) {
      await flush()
      const span = spanOf(filter, page.after)
      const [rows, blocked] = await Promise.all([
        readRows(orgId, filter, span, page.limit + 1),
        blocks.newest(orgId, filter, span, page.limit + 1),
      ])
      return pageOf(rows, blocked, page.limit)
    },
    async byId(orgId, id) {
      await flush()
      const [row] = await engine.read(entries.where('org_id', '=', orgId).where('call_id', '=', id))
      return row === undefined ? blocks.byId(orgId, id) : toEntry(row)
    },
    async sweep(now) {
      const expired = sql`expires_at <= ${now}`
      const undated = sql`expires_at IS NULL AND at <= ${now - UNDATED_MS}`
      return (await sweepBoth(expired, expired)) + (await sweepRows(engine, 'call_logs', ROW_KEY, undated))
    },
    sweepOlder: (orgId, at) =>
      sweepBoth(sql`org_id = ${orgId} AND at <= ${at}`, sql`org_id = ${orgId} AND newest_at <= ${at}`),
    async [Symbol.asyncDispose]() {
      clearInterval(timer)
      await flush()
    },
  }

  function addToBlocks(): void {
    for (const entry of strict) {
      let block = open.get(entry.orgId)
      if (block?.fits(entry) !== true) {
        if (block !== undefined) close(block)
        block = openBlock(entry)
        open.set(entry.orgId, block)
      }
      characters += block.add(entry)
    }
    strict.length = 0
  }

  function addRows(): void {
    for (const entry of withContent)
      waiting.push({
        row: toRow(entry),
        entries: 1,
        characters: entry.content === null ? 0 : charactersOf(entry.content),
      })
    withContent = []
  }

  function close(block: OpenBlock): void {
    const row = block.row()
    waiting.push({ block: row, entries: row.entry_count, characters: row.entries.length - 1 })
  }

  // One after another: whoever reads waits for what is on its way as well.
  function flush(): Promise<void> {
    addRows()
    addToBlocks()
    for (const block of open.values()) close(block)
    open.clear()
    flushed = flushed.then(writeAll)
    return flushed
  }

  // Batch by batch until nothing waits, or the database is away; what could not be written waits on.
  async function writeAll(): Promise<void> {
    while (waiting.length > 0) {
      const batch = nextBatch()
      const unit = [
        ...insertBlocks(batch.flatMap(each => ('block' in each ? [each.block] : []))),
        ...insertRows(batch.flatMap(each => ('row' in each ? [each.row] : []))),
      ]
      const written = await engine.write(unit).catch(() => undefined)
      if (written === undefined) return
      waiting.splice(0, batch.length)
      for (const each of batch) {
        held -= each.entries
        characters -= each.characters
      }
    }
  }

  function nextBatch(): readonly Waiting[] {
    let [size, end] = [0, 0]
    for (const { characters: more } of waiting) {
      size += more
      if (end > 0 && size > BATCH_CHARACTERS) break
      end += 1
    }
    return waiting.slice(0, end)
  }

  async function sweepBoth(rows: RawBuilder<unknown>, blocksOver: RawBuilder<unknown>): Promise<number> {
    const swept = await sweepRows(engine, 'call_log_blocks', BLOCK_KEY, blocksOver)
    return swept + (await sweepRows(engine, 'call_logs', ROW_KEY, rows))
  }
}

/** What the row of an entry is made of: its content as it is, and once more as what is searched. */
function charactersOf(content: CallContent): number {
  let characters = content.path.length + (content.requestBody?.length ?? 0) + (content.responseBody?.length ?? 0)
  for (const headers of [content.requestHeaders, content.responseHeaders])
    for (const [name, value] of headers) characters += name.length + value.length
  return characters * 2
}

const ROW_KEY = ['org_id', 'call_id']
const BLOCK_KEY = ['org_id', 'newest_id']
