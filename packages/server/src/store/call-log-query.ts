import { type SelectQueryBuilder, sql } from 'kysely'
import type { CallFilter } from '../ports/call-log.ts'
import type { Tables } from './tables.ts'

type Query = SelectQueryBuilder<Tables, 'call_logs', Tables['call_logs']>

/** Narrows a query to what a filter asks for. */
export function filtered(query: Query, filter: CallFilter): Query {
  let narrowed = query
  const { from, until, status } = filter
  if (from !== undefined) narrowed = narrowed.where('at', '>=', from)
  if (until !== undefined) narrowed = narrowed.where('at', '<', until)
  for (const [column, value] of EXACT(filter)) if (value !== undefined) narrowed = narrowed.where(column, '=', value)
  if (status === 'none') narrowed = narrowed.where('status', 'is', null)
  else if (status !== undefined)
    narrowed = narrowed.where('status', '>=', status.least).where('status', '<=', status.most)
  for (const word of filter.words ?? []) narrowed = narrowed.where(holds(word.toLowerCase()))
  return narrowed
}

const EXACT = (filter: CallFilter) =>
  [
    ['plugin', filter.plugin],
    ['plugin_version', filter.pluginVersion],
    ['connector', filter.connector],
    ['subject_id', filter.subject],
    ['run_id', filter.runId],
    ['level', filter.level],
    ['redaction', filter.redaction],
  ] as const

const SEARCHED = ['plugin', 'connector', 'action', 'code', 'request_id', 'run_id'] as const

function holds(word: string) {
  const pattern = `%${word.replace(/[\\%_]/g, '\\$&')}%`
  const like = (column: string) => sql`COALESCE(LOWER(${sql.ref(column)}), '') LIKE ${pattern} ESCAPE '\\'`
  const text = sql`COALESCE(search_text, '') LIKE ${pattern} ESCAPE '\\'`
  const metadata = [...SEARCHED, 'method', 'path_template'].map(like)
  return sql<boolean>`(${sql.join([text, ...metadata], sql` OR `)})`
}
