import { type CallId, type LaunchId, type OrgId, redactionPolicy, type SubjectId } from '@behalf/contract'
import { z } from 'zod'
import { type CallEntry, expiresAt, levelOf } from '../domain/call-entry.ts'
import type { Removal } from '../domain/redaction/removals.ts'
import { searchable } from './call-log-query.ts'
import type { Tables } from './tables.ts'

type Row = Tables['call_logs']

const headers = z.array(z.tuple([z.string(), z.string()]))
const content = z.object({
  path: z.string(),
  requestHeaders: headers,
  requestBody: z.string().nullable(),
  responseHeaders: headers,
  responseBody: z.string().nullable(),
})
const removed = z.array(
  z.object({ part: z.string(), kind: z.string(), count: z.int(), paths: z.array(z.string()) }),
) as unknown as z.ZodType<readonly Removal[]>

export const toEntry = (row: Row): CallEntry => ({
  id: row.call_id as CallId,
  orgId: row.org_id as OrgId,
  at: row.at,
  runId: row.run_id,
  plugin: row.plugin,
  pluginVersion: row.plugin_version,
  launchId: row.launch_id as LaunchId | null,
  action: row.action,
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
  level: (row.level as CallEntry['level'] | null) ?? levelOf(row),
  redaction: redactionPolicy.parse(row.redaction),
  content: row.content === null ? null : content.parse(JSON.parse(row.content)),
  removed: row.removed === null ? [] : removed.parse(JSON.parse(row.removed)),
  expiresAt: row.expires_at ?? expiresAt('strict', row.at),
})

export const CALL_LOG_COLUMNS = [
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
  'run_id',
  'plugin_version',
  'launch_id',
  'action',
  'level',
  'redaction',
  'content',
  'removed',
  'search_text',
  'expires_at',
] as const satisfies readonly (keyof Row)[]

/** The row of an entry with content. */
export const toRow = (entry: CallEntry): Row => ({
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
  run_id: entry.runId,
  plugin_version: entry.pluginVersion,
  launch_id: entry.launchId,
  action: entry.action,
  level: entry.level,
  redaction: entry.redaction,
  content: entry.content && JSON.stringify(entry.content),
  removed: JSON.stringify(entry.removed),
  search_text: searchText(entry),
  expires_at: entry.expiresAt,
})

function searchText({ content: kept }: CallEntry): string | null {
  if (kept === null) return null
  const lines = [...kept.requestHeaders, ...kept.responseHeaders].map(([name, value]) => `${name}: ${value}`)
  return searchable([kept.path, ...lines, kept.requestBody ?? '', kept.responseBody ?? ''])
}
