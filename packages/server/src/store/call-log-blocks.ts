import type { CallId, OrgId } from '@behalf/contract'
import type { SelectQueryBuilder } from 'kysely'
import type { CallEntry } from '../domain/call-entry.ts'
import type { CallFilter } from '../ports/call-log.ts'
import { entriesOf, lastIdBeside } from './call-log-block.ts'
import { fits, mayHold } from './call-log-query.ts'
import { type Looked, narrows, type Span, type Window } from './call-log-window.ts'
import type { Engine } from './engine.ts'
import type { Tables } from './tables.ts'

/** Entries that are looked at before the next request has its turn, about. */
const ENTRIES_AT_ONCE = 4_096

type BlockQuery = SelectQueryBuilder<
  Tables,
  'call_log_blocks',
  Pick<Tables['call_log_blocks'], 'org_id' | 'newest_id' | 'entries'>
>

/** Reads entries out of blocks, whose spans overlap where several nodes wrote at once. */
export function createReadBlocks(engine: Engine, window: Window) {
  const blocks: BlockQuery = engine.build.selectFrom('call_log_blocks').select(['org_id', 'newest_id', 'entries'])

  return {
    /** The newest entries that fit, in any order, and some below the floor: at least `limit` above it where the window holds so many. */
    async newest(orgId: OrgId, filter: CallFilter, span: Span, limit: number): Promise<Looked<CallEntry>> {
      if (filter.redaction !== undefined && filter.redaction !== 'strict') return { found: [], floor: null }
      const { least, before } = span
      const within = mayHold(blocks, filter).where('org_id', '=', orgId).orderBy('newest_id', 'desc')
      const edge = narrows(filter) ? await edgeOf(orgId, span) : null
      const bottom = edge ?? least
      const asked = bottom === null ? within : within.where('newest_id', '>=', bottom)
      const found: CallEntry[] = []
      let [blocksRead, entriesRead] = [0, 0]
      const read = async (query: BlockQuery) => {
        const rows = await engine.readLong(query)
        blocksRead += rows.length
        for (const row of rows) {
          const all = entriesOf(row)
          entriesRead += all.length
          for (const entry of all) if ((before === null || entry.id < before) && fits(entry, filter)) found.push(entry)
        }
        return rows
      }
      if (before !== null) await read(around(mayHold(blocks, filter), orgId, before))
      let floor = edge
      let next = before
      // Few blocks first, since the newest fill most pages; then more, the more the fewer entries they hold.
      for (let size = 2; ; size = Math.min(size * 2, Math.ceil((ENTRIES_AT_ONCE * blocksRead) / entriesRead))) {
        const rows = await read((next === null ? asked : asked.where('newest_id', '<', next)).limit(size))
        const last = rows.at(-1)
        if (last === undefined || rows.length < size) break
        // What was not read yet is older than the newest entry of the block that was read last.
        next = last.newest_id
        if (entriesRead < window.entries && found.filter(({ id }) => id >= last.newest_id).length < limit) continue
        floor = next
        break
      }
      return { found, floor }
    },
    async byId(orgId: OrgId, id: CallId): Promise<CallEntry | undefined> {
      const rows = await engine.readLong(around(blocks, orgId, id))
      return rows.flatMap(entriesOf).find(entry => entry.id === id)
    },
  }

  /** The last block of a window that begins where the span does; null where the span has fewer. */
  async function edgeOf(orgId: OrgId, { least, before }: Span): Promise<string | null> {
    let query = engine.build.selectFrom('call_log_blocks').select('newest_id').where('org_id', '=', orgId)
    if (least !== null) query = query.where('newest_id', '>=', least)
    if (before !== null) query = query.where('newest_id', '<', before)
    const [last] = await engine.readLong(
      query
        .orderBy('newest_id', 'desc')
        .limit(1)
        .offset(window.rows - 1),
    )
    return last?.newest_id ?? null
  }
}

/** Blocks that begin at an id or before it, and do not end before it. */
const around = (query: BlockQuery, orgId: OrgId, id: string): BlockQuery =>
  query
    .where('org_id', '=', orgId)
    .where('oldest_id', '<=', id)
    .where('newest_id', '>=', id)
    .where('newest_id', '<=', lastIdBeside(id))
