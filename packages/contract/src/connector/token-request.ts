import { z } from 'zod'
import { documented } from './documented.ts'
import { fields, headers, parameterName } from './parts.ts'
import { RESERVED_TOKEN_FIELDS } from './reserved.ts'
import { urlTemplate } from './template.ts'

const STANDARD_FIELDS = [
  'client_id',
  'client_secret',
  'code',
  'code_verifier',
  'grant_type',
  'redirect_uri',
  'refresh_token',
] as const

const requestFields = {
  method: documented(z.enum(['POST', 'GET', 'PUT']).default('POST'), 'Method', 'HTTP method.', 'POST'),
  format: documented(
    z.enum(['form', 'json', 'query']).default('form'),
    'Format',
    'Where the fields go. In the query the code and the secret stand in a URL, which some providers want.',
    'json',
  ),
  headers: documented(headers.default({}), 'Headers', 'Sent along; may name variables.', {
    'Notion-Version': '2022-06-28',
  }),
  data: documented(
    fields(RESERVED_TOKEN_FIELDS).default({}),
    'Additional data',
    'Further fields, also computed ones.',
    { expires_in: '7200' },
  ),
  query: documented(
    fields(RESERVED_TOKEN_FIELDS).default({}),
    'Query',
    'Fields in the query whatever the format; never secrets.',
    { action: 'requesttoken' },
  ),
  rename: documented(
    z.partialRecord(z.enum(STANDARD_FIELDS), parameterName).default({}),
    'Renamed fields',
    'Standard fields under another name.',
    { client_id: 'client_key' },
  ),
  drop: documented(
    z.array(z.enum(STANDARD_FIELDS)).max(7).default([]),
    'Dropped fields',
    'Standard fields that the provider refuses.',
    ['grant_type'],
  ),
}

/** A field of the refresh request: where it is not given, that of the token request holds. */
function asAtExchange<Inner extends z.ZodType>(field: z.ZodDefault<Inner>): z.ZodOptional<Inner> {
  const { title = '', description = '', examples = [] } = field.meta() ?? {}
  return documented(
    field.unwrap().optional(),
    title,
    `${description} By default as at the exchange.`,
    ...(examples as unknown[]),
  )
}

/** Another request to the token endpoint or one beside it, made of templates alone. */
const furtherRequest = z.strictObject({
  url: documented(
    urlTemplate().optional(),
    'URL',
    'By default the token endpoint.',
    'https://graph.example.com/oauth/access_token',
  ),
  method: requestFields.method,
  format: requestFields.format,
  headers: requestFields.headers,
  data: documented(
    fields(new Set()).default({}),
    'Data',
    'All fields; may name {access_token}, {client_id}, {client_secret}.',
    {
      grant_type: 'fb_exchange_token',
      client_id: '{client_id}',
      client_secret: '{client_secret}',
      fb_exchange_token: '{access_token}',
    },
  ),
  bearer: documented(
    z.boolean().default(false),
    'Bearer',
    'Whether the access token authenticates the request.',
    false,
  ),
})

export const tokenRequestFields = {
  token_request: documented(
    z
      .strictObject({
        ...requestFields,
        grant_type: documented(
          z
            .string()
            .regex(/^[\x21-\x7E]{1,200}$/)
            .optional(),
          'Custom grant type',
          'Replaces authorization_code on the exchange; never leaks into refresh.',
          'authorization_code',
        ),
      })
      .prefault({}),
    'Token request',
    'How the code is exchanged (RFC 6749 4.1.3).',
  ),
  second_exchange: documented(
    furtherRequest.optional(),
    'Second exchange',
    'A request right after the exchange that turns its access token into a long-lived one.',
  ),
  refresh_request: documented(
    z
      .strictObject({
        method: asAtExchange(requestFields.method),
        format: asAtExchange(requestFields.format),
        headers: asAtExchange(requestFields.headers),
        data: asAtExchange(requestFields.data),
        query: asAtExchange(requestFields.query),
        rename: asAtExchange(requestFields.rename),
        drop: asAtExchange(requestFields.drop),
        grant_type: documented(
          z
            .string()
            .regex(/^[\x21-\x7E]{1,200}$/)
            .optional(),
          'Custom grant type',
          'Replaces refresh_token.',
          'refresh_token',
        ),
        send_scope: documented(
          z.boolean().default(false),
          'Send the scope',
          'Whether the granted scope is named again (RFC 6749 6).',
          false,
        ),
      })
      .prefault({}),
    'Refresh request',
    'Where a refresh differs from the exchange: method, format, headers, rename and drop are taken over from the token request; data and query are not.',
  ),
  refresh: documented(
    z
      .strictObject({
        strategy: documented(
          z.enum(['refresh_token', 'exchange_access_token', 'reauthorize', 'none']).default('refresh_token'),
          'Renewal',
          'By refresh token, by exchanging the access token while it lives, by asking the person again before it ends, or never.',
          'refresh_token',
        ),
        exchange: documented(furtherRequest.optional(), 'Exchange request', 'For exchange_access_token.'),
        margin_s: documented(
          z.int().min(0).max(604_800).optional(),
          'Margin',
          'Seconds before its end at which a token is renewed; by default 60, or a tenth of its life.',
          60,
        ),
        timeout_s: documented(
          z.int().min(2).max(20).default(20),
          'Timeout',
          'Seconds the token endpoint may take.',
          20,
        ),
        rotation: documented(
          z.enum(['unknown', 'rotates', 'kept']).default('unknown'),
          'Rotation',
          'Whether a refresh spends its refresh token. Rotates: an answer without a new one ends renewal. Kept: an attempt of unknown outcome is repeated at once.',
          'rotates',
        ),
        reuse_grace_s: documented(
          z.int().min(1).max(3_600).optional(),
          'Grace',
          'Seconds for which a spent refresh token is still taken: an attempt of unknown outcome is repeated within them.',
          30,
        ),
        idle_s: documented(
          z.int().min(60).max(315_360_000).optional(),
          'Idle life of a refresh token',
          'Seconds after which an unused refresh token lapses; it is kept alive before.',
          15_552_000,
        ),
        absolute_s: documented(
          z.int().min(60).max(315_360_000).optional(),
          'Absolute life of a refresh token',
          'Seconds from consent after which the person must consent again; foretold on the connection.',
          31_536_000,
        ),
      })
      .prefault({}),
    'Renewal',
    'How a token is kept fresh.',
  ),
}
