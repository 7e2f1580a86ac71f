import type { CallId, OrgId } from '@behalf/contract'
import type { SelectQueryBuilder } from 'kysely'
import type { CallEntry } from '../domain/call-entry.ts'
import type { CallFilter } from '../ports/call-log.ts'
import { entriesOf, lastIdBeside } from './call-log-block.ts'
import { fits, mayHold } from './call-log-query.ts'
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
export function createReadBlocks(engine: Engine) {
  const blocks: BlockQuery = engine.build.selectFrom('call_log_blocks').select(['org_id', 'newest_id', 'entries'])

  return {
    /** The newest entries that fit, before one or of all; newest first, at most `limit`. */
    async newest(orgId: OrgId, filter: CallFilter, after: string | null, limit: number): Promise<readonly CallEntry[]> {
      if (filter.redaction !== undefined && filter.redaction !== 'strict') return []
      const asked = mayHold(blocks, filter).where('org_id', '=', orgId).orderBy('newest_id', 'desc')
      const found: CallEntry[] = []
      let [blocksRead, entriesRead] = [0, 0]
      const read = async (query: BlockQuery) => {
        const rows = await engine.readLong(query)
        blocksRead += rows.length
        for (const row of rows) {
          const all = entriesOf(row)
          entriesRead += all.length
          for (const entry of all) if ((after === null || entry.id < after) && fits(entry, filter)) found.push(entry)
        }
        return rows
      }
      if (after !== null) await read(around(mayHold(blocks, filter), orgId, after))
      let before = after
      // Few blocks first, since the newest fill most pages; then more, the more the fewer entries they hold.
      for (let size = 2; ; size = Math.min(size * 2, Math.ceil((ENTRIES_AT_ONCE * blocksRead) / entriesRead))) {
        const rows = await read((before === null ? asked : asked.where('newest_id', '<', before)).limit(size))
        const last = rows.at(-1)
        // What was not read yet is older than the newest entry of the block that was read last.
        const sure = last === undefined ? 0 : found.filter(({ id }) => id >= last.newest_id).length
        if (last === undefined || rows.length < size || sure >= limit) break
        before = last.newest_id
      }
      return found.sort((a, b) => (a.id < b.id ? 1 : -1)).slice(0, limit)
    },
    async byId(orgId: OrgId, id: CallId): Promise<CallEntry | undefined> {
      const rows = await engine.readLong(around(blocks, orgId, id))
      return rows.flatMap(entriesOf).find(entry => entry.id === id)
    },
  }
}

/** Blocks that begin at an id or before it, and do not end before it. */
const around = (query: BlockQuery, orgId: OrgId, id: string): BlockQuery =>
  query
    .where('org_id', '=', orgId)
    .where('oldest_id', '<=', id)
    .where('newest_id', '>=', id)
    .where('newest_id', '<=', lastIdBeside(id))
