import type { OrgId } from '@behalf/contract'
import { type CallEntry, type CallFacts, expiresAt } from '../domain/call-entry.ts'
import { entryOf, redactStrictly } from '../domain/redaction/redact-call.ts'
import { searchable, searchedOf } from './call-log-query.ts'
import type { Tables } from './tables.ts'

export type BlockRow = Tables['call_log_blocks']

export const BLOCK_COLUMNS = [
  'org_id',
  'newest_id',
  'oldest_id',
  'oldest_at',
  'newest_at',
  'expires_at',
  'entry_count',
  'errors',
  'warnings',
  'unanswered',
  'least_status',
  'most_status',
  'search_text',
  'entries',
] as const satisfies readonly (keyof BlockRow)[]

const MOST_ENTRIES = 256
const SECOND_MS = 1_000
/** Ids begin with their time: those that share so many characters were made within about a second. */
const BEGINNING = 12
const FIRST_BYTES = 4_096
/** What most blocks come to; larger ones are odd, and their buffers not worth keeping. */
const SPARE_BYTES = { least: 65_536, most: 262_144 }
const MOST_SPARE = 16
const MOST_BYTES_A_CHARACTER = 3
const [OPENING, COMMA, CLOSING] = [0x5b, 0x2c, 0x5d]

/** The last id that a block can have which holds this one. */
export const lastIdBeside = (id: string): string => id.slice(0, BEGINNING) + 'z'.repeat(id.length)

// Buffers that are used again: a new one for each block would make the collector run for what is not on its heap.
const spare: Buffer[] = []
const NONE = Buffer.alloc(0)

/** Strict entries of one organization and one second, on their way into one row. */
export type OpenBlock = {
  /** Whether the entry belongs in here, and there is room. */
  fits(entry: CallEntry): boolean
  /** Adds an entry; by how many characters the row's `entries` grew, which end with one more. */
  add(entry: CallEntry): number
  /** Closes the block. */
  row(): BlockRow
}

/** Opens a block for what is like its first entry. Bytes are written as entries come, so that no object of a call outlives it. */
export function openBlock(first: CallEntry): OpenBlock {
  const beginning = first.id.slice(0, BEGINNING)
  const second = Math.floor(first.at / SECOND_MS)
  const [words, requestIds]: [Set<string>, string[]] = [new Set(), []]
  let bytes = spare.pop() ?? Buffer.allocUnsafe(FIRST_BYTES)
  let [used, count, errors, warnings, unanswered] = [0, 0, 0, 0, 0]
  let [oldestId, newestId]: [string, string] = [first.id, first.id]
  let [oldestAt, newestAt] = [first.at, first.at]
  let leastStatus: number | null = null
  let mostStatus: number | null = null

  return {
    fits: ({ id, at }) => count < MOST_ENTRIES && id.startsWith(beginning) && Math.floor(at / SECOND_MS) === second,
    add(entry) {
      const { id, at, status, level } = entry
      if (id < oldestId) oldestId = id
      if (id > newestId) newestId = id
      oldestAt = Math.min(oldestAt, at)
      newestAt = Math.max(newestAt, at)
      if (status === null) unanswered += 1
      else {
        leastStatus = Math.min(leastStatus ?? status, status)
        mostStatus = Math.max(mostStatus ?? status, status)
      }
      if (level === 'error') errors += 1
      else if (level === 'warning') warnings += 1
      for (const word of searchedOf(entry)) if (word !== null) words.add(word)
      if (entry.subjectId !== null) words.add(entry.subjectId)
      requestIds.push(entry.requestId)
      count += 1
      return append(JSON.stringify(keptOf(entry)))
    },
    row: () => ({
      org_id: first.orgId,
      newest_id: newestId,
      oldest_id: oldestId,
      oldest_at: oldestAt,
      newest_at: newestAt,
      expires_at: expiresAt('strict', newestAt),
      entry_count: count,
      errors,
      warnings,
      unanswered,
      least_status: leastStatus,
      most_status: mostStatus,
      search_text: searchable(['', ...words, ...requestIds, '']),
      entries: closed(),
    }),
  }

  function append(text: string): number {
    const most = used + text.length * MOST_BYTES_A_CHARACTER + 2
    if (most > bytes.length) {
      const larger = Buffer.allocUnsafe(Math.max(most, bytes.length * 2))
      bytes.copy(larger, 0, 0, used)
      bytes = larger
    }
    bytes[used] = used === 0 ? OPENING : COMMA
    used += 1
    used += bytes.write(text, used)
    return text.length + 1
  }

  function closed(): string {
    bytes[used] = CLOSING
    const text = bytes.toString('utf8', 0, used + 1)
    if (bytes.length >= SPARE_BYTES.least && bytes.length <= SPARE_BYTES.most && spare.length < MOST_SPARE)
      spare.push(bytes)
    bytes = NONE
    return text
  }
}

/** What a block keeps of an entry, in this order; the rest follows from it and from being strict. */
const keptOf = (entry: CallFacts) =>
  [
    entry.id,
    entry.at,
    entry.plugin,
    entry.pluginVersion,
    entry.launchId,
    entry.action,
    entry.connector,
    entry.subjectId,
    entry.method,
    entry.pathTemplate,
    entry.status,
    entry.answeredBy,
    entry.code,
    entry.durationMs,
    entry.requestBytes,
    entry.responseBytes,
    entry.requestId,
    entry.runId,
  ] as const
type Kept = ReturnType<typeof keptOf>

/** The entries of a block, in the order they came in. */
export function entriesOf({ org_id, entries }: Pick<BlockRow, 'org_id' | 'entries'>): readonly CallEntry[] {
  return (JSON.parse(entries) as readonly Kept[]).map(kept => toEntry(org_id as OrgId, kept))
}

function toEntry(orgId: OrgId, kept: Kept): CallEntry {
  const [
    id,
    at,
    plugin,
    pluginVersion,
    launchId,
    action,
    connector,
    subjectId,
    method,
    pathTemplate,
    status,
    answeredBy,
    code,
    durationMs,
    requestBytes,
    responseBytes,
    requestId,
    runId,
  ] = kept
  return entryOf(
    redactStrictly({
      id,
      orgId,
      at,
      runId,
      plugin,
      pluginVersion,
      launchId,
      action,
      connector,
      subjectId,
      method,
      pathTemplate,
      status,
      answeredBy,
      code,
      durationMs,
      requestBytes,
      responseBytes,
      requestId,
    }),
  )
}
