import type * as wire from '@behalf/contract'
import type { z } from 'zod'
import type { CallEntry } from '../domain/call-entry.ts'
import type { HeaderPair } from '../domain/gateway-headers.ts'
import { instant } from './views.ts'

type View<Schema extends z.ZodType> = z.infer<Schema>
type EntryView = View<typeof wire.callLogEntry>

const headers = (pairs: readonly HeaderPair[]) => pairs.map(([name, value]) => ({ name, value }))
const PARTS = ['path', 'request_headers', 'request_body', 'response_headers', 'response_body'] as const

/** What strict removed is the same of every call: all of its content. */
const ALL_CONTENT: EntryView['removed'] = PARTS.map(part => ({ part, kind: 'content', count: 1, paths: [] }))

export const viewCallEntry = (entry: CallEntry): EntryView => ({
  id: entry.id,
  at: instant(entry.at),
  run_id: entry.runId,
  plugin: entry.plugin,
  plugin_version: entry.pluginVersion,
  launch_id: entry.launchId,
  action: entry.action,
  connector: entry.connector,
  subject: entry.subjectId,
  method: entry.method,
  path_template: entry.pathTemplate,
  status: entry.status,
  answered_by: entry.answeredBy,
  code: entry.code,
  level: entry.level,
  duration_ms: entry.durationMs,
  request_bytes: entry.requestBytes,
  response_bytes: entry.responseBytes,
  request_id: entry.requestId,
  redaction: entry.redaction,
  removed:
    entry.content === null ? ALL_CONTENT : entry.removed.map(removal => ({ ...removal, paths: [...removal.paths] })),
  content: entry.content && {
    path: entry.content.path,
    request_headers: headers(entry.content.requestHeaders),
    request_body: entry.content.requestBody,
    response_headers: headers(entry.content.responseHeaders),
    response_body: entry.content.responseBody,
  },
  expires_at: instant(entry.expiresAt),
})
