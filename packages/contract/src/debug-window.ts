import { z } from 'zod'
import { debugWindowId, subjectId } from './ids.ts'
import { type Route, route } from './route.ts'
import { instant, line, name, page, pageQuery } from './wire.ts'

/** How much is kept of the calls in a window. */
const windowRedaction = z.enum(['permissive', 'standard'])

export const debugWindowCreate = z
  .strictObject({
    plugin: name,
    subject: subjectId,
    /** The person reads it. */
    reason: line(300),
    minutes: z.int().min(1).max(60).default(30),
    redaction: windowRedaction.default('standard'),
  })
  .meta({ id: 'DebugWindowCreate' })

export const debugWindow = z
  .object({
    id: debugWindowId,
    plugin: name,
    subject: subjectId,
    asked_by: subjectId,
    reason: z.string(),
    minutes: z.int(),
    redaction: windowRedaction,
    /** `lapsed`: not answered within a day; `over`: its time is up; `ended`: by somebody, early. */
    state: z.enum(['asked', 'open', 'declined', 'lapsed', 'over', 'ended']),
    asked_at: instant,
    answered_at: instant.nullable(),
    ends_at: instant.nullable(),
    ended_at: instant.nullable(),
    ended_by: z.string().nullable(),
  })
  .meta({ id: 'DebugWindow' })

const byId = z.object({ id: debugWindowId })

/** Debug windows: looser logs of one person's calls, with that person's agreement, for a while. */
export const DEBUG_WINDOW_ROUTES = {
  listDebugWindows: route({
    method: 'get',
    path: '/debug-windows',
    summary: 'List debug windows, newest first',
    allows: 'debug-window.ask',
    own: true,
    query: pageQuery,
    answer: page(debugWindow),
    status: 200,
    problems: ['invalid_cursor'],
  }),
  createDebugWindow: route({
    method: 'post',
    path: '/debug-windows',
    summary: 'Ask a person for a debug window',
    allows: 'debug-window.ask',
    body: debugWindowCreate,
    answer: debugWindow,
    status: 201,
    problems: ['debug_windows_off', 'plugin_not_found', 'not_found', 'already_exists'],
  }),
  readDebugWindow: route({
    method: 'get',
    path: '/debug-windows/{id}',
    summary: 'Read a debug window',
    allows: 'debug-window.ask',
    own: true,
    params: byId,
    answer: debugWindow,
    status: 200,
    problems: ['not_found'],
  }),
  agreeToDebugWindow: route({
    method: 'post',
    path: '/debug-windows/{id}/agree',
    summary: 'Agree to a debug window one is asked for',
    allows: 'debug-window.ask',
    own: true,
    params: byId,
    answer: debugWindow,
    status: 200,
    problems: ['not_found', 'debug_windows_off', 'debug_window_over'],
  }),
  declineDebugWindow: route({
    method: 'post',
    path: '/debug-windows/{id}/decline',
    summary: 'Decline a debug window one is asked for',
    allows: 'debug-window.ask',
    own: true,
    params: byId,
    answer: debugWindow,
    status: 200,
    problems: ['not_found', 'debug_windows_off', 'debug_window_over'],
  }),
  endDebugWindow: route({
    method: 'delete',
    path: '/debug-windows/{id}',
    summary: 'End a debug window early, or take the question back',
    allows: 'debug-window.ask',
    own: true,
    params: byId,
    answer: debugWindow,
    status: 200,
    problems: ['not_found', 'debug_window_over'],
  }),
} as const satisfies Record<string, Route>
