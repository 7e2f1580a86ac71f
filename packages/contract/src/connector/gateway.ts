import { z } from 'zod'
import { documented } from './documented.ts'
import { conditions, credentialHeaderName, headers } from './parts.ts'
import { pointer, urlTemplate } from './template.ts'

const METHODS = ['GET', 'HEAD', 'OPTIONS', 'POST', 'PUT', 'PATCH', 'DELETE'] as const
const path = z
  .string()
  .max(500)
  .regex(/^(?:[A-Za-z0-9\-._~!$&'()*+,;=:@/]|%[0-9A-Fa-f]{2})*$/, 'a path without the slash in front')
  .refine(text => !text.startsWith('/'), 'a path without the slash in front')

/** How the access token enters a gateway call: a header by pattern, or a query parameter. */
export const injection = z.union([
  z.strictObject({
    header: documented(
      credentialHeaderName.default('Authorization'),
      'Header Auth Key',
      'The header that carries the token.',
      'X-Shopify-Access-Token',
    ),
    value: documented(
      z
        .string()
        .regex(/^[\x20-\x7E]{0,100}%s[\x20-\x7E]{0,100}$/, 'must hold %s once')
        .refine(v => v.split('%s').length === 2, 'must hold %s once')
        .default('Bearer %s'),
      'Header Auth Value Pattern',
      'The token stands for %s.',
      'Bearer %s',
    ),
  }),
  z.strictObject({
    query: documented(
      z.string().regex(/^[A-Za-z0-9_.-]{1,100}$/),
      'Query parameter',
      'The token in the URL, for providers that take it nowhere else.',
      'access_token',
    ),
  }),
])

const rule = z.strictObject({
  methods: documented(z.array(z.enum(METHODS)).min(1).max(7).optional(), 'Methods', 'By default all.', ['GET']),
  path_prefix: documented(path.default(''), 'Path', 'What the path under the base URL begins with.', 'v2/contacts'),
})

/** What a gateway call of a connector looks like. */
export const gateway = z.strictObject({
  base_urls: documented(
    z
      .record(
        z.string().regex(/^[a-z][a-z0-9-]{0,39}$/, 'lower-case letters, digits and hyphens'),
        urlTemplate('refused'),
      )
      .refine(all => Object.keys(all).length <= 10, 'at most 10')
      .default({}),
    'Further base URLs',
    'Other hosts of the same API, each under a name that a call gives in `Behalf-Base`.',
    { upload: 'https://upload.example.com/v2' },
  ),
  headers: documented(
    headers.default({}),
    'Default headers',
    'Sent where the caller sends none of the name; may name variables.',
    { 'Notion-Version': '2022-06-28' },
  ),
  rate_limit: documented(
    z
      .strictObject({
        status: documented(
          z.array(z.int().min(400).max(599)).min(1).max(5).default([429]),
          'Status',
          'What says that there were too many calls.',
          [429],
        ),
        limit: documented(
          z.string().max(100).optional(),
          'Limit header',
          'How many calls there are.',
          'x-ratelimit-limit',
        ),
        remaining: documented(
          z.string().max(100).optional(),
          'Remaining header',
          'How many calls are left.',
          'x-ratelimit-remaining',
        ),
        reset: documented(
          z.string().max(100).optional(),
          'Reset header',
          'When there are more again.',
          'x-ratelimit-reset',
        ),
        reset_unit: documented(
          z.enum(['seconds', 'milliseconds', 'epoch_seconds', 'epoch_milliseconds', 'iso']).default('seconds'),
          'Reset unit',
          'A span from now, or an instant.',
          'epoch_seconds',
        ),
        body: documented(
          z
            .strictObject({
              when: documented(
                conditions.min(1),
                'When',
                'What holds of a JSON answer that tells it in its body; the status may be any.',
                [{ status: [403], pointer: '/error/code', equals: ['rate_limited'] }],
              ),
              retry_after: documented(pointer.optional(), 'Retry after at', 'JSON pointer.', '/error/retry_after'),
              unit: documented(
                z.enum(['seconds', 'milliseconds', 'epoch_seconds', 'epoch_milliseconds', 'iso']).default('seconds'),
                'Unit',
                'A span from now, or an instant.',
                'seconds',
              ),
            })
            .optional(),
          'In the body',
          'Where the body tells it: answers that may are held until their first 16 KB are read.',
        ),
      })
      .prefault({}),
    'Rate limit',
    'How the provider tells it; `Retry-After` is always read (RFC 9110 10.2.3).',
  ),
  retryable_methods: documented(
    z.array(z.enum(METHODS)).max(7).default(['GET', 'HEAD', 'OPTIONS']),
    'Retryable methods',
    'Sent again with a renewed token after a refusal, where there is no body.',
    ['GET', 'HEAD'],
  ),
  unauthorized: documented(
    conditions.min(1).default([{ status: [401] }]),
    'Token refused',
    'What says that the access token is no longer taken, by status and header.',
    [{ status: [401] }],
  ),
  limits: documented(
    z
      .strictObject({
        request_bytes: documented(
          z.int().min(1).optional(),
          'Request bytes',
          'The longest body of a call.',
          10_485_760,
        ),
        response_bytes: documented(
          z.int().min(1).optional(),
          'Response bytes',
          'The longest answer; a longer one is cut.',
          104_857_600,
        ),
        head_s: documented(z.int().min(1).max(60).default(60), 'Until an answer begins', 'Seconds.', 30),
        idle_s: documented(
          z.int().min(1).max(120).default(120),
          'Between two pieces',
          'Seconds in which nothing of a streamed answer may come.',
          120,
        ),
        total_s: documented(
          z.int().min(1).max(86_400).optional(),
          'In all',
          'Seconds after which a streamed answer is cut; by default never.',
          3_600,
        ),
      })
      .prefault({}),
    'Limits',
    'How long and how large calls and their answers may be.',
  ),
  redact: documented(
    z
      .array(z.string().regex(/^[\x21-\x7E]{1,100}$/, 'a name'))
      .max(50)
      .default([]),
    'Never logged',
    'Names of JSON members, form fields, query parameters and headers whose values no call log may hold, whatever its policy.',
    ['ssn', 'x-customer-key'],
  ),
  allow: documented(z.array(rule).max(50).optional(), 'Allowed', 'The only calls that may be made; by default all.', [
    { methods: ['GET'], path_prefix: '' },
  ]),
  deny: documented(z.array(rule).max(50).default([]), 'Denied', 'Calls that may not be made, whatever is allowed.', [
    { path_prefix: 'admin/' },
  ]),
})

/** A call that shows whether a connection works. */
export const health = z.strictObject({
  method: documented(z.enum(['GET', 'HEAD', 'POST']).default('GET'), 'Method', 'HTTP method.', 'GET'),
  path: documented(
    z
      .string()
      .max(500)
      .regex(/^(?!\/)[\x21-\x7E]*$/, 'a path without the slash in front'),
    'Path',
    'Under the base URL.',
    'me',
  ),
  status: documented(
    z.array(z.int().min(100).max(599)).min(1).max(10).default([200]),
    'Status',
    'What a healthy answer has.',
    [200],
  ),
  interval_s: documented(
    z.int().min(60).max(604_800).optional(),
    'Interval',
    "Seconds between two health calls that Behalf makes by itself, with the connection of the connector's author or of another developer; by default none.",
    3_600,
  ),
})
export type Gateway = z.infer<typeof gateway>
