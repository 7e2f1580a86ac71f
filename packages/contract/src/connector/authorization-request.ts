import { z } from 'zod'
import { line, scopeToken } from '../wire.ts'
import { documented } from './documented.ts'
import { parameterName } from './parts.ts'
import { RESERVED_AUTHORIZATION_PARAMS } from './reserved.ts'
import { placeholdersOf, template } from './template.ts'

const authorizationParam = z.strictObject({
  name: parameterName.refine(n => !RESERVED_AUTHORIZATION_PARAMS.has(n), 'reserved'),
  value: template(),
})
const params = z
  .array(authorizationParam)
  .max(30)
  .refine(list => new Set(list.map(p => p.name)).size === list.length, 'a parameter twice')

const scopes = z
  .array(scopeToken)
  .max(100)
  .refine(s => new Set(s).size === s.length, 'a scope twice')

/** The parameters a connector may rename or leave out (RFC 6749 4.1.1). */
const STANDARD_PARAMS = ['client_id', 'redirect_uri', 'response_type', 'scope', 'state'] as const

/** What is asked of the authorization endpoint (RFC 6749 4.1.1, RFC 7636, RFC 9126, RFC 9101, RFC 8707). */
export const authorizationRequestFields = {
  scope: documented(scopes, 'Scope', 'What everyone is asked for.', ['contacts.read']),
  optional_scope: documented(
    scopes.default([]),
    'Optional scope',
    'Asked for too, and no fault where it is not granted.',
    [],
  ),
  step_up_scope: documented(
    scopes.default([]),
    'Step-up scope',
    'Never asked for by itself: only where a plugin or a connect link names it.',
    [],
  ),
  refresh_scope: documented(
    scopes.default([]),
    'Scope for refresh tokens',
    'Without these the provider gives no refresh token: always asked for, never missed in what is granted.',
    ['offline_access'],
  ),
  scope_separator: documented(z.string().min(1).max(3).default(' '), 'Scope separator', 'What joins scopes.', ','),
  scope_encoding: documented(
    z.enum(['percent', 'raw']).default('percent'),
    'Scope encoding',
    'Raw leaves the separator as it is, for providers that want a bare plus sign or comma.',
    'raw',
  ),
  scope_aliases: documented(
    z.record(scopeToken, z.array(scopeToken).min(1).max(20)).default({}),
    'Scope aliases',
    'What a provider grants under another name: the scope asked for is held where any of these is.',
    { email: ['https://www.googleapis.com/auth/userinfo.email'] },
  ),
  scope_descriptions: documented(
    z.record(scopeToken, line(200)).default({}),
    'Scopes in plain words',
    'What each scope lets us do, for the person who is asked.',
    { 'contacts.read': 'Read your contacts' },
  ),
  extra_scope_params: documented(
    z
      .array(
        z.strictObject({
          name: parameterName.refine(n => !RESERVED_AUTHORIZATION_PARAMS.has(n), 'reserved'),
          scope: scopes,
        }),
      )
      .max(3)
      .default([]),
    'Further scope parameters',
    'A second list under a name of its own, as at Slack.',
    [{ name: 'user_scope', scope: ['chat:write'] }],
  ),
  authorization_params: documented(
    params.default([]),
    'Authorization request parameters',
    'Sent along, in this order.',
    [{ name: 'access_type', value: 'offline' }],
  ),
  reconnect_params: documented(
    params.default([]),
    'Parameters when reconnecting',
    'Only where the person was connected before; they replace those of the same name.',
    [{ name: 'prompt', value: 'consent' }],
  ),
  authorization_request: documented(
    z
      .strictObject({
        rename: documented(
          z.partialRecord(z.enum(STANDARD_PARAMS), parameterName).default({}),
          'Renamed parameters',
          'Standard parameters under another name.',
          { client_id: 'client_key' },
        ),
        drop: documented(
          z
            .array(z.enum(['response_type', 'scope', 'redirect_uri']))
            .max(3)
            .default([]),
          'Dropped parameters',
          'Standard parameters that the provider refuses.',
          ['response_type'],
        ),
        raw: documented(
          z.array(parameterName).max(10).default([]),
          'Raw parameters',
          'Parameters whose commas, colons, slashes, plus signs and the like stay as they are, for providers that do not decode them.',
          ['audience'],
        ),
        redirect_uri: documented(
          z.string().max(500).optional(),
          'Redirect URI as registered',
          'Where the provider wants a name instead of the URL, as eBay does.',
          'Acme-Acme-PRD-abc',
        ),
        response_mode: documented(
          z.enum(['query', 'form_post']).default('query'),
          'Response mode',
          'How the answer comes back (OAuth 2.0 Form Post Response Mode).',
          'query',
        ),
        code_param: documented(
          parameterName.default('code'),
          'Code parameter',
          'The name of the code in the callback.',
          'spapi_oauth_code',
        ),
        fragment: documented(
          z
            .string()
            .regex(/^[A-Za-z0-9_.~-]{1,100}$/, 'letters, digits, dots and dashes')
            .optional(),
          'Fragment',
          'After the #, which WeChat wants.',
          'wechat_redirect',
        ),
        pushed: documented(
          z.boolean().default(false),
          'Pushed',
          'Parameters go to the provider first (PAR, RFC 9126).',
          false,
        ),
        request_object: documented(
          z
            .strictObject({
              alg: documented(
                z.enum(['RS256', 'PS256', 'ES256', 'EdDSA']).default('RS256'),
                'Algorithm',
                'Of the signature.',
                'ES256',
              ),
            })
            .optional(),
          'Request object',
          'Parameters go as a signed JWT (JAR, RFC 9101), under the private key.',
          { alg: 'ES256' },
        ),
        callback_hmac: documented(
          z
            .strictObject({
              parameter: documented(parameterName.default('hmac'), 'Parameter', 'That carries the signature.', 'hmac'),
            })
            .optional(),
          'Callback HMAC',
          'A parameter that signs all others with the client secret (HMAC-SHA-256, hex), as at Shopify.',
          { parameter: 'hmac' },
        ),
      })
      .prefault({}),
    'Authorization request',
    'How the request deviates from RFC 6749.',
  ),
  pkce: documented(
    z.enum(['S256', 'plain', 'none']).default('S256'),
    'PKCE',
    'Only for providers that break: plain, or none (RFC 7636).',
    'S256',
  ),
  pkce_verifier_length: documented(
    z.int().min(43).max(128).default(43),
    'Verifier length',
    'Characters of the PKCE verifier.',
    43,
  ),
  resource: documented(
    z
      .array(
        template(500).refine(
          text => placeholdersOf(text).length > 0 || (URL.canParse(text) && !text.includes('#')),
          'an absolute URI without a fragment (RFC 8707 2)',
        ),
      )
      .max(10)
      .refine(list => new Set(list).size === list.length, 'a resource twice')
      .default([]),
    'Resource',
    'Which API the token is for; repeated, and sent again on exchange and refresh (RFC 8707). May name variables, and {base_origin}, the origin of the base URL.',
    ['https://api.example.com/'],
  ),
  iss_required: documented(
    z.boolean().default(false),
    'Issuer in every answer',
    'Whether the provider always returns `iss` (RFC 9207 authorization_response_iss_parameter_supported).',
    false,
  ),
  callback: documented(
    z.enum(['dedicated', 'organization']).default('dedicated'),
    'Callback URL',
    "One of its own, or the organization's (RFC 9700 4.4).",
    'dedicated',
  ),
}
