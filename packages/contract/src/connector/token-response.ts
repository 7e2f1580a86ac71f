import { z } from 'zod'
import { documented } from './documented.ts'
import { conditions } from './parts.ts'
import { pointer } from './template.ts'

/** Names of tokens besides the access and the refresh token. */
const extraTokenName = z
  .string()
  .regex(/^[a-z][a-z0-9_]{0,39}$/)
  .refine(name => !['access_token', 'refresh_token', 'id_token', 'token', 'both', 'none'].includes(name), 'reserved')

/** How an answer of the token endpoint is read (RFC 6749 5). */
export const tokenResponse = z.strictObject({
  format: documented(
    z.enum(['json', 'form', 'text']).default('json'),
    'Format',
    'JSON, form-encoded, or text that is the access token itself.',
    'json',
  ),
  data: documented(
    pointer.default(''),
    'Data at',
    'Where the answer is wrapped: other pointers of tokens, scope and expiry are relative to it; those of success and errors are not.',
    '/data',
  ),
  access_token: documented(
    pointer.default('/access_token'),
    'Access token at',
    'JSON pointer.',
    '/authed_user/access_token',
  ),
  refresh_token: documented(
    pointer.default('/refresh_token'),
    'Refresh token at',
    'JSON pointer.',
    '/data/refresh_token',
  ),
  id_token: documented(pointer.default('/id_token'), 'ID token at', 'JSON pointer.', '/id_token'),
  token_type: documented(pointer.default('/token_type'), 'Token type at', 'JSON pointer.', '/authed_user/token_type'),
  scope: documented(pointer.default('/scope'), 'Granted scope at', 'JSON pointer.', '/authed_user/scope'),
  scope_separator: documented(
    z.string().min(1).max(3).optional(),
    'Separator of the granted scope',
    'Where it is not that of the request.',
    ',',
  ),
  extra_tokens: documented(
    z
      .record(extraTokenName, pointer)
      .refine(all => Object.keys(all).length <= 5, 'at most 5 tokens')
      .default({}),
    'Further tokens',
    'Kept under a name: sealed, revocable, and injected where a call names them.',
    { bot: '/access_token' },
  ),
  expires: documented(
    z
      .strictObject({
        at: documented(pointer.default('/expires_in'), 'Expiry at', 'JSON pointer.', '/expires_at'),
        unit: documented(
          z.enum(['seconds', 'milliseconds', 'epoch_seconds', 'epoch_milliseconds', 'iso']).default('seconds'),
          'Unit',
          'A span from now in seconds or milliseconds, or an instant.',
          'epoch_seconds',
        ),
        from: documented(
          z.enum(['answer', 'jwt', 'introspection']).default('answer'),
          'Told by',
          'The answer, the `exp` of an access token that is a JWT, or the introspection endpoint (RFC 7662).',
          'introspection',
        ),
        default_s: documented(
          z.int().min(1).max(315_360_000).optional(),
          'By default',
          'Seconds, where nobody tells.',
          7200,
        ),
        max_s: documented(
          z.int().min(1).max(315_360_000).optional(),
          'At most',
          'Seconds; longer lives are cut.',
          86_400,
        ),
        zero_is_never: documented(
          z.boolean().default(true),
          'Zero means never',
          'Whether 0 says that a token does not end.',
          true,
        ),
      })
      .prefault({}),
    'Expiry of the access token',
    'When the access token ends.',
  ),
  refresh_expires: documented(
    z
      .strictObject({
        at: documented(pointer, 'At', 'JSON pointer.', '/refresh_token_expires_in'),
        unit: documented(
          z.enum(['seconds', 'milliseconds', 'epoch_seconds', 'epoch_milliseconds', 'iso']).default('seconds'),
          'Unit',
          'A length of time, or an instant.',
          'epoch_seconds',
        ),
      })
      .optional(),
    'Expiry of the refresh token',
    'Where the answer tells it.',
    { at: '/refresh_token_expires_in', unit: 'seconds' },
  ),
  success: documented(
    conditions.default([]),
    'Success',
    'What holds of every success; anything else is an error, whatever its status.',
    [{ pointer: '/ok', equals: [true] }],
  ),
  error: documented(pointer.default('/error'), 'Error at', 'JSON pointer to the error code.', '/errcode'),
  error_description: documented(
    pointer.default('/error_description'),
    'Error description at',
    'JSON pointer.',
    '/message',
  ),
  error_classes: documented(
    z
      .record(z.string().max(100), z.enum(['grant_gone', 'client_rejected', 'unavailable']))
      .refine(all => Object.keys(all).length <= 50, 'at most 50 codes')
      .default({}),
    'Error classes',
    "What a provider's own error codes mean: the grant is gone, the connector is refused, or it may pass.",
    { token_revoked: 'grant_gone' },
  ),
})
export type TokenResponse = z.infer<typeof tokenResponse>
