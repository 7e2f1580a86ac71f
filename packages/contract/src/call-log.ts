import { z } from 'zod'
import { callId, launchId, subjectId } from './ids.ts'
import { redactionPolicy } from './launch.ts'
import { type Route, route } from './route.ts'
import { instant, name, page, pageQuery } from './wire.ts'

export const callLevel = z.enum(['info', 'warning', 'error'])

const header = z.object({ name: z.string(), value: z.string() })
const part = z.enum(['path', 'request_headers', 'request_body', 'response_headers', 'response_body'])

export const callLogEntry = z
  .object({
    id: callId,
    at: instant,
    /** Shared by the calls of one run of an action. */
    run_id: z.string().nullable(),
    plugin: name.nullable(),
    plugin_version: z.int().nullable(),
    launch_id: launchId.nullable(),
    action: z.string().nullable(),
    connector: name,
    subject: subjectId.nullable(),
    method: z.string(),
    /** What the manifest names of the path; never the path that was called. */
    path_template: z.string(),
    status: z.int().nullable(),
    answered_by: z.enum(['provider', 'behalf']),
    code: z.string().nullable(),
    level: callLevel,
    duration_ms: z.number(),
    request_bytes: z.int(),
    response_bytes: z.int(),
    request_id: z.string(),
    /** The policy under which the entry was written, and what that removed before it was. */
    redaction: redactionPolicy,
    removed: z.array(
      z.object({
        part,
        /** `content` where the policy keeps nothing of the part at all. */
        kind: z.enum(['content', 'secret', 'email', 'masked', 'name', 'not_json', 'binary', 'too_large', 'too_deep']),
        count: z.int(),
        /** Where first: JSON pointers into a body, names of headers and parameters. */
        paths: z.array(z.string()),
      }),
    ),
    /** Redacted; null under strict. */
    content: z
      .object({
        path: z.string(),
        request_headers: z.array(header),
        request_body: z.string().nullable(),
        response_headers: z.array(header),
        response_body: z.string().nullable(),
      })
      .nullable(),
    expires_at: instant,
  })
  .meta({ id: 'CallLogEntry' })

const filter = z.object({
  /** Entries from this instant on, and before that one. */
  from: instant.optional(),
  until: instant.optional(),
  plugin: name.optional(),
  plugin_version: z.coerce.number().int().min(1).max(1e9).optional(),
  connector: name.optional(),
  subject: subjectId.optional(),
  /** A status, or a class of them such as `5xx`; `none` where the provider gave no answer. */
  status: z
    .string()
    .regex(/^(?:[1-5]\d\d|[1-5]xx|none)$/)
    .optional(),
  run: z
    .string()
    .regex(/^run_[0-9a-z]{26}$/)
    .optional(),
  level: callLevel.optional(),
  redaction: redactionPolicy.optional(),
  /** Words that must all be found in what is kept. */
  q: z.string().max(200).optional(),
})

/** The call logs. */
export const CALL_LOG_ROUTES = {
  listCallLogs: route({
    method: 'get',
    path: '/call-logs',
    summary: 'List call log entries, newest first',
    allows: 'call-log.read',
    query: pageQuery.extend(filter.shape),
    answer: page(callLogEntry).extend({
      /** Entries that this node could not keep since it started. */
      dropped: z.int(),
      /**
       * For one page only so many entries are looked at: where that is why a page is short or empty, the instant to which it looked back.
       * `next_cursor` goes on from there. Null otherwise.
       */
      looked_back_to: instant.nullable(),
    }),
    status: 200,
    problems: ['invalid_cursor'],
  }),
  exportCallLogs: route({
    method: 'get',
    path: '/call-logs/export',
    summary: 'Export call log entries as NDJSON, newest first',
    allows: 'call-log.read',
    query: filter,
    stream: 'application/x-ndjson',
    status: 200,
    problems: [],
  }),
  readCallLog: route({
    method: 'get',
    path: '/call-logs/{id}',
    summary: 'Read a call log entry',
    allows: 'call-log.read',
    params: z.object({ id: callId }),
    answer: callLogEntry,
    status: 200,
    problems: ['not_found'],
  }),
} as const satisfies Record<string, Route>
