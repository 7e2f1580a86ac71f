import { z } from 'zod'

/** Every problem code with its HTTP status and title (RFC 9457). Codes are only ever added. */
export const PROBLEMS = {
  invalid_request: [400, 'The request is not valid.'],
  invalid_cursor: [400, 'The cursor is not one this list gave out.'],
  unauthenticated: [401, 'Sign in, or send a valid key.'],
  session_expired: [401, 'The session has ended. Sign in again.'],
  subject_token_invalid: [401, 'The token that names the person was not accepted.'],
  forbidden: [403, 'This principal may not do that.'],
  csrf_rejected: [403, 'The request did not come from one of our own pages.'],
  scope_insufficient: [403, 'The connection was granted fewer rights than this call needs.'],
  target_not_allowed: [403, 'The call leaves what the connector was granted for.'],
  not_in_launch_audience: [403, 'The plugin is not launched to this person.'],
  subject_not_allowed: [403, 'The plugin may not speak for this person.'],
  subject_suspended: [403, 'This person is suspended.'],
  debug_windows_off: [403, 'Debug windows are switched off in this organization.'],
  release_not_allowed: [403, 'Token release is not enabled for this plugin and connector.'],
  wrong_person: [403, 'This was meant for somebody else.'],
  wrong_browser: [403, 'This was begun in another browser.'],
  not_found: [404, 'There is nothing here.'],
  connector_not_found: [404, 'No such connector.'],
  connection_not_found: [404, 'No such connection.'],
  plugin_not_found: [404, 'No such plugin.'],
  action_not_found: [404, 'The plugin has no such action.'],
  method_not_allowed: [405, 'This method is not available here.'],
  connection_required: [409, 'The person has to connect this system first.'],
  reconnect_required: [409, 'The person must reconnect this system.'],
  version_conflict: [409, 'It was changed meanwhile. Read it again.'],
  already_exists: [409, 'The name is taken, or was taken once.'],
  subject_ambiguous: [409, 'The e-mail does not name exactly one person.'],
  plugin_not_launched: [409, 'The plugin is not launched to anybody.'],
  connector_not_approved: [409, 'The connector is not approved for other people yet.'],
  last_admin: [409, 'An organization keeps at least one admin.'],
  sso_not_tried: [409, 'Nobody has signed in by these settings yet.'],
  debug_window_over: [409, 'The debug window was answered before, or is over.'],
  idempotency_conflict: [409, 'The Idempotency-Key was used for another request.'],
  authorization_request_used: [410, 'This sign-in at the provider was used, or is too old.'],
  link_expired: [410, 'The link has expired or was used.'],
  body_too_large: [413, 'The body is too large.'],
  unsupported_media_type: [415, 'The content type is not supported.'],
  connector_misconfigured: [422, 'The provider does not accept the connector as it is configured.'],
  version_required: [428, 'Send If-Match with the version you read.'],
  rate_limited: [429, 'Too many requests. Try again later.'],
  internal: [500, 'Something broke on our side.'],
  provider_invalid_response: [502, 'The provider answered something unusable.'],
  outbound_refused: [502, 'The address is not one that may be called.'],
  vault_unavailable: [503, 'Keys are not available.'],
  store_unavailable: [503, 'The database is not available.'],
  provider_unavailable: [503, 'The provider is not available.'],
  shutting_down: [503, 'This node is shutting down.'],
  provider_timeout: [504, 'The provider did not answer in time.'],
} as const satisfies Record<string, readonly [status: number, title: string]>

export type ProblemCode = keyof typeof PROBLEMS

/** A fault in a request: a JSON pointer (RFC 6901) and the reason. */
export const fault = z.strictObject({ pointer: z.string(), reason: z.string() })
export type Fault = z.infer<typeof fault>

/** An error as sent (RFC 9457): `application/problem+json`. */
export const problem = z
  .object({
    type: z.string(),
    title: z.string(),
    status: z.int(),
    code: z.string(),
    detail: z.string().optional(),
    request_id: z.string(),
    errors: z.array(fault).optional(),
    connection_id: z.string().optional(),
    connect_url: z.string().optional(),
    /** Of a run: every connection that is missing, has ended, or was granted too little; `connect_url` covers them all. */
    missing: z
      .array(
        z.object({ connector: z.string(), display_name: z.string(), code: z.string(), scope: z.array(z.string()) }),
      )
      .optional(),
  })
  .meta({ id: 'Problem' })
export type Problem = z.infer<typeof problem>
