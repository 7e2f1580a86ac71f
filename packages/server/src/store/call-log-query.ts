import { type RawBuilder, type SelectQueryBuilder, sql } from 'kysely'
import type { CallEntry, CallFacts } from '../domain/call-entry.ts'
import type { CallFilter } from '../ports/call-log.ts'
import type { Tables } from './tables.ts'

type Rows = SelectQueryBuilder<Tables, 'call_logs', Tables['call_logs']>
type Blocks<Output> = SelectQueryBuilder<Tables, 'call_log_blocks', Output>

/** Narrows a query to what a filter asks for. */
export function filtered(query: Rows, filter: CallFilter): Rows {
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

/** Narrows a query to blocks that may hold what a filter asks for: each entry is still to be judged by {@link fits}. */
export function mayHold<Output>(query: Blocks<Output>, filter: CallFilter): Blocks<Output> {
  let narrowed = query
  const { from, until, status, level } = filter
  if (from !== undefined) narrowed = narrowed.where('newest_at', '>=', from)
  if (until !== undefined) narrowed = narrowed.where('oldest_at', '<', until)
  if (level === 'error') narrowed = narrowed.where('errors', '>', 0)
  else if (level === 'warning') narrowed = narrowed.where('warnings', '>', 0)
  else if (level === 'info') narrowed = narrowed.where(sql<boolean>`entry_count > errors + warnings`)
  if (status === 'none') narrowed = narrowed.where('unanswered', '>', 0)
  else if (status !== undefined)
    narrowed = narrowed.where('least_status', '<=', status.most).where('most_status', '>=', status.least)
  for (const value of [filter.plugin, filter.connector, filter.subject, filter.runId])
    if (value !== undefined) narrowed = narrowed.where(like(sql.ref('search_text'), `\n${value.toLowerCase()}\n`))
  for (const word of filter.words ?? []) narrowed = narrowed.where(like(sql.ref('search_text'), word.toLowerCase()))
  return narrowed
}

/** Whether a strict entry is what a filter asks for. */
export function fits(entry: CallEntry, filter: CallFilter): boolean {
  const { from, until, status, words = [] } = filter
  if (from !== undefined && entry.at < from) return false
  if (until !== undefined && entry.at >= until) return false
  if (status === 'none' ? entry.status !== null : status !== undefined && !isWithin(entry.status, status)) return false
  for (const [value, asked] of [
    [entry.plugin, filter.plugin],
    [entry.pluginVersion, filter.pluginVersion],
    [entry.connector, filter.connector],
    [entry.subjectId, filter.subject],
    [entry.runId, filter.runId],
    [entry.level, filter.level],
    [entry.redaction, filter.redaction],
  ])
    if (asked !== undefined && value !== asked) return false
  if (words.length === 0) return true
  const texts = [...searchedOf(entry), entry.requestId].map(text => text?.toLowerCase() ?? '')
  return words.every(word => texts.some(text => text.includes(word.toLowerCase())))
}

/** Lines in which words are looked for: in lower case, since databases disagree about the case of anything but ASCII, and without NUL, which PostgreSQL keeps in no text. */
export const searchable = (lines: readonly string[]): string => lines.join('\n').toLowerCase().replaceAll('\0', '')

/** What is searched of an entry besides its request id, where it has no content. */
export const searchedOf = (entry: CallFacts): readonly (string | null)[] => [
  entry.plugin,
  entry.connector,
  entry.action,
  entry.code,
  entry.runId,
  entry.method,
  entry.pathTemplate,
]
const SEARCHED = ['plugin', 'connector', 'action', 'code', 'run_id', 'method', 'path_template', 'request_id'] as const

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

const isWithin = (status: number | null, { least, most }: { readonly least: number; readonly most: number }) =>
  status !== null && status >= least && status <= most

const holds = (word: string) => {
  const metadata = SEARCHED.map(column => like(sql`LOWER(${sql.ref(column)})`, word))
  return sql<boolean>`(${sql.join([like(sql.ref('search_text'), word), ...metadata], sql` OR `)})`
}

function like(value: RawBuilder<unknown>, text: string) {
  const pattern = `%${text.replace(/[\\%_]/g, '\\$&')}%`
  return sql<boolean>`COALESCE(${value}, '') LIKE ${pattern} ESCAPE '\\'`
}
