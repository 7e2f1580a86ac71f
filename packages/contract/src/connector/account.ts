import { z } from 'zod'
import { documented } from './documented.ts'
import { conditions, headers } from './parts.ts'
import { pointer, template, urlTemplate } from './template.ts'

/** Which third-party account a grant is for: told by the ID token, userinfo, the token answer, or a call to the API. */
export const account = z
  .strictObject({
    from: documented(
      z.enum(['id_token', 'userinfo', 'token_answer', 'request']).default('id_token'),
      'Told by',
      'The verified ID token, the userinfo endpoint (OpenID Connect Core 5.3), the token answer, or a request of its own.',
      'request',
    ),
    request: documented(
      z
        .strictObject({
          url: documented(
            urlTemplate(),
            'URL',
            'May name variables; the credential is injected as in a gateway call.',
            'https://api.example.com/me',
          ),
          method: documented(z.enum(['GET', 'POST']).default('GET'), 'Method', 'HTTP method.', 'GET'),
          headers: documented(headers.default({}), 'Headers', 'Sent along.', {}),
          body: documented(
            template(2000).optional(),
            'Body',
            'JSON text, for POST; may name variables and {client_id}, written as JSON strings are.',
            '{"query":"{ viewer { id email } }"}',
          ),
          success: documented(conditions.default([]), 'Success', 'What holds of a usable answer.', []),
        })
        .optional(),
      'Request',
      'For a request of its own.',
    ),
    list: documented(
      pointer.optional(),
      'List of sites',
      'Where one consent covers several sites: the pointer to their list. The person chooses one; other pointers are relative to it.',
      '',
    ),
    id: documented(pointer.optional(), 'Account id at', 'What tells two accounts apart; by default `sub`.', '/id'),
    label: documented(
      z.array(pointer).max(5).default([]),
      'Label at',
      'What the account is called, the first that is there; by default e-mail, user name, name, id.',
      ['/email', '/login'],
    ),
    organization: documented(
      pointer.optional(),
      'Organization at',
      "The provider's own name for the company or workspace the account belongs to; shown behind the label.",
      '/workspace/name',
    ),
    icon: documented(pointer.optional(), 'Icon at', 'An https image.', '/avatar_url'),
    duplicates: documented(
      z.enum(['allow', 'refuse']).default('allow'),
      'Duplicate accounts',
      'Whether two people may connect the same account of the provider, as far as accounts can be told apart.',
      'refuse',
    ),
    shared_grant: documented(
      z.boolean().default(false),
      'Shared grant',
      'Whether all connections of one account hold one grant at the provider, so that revoking one ends the others (HubSpot, Atlassian).',
      false,
    ),
  })
  .refine(given => (given.from === 'request') === (given.request !== undefined), {
    message: 'goes with from: request',
    path: ['request'],
  })
export type Account = z.infer<typeof account>
