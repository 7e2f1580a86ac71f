import type { OrgId } from '@behalf/contract'
import type { CallEntry } from '../domain/call-entry.ts'
import type { CallFilter } from '../ports/call-log.ts'
import { filtered } from './call-log-query.ts'
import { toEntry } from './call-log-row.ts'
import { type Looked, narrows, type Span, type Window } from './call-log-window.ts'
import type { Engine } from './engine.ts'

/** Reads entries that are rows of their own. */
export function createReadRows(engine: Engine, window: Window) {
  const entries = engine.build.selectFrom('call_logs')

  return async function newest(
    orgId: OrgId,
    filter: CallFilter,
    { least, before }: Span,
    limit: number,
  ): Promise<Looked<CallEntry>> {
    let span = entries.where('org_id', '=', orgId).orderBy('call_id', 'desc')
    if (least !== null) span = span.where('call_id', '>=', least)
    if (before !== null) span = span.where('call_id', '<', before)
    const [last] = narrows(filter)
      ? await engine.readLong(
          span
            .select('call_id')
            .limit(1)
            .offset(window.rows - 1),
        )
      : []
    const floor = last?.call_id ?? null
    if (floor !== null) span = span.where('call_id', '>=', floor)
    const rows = await engine.readLong(filtered(span.selectAll(), filter).limit(limit))
    return { found: rows.map(toEntry), floor }
  }
}
