import { z } from 'zod'
import { documented } from './documented.ts'
import { conditions, credentialHeaderName, fields, headers } from './parts.ts'
import { RESERVED_REVOCATION_FIELDS } from './reserved.ts'
import { headerTemplate, urlTemplate } from './template.ts'

const method = documented(
  z.enum(['POST', 'DELETE', 'GET', 'PUT', 'PATCH']).default('POST'),
  'Method',
  'HTTP method.',
  'DELETE',
)
const tokenKey = documented(
  z
    .string()
    .regex(/^[A-Za-z0-9_.-]{1,100}$/)
    .default('token'),
  'Token key',
  'The field, parameter or header that carries the token.',
  'access_token',
)
const data = documented(
  fields(RESERVED_REVOCATION_FIELDS).default({}),
  'Additional data',
  'Further fields; may name variables and {client_id}.',
  { revoke_only_access_token: 'true' },
)
const AUTHENTICATION = [
  'as_token_endpoint',
  'request_body',
  'client_id',
  'basic',
  'basic_raw',
  'bearer',
  'bearer_access_token',
  'header',
  'none',
] as const

/** The short form: one request per token, refresh token first (RFC 7009 2.1). */
const revoke = z.strictObject({
  authentication: documented(
    z.enum(['as_token_endpoint', 'request_body', 'basic', 'bearer', 'none']).default('as_token_endpoint'),
    'Authentication',
    'How the revocation request authenticates.',
    'basic',
  ),
  token_key: tokenKey,
  method,
  headers: documented(headers.default({}), 'Headers', 'Sent along.', {}),
  data,
})

/** What ends with a step: the token alone, the whole grant, or the app for everyone it serves there. */
const revocationEffect = z.enum(['token', 'grant', 'application'])

const revocationStep = z.strictObject({
  token: documented(
    z
      .string()
      .regex(/^[a-z][a-z0-9_]{0,39}$/)
      .default('both'),
    'Token',
    'refresh_token, access_token, both (each with its own outcome), none, or the name of a further token.',
    'refresh_token',
  ),
  url: documented(
    urlTemplate(),
    'URL',
    'May name variables, {client_id}, and {token} in the path.',
    'https://api.example.com/oauth/tokens/{token}',
  ),
  method,
  authentication: documented(
    z.enum(AUTHENTICATION).default('as_token_endpoint'),
    'Authentication',
    'As at the token endpoint, in the body, by client id alone, Basic, the token itself as Bearer, the access token as Bearer, a header, or none.',
    'basic',
  ),
  authentication_header: documented(
    z.strictObject({ name: credentialHeaderName.default('Authorization'), value: headerTemplate }).optional(),
    'Authentication header',
    'For header: may name {client_id}, {client_secret} and {basic_credentials}.',
    { name: 'Authorization', value: 'Client {client_secret}' },
  ),
  position: documented(
    z.enum(['form', 'json', 'query', 'path', 'header', 'none']).optional(),
    'Where the token goes',
    'By default the form where the method has a body, else the query.',
    'json',
  ),
  body: documented(
    z.enum(['form', 'json', 'none']).optional(),
    'Body',
    'What carries further data where the token goes elsewhere.',
    'json',
  ),
  token_key: tokenKey,
  token_value: documented(
    headerTemplate.default('{token}'),
    'Token value',
    'For a header: the pattern around {token}.',
    'Bearer {token}',
  ),
  token_type_hint: documented(
    z.boolean().default(false),
    'Token type hint',
    'Whether token_type_hint is sent (RFC 7009 2.1).',
    true,
  ),
  headers: documented(headers.default({}), 'Headers', 'Sent along.', { 'User-Agent': 'acme/1.0' }),
  data,
  success: documented(
    conditions.default([]),
    'Success',
    'What holds of every success; by default a status of 2xx without an error.',
    [{ pointer: '/ok', equals: [true] }],
  ),
  already_gone: documented(
    conditions.default([]),
    'Already gone',
    'What says that the token was dead before; besides the errors of RFC 7009, and 404 and 410 where the token is not posted in a form.',
    [{ status: [400] }],
  ),
  needs_fresh_access_token: documented(
    z.boolean().default(false),
    'Needs a fresh access token',
    'Whether the access token is renewed first where it has ended.',
    true,
  ),
  effect: documented(
    revocationEffect.default('token'),
    'Effect',
    'What ends: the token, the whole grant, or the app for everyone. The person is warned of the latter.',
    'application',
  ),
  retry: documented(
    z
      .strictObject({
        attempts: documented(z.int().min(1).max(100).optional(), 'Attempts', 'How often it is tried at most.', 5),
        for_s: documented(
          z.int().min(60).max(259_200).optional(),
          'For',
          'Seconds after the disconnect in which it is tried again; by default three days.',
          86_400,
        ),
        first_delay_s: documented(
          z.int().min(1).max(3_600).optional(),
          'First pause',
          'Seconds before the second attempt; later pauses double up to an hour.',
          30,
        ),
      })
      .prefault({}),
    'Retry',
    'How a failed attempt is repeated.',
  ),
  best_effort: documented(
    z.boolean().default(false),
    'Best effort',
    'Whether a failure of this step is no failure of the disconnect.',
    false,
  ),
})

export const revocationFields = {
  revoke: documented(revoke.optional(), 'Revoke access token options', 'The short form, with revoke_url.'),
  revocation: documented(
    z
      .strictObject({
        steps: documented(z.array(revocationStep).max(6).default([]), 'Steps', 'Run in this order.', [
          { url: 'https://login.example.com/revoke', token: 'refresh_token' },
        ]),
        unsupported: documented(
          z.boolean().default(false),
          'Unsupported',
          'The provider offers no revocation: people are told where to remove access (instructions_url).',
          false,
        ),
      })
      .optional(),
    'Revocation',
    'How a grant is ended at the provider; instead of revoke_url.',
  ),
}
export type RevocationStep = z.infer<typeof revocationStep>
