import { z } from 'zod'
import { connectorId } from './ids.ts'
import { endpointUrl, instant, line, name, scopeToken } from './wire.ts'

/** Authorization request parameters that Behalf alone sets (RFC 6749 4.1.1, RFC 7636, RFC 9101). */
export const RESERVED_AUTHORIZATION_PARAMS: ReadonlySet<string> = new Set([
  'client_id',
  'client_secret',
  'code_challenge',
  'code_challenge_method',
  'nonce',
  'redirect_uri',
  'request',
  'request_uri',
  'response_mode',
  'response_type',
  'scope',
  'state',
])

/** Token request fields that Behalf alone sets (RFC 6749 4.1.3 and 6). */
export const RESERVED_TOKEN_FIELDS: ReadonlySet<string> = new Set([
  'client_assertion',
  'client_assertion_type',
  'client_id',
  'client_secret',
  'code',
  'code_verifier',
  'grant_type',
  'redirect_uri',
  'refresh_token',
  'scope',
])

/** Headers that a connector cannot set: framing, routing, and what carries credentials or identity. */
export const RESERVED_HEADERS: ReadonlySet<string> = new Set([
  'authorization',
  'connection',
  'content-encoding',
  'content-length',
  'content-type',
  'cookie',
  'expect',
  'forwarded',
  'host',
  'keep-alive',
  'origin',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
  'via',
])

const headerName = z
  .string()
  .regex(/^[A-Za-z0-9!#$%&'*+.^_`|~-]{1,100}$/, 'not a header name')
  .refine(text => !RESERVED_HEADERS.has(text.toLowerCase()) && !/^(proxy|x-forwarded|behalf)-/i.test(text), 'reserved')
const headerValue = z.string().regex(/^[\x20-\x7E]{0,1000}$/, 'printable ASCII, at most 1,000 characters')
const headers = z.record(headerName, headerValue).refine(h => Object.keys(h).length <= 20, 'at most 20 headers')

const fields = (reserved: ReadonlySet<string>) =>
  z
    .record(
      z
        .string()
        .regex(/^[\x21-\x7E]{1,100}$/, 'not a parameter name')
        .refine(key => !reserved.has(key), 'reserved'),
      z.string().max(2000),
    )
    .refine(data => Object.keys(data).length <= 30, 'at most 30 fields')

/** How one revocation request authenticates (RFC 7009 2.1). */
const revoke = z.strictObject({
  authentication: z.enum(['as_token_endpoint', 'request_body', 'basic', 'bearer', 'none']).default('as_token_endpoint'),
  token_key: z
    .string()
    .regex(/^[A-Za-z0-9_.-]{1,100}$/)
    .default('token'),
  method: z.enum(['POST', 'DELETE', 'GET', 'PUT']).default('POST'),
  headers: headers.default({}),
  data: fields(new Set(['client_id', 'client_secret'])).default({}),
})

/** How the access token enters a gateway call: a header by pattern, or a query parameter. */
const injection = z.union([
  z.strictObject({
    header: z
      .string()
      .regex(/^[A-Za-z0-9!#$%&'*+.^_`|~-]{1,100}$/)
      .refine(
        h =>
          h.toLowerCase() === 'authorization' ||
          (!RESERVED_HEADERS.has(h.toLowerCase()) && !/^(proxy|x-forwarded|behalf)-/i.test(h)),
        'reserved',
      )
      .default('Authorization'),
    value: z
      .string()
      .regex(/^[\x20-\x7E]{0,100}%s[\x20-\x7E]{0,100}$/, 'must hold %s once')
      .refine(v => v.split('%s').length === 2, 'must hold %s once')
      .default('Bearer %s'),
  }),
  z.strictObject({ query: z.string().regex(/^[A-Za-z0-9_.-]{1,100}$/) }),
])

const authorizationParam = z.strictObject({
  name: z
    .string()
    .regex(/^[\x21-\x7E]{1,100}$/)
    .refine(n => !RESERVED_AUTHORIZATION_PARAMS.has(n), 'reserved'),
  value: z.string().max(2000),
})

const auth = z.strictObject({
  type: z.literal('oauth2').default('oauth2'),
  grant_type: z.literal('authorization_code').default('authorization_code'),
  authorization_url: endpointUrl(),
  token_url: endpointUrl(),
  client_id: z.string().regex(/^[\x20-\x7E]{1,500}$/, 'printable ASCII'),
  /** Write-only. */
  client_secret: z
    .string()
    .regex(/^[\x20-\x7E]{0,2000}$/, 'printable ASCII')
    .optional(),
  scope: z
    .array(scopeToken)
    .max(100)
    .refine(s => new Set(s).size === s.length, 'a scope twice'),
  scope_separator: z.string().min(1).max(3).default(' '),
  client_authentication: z
    .enum(['client_secret_basic', 'client_secret_basic_raw', 'client_secret_post', 'none'])
    .default('client_secret_basic'),
  authorization_params: z
    .array(authorizationParam)
    .max(30)
    .refine(list => new Set(list.map(p => p.name)).size === list.length, 'a parameter twice')
    .default([]),
  token_request: z.strictObject({ data: fields(RESERVED_TOKEN_FIELDS).default({}) }).default({ data: {} }),
  pkce: z.enum(['S256', 'plain', 'none']).default('S256'),
  issuer: endpointUrl('refused').optional(),
  /** Whether the provider always returns `iss` (RFC 9207 `authorization_response_iss_parameter_supported`). */
  iss_required: z.boolean().default(false),
  callback: z.enum(['dedicated', 'organization']).default('dedicated'),
  revoke_url: endpointUrl().optional(),
  revoke: revoke.optional(),
  instructions_url: endpointUrl().optional(),
  injection: injection.default({ header: 'Authorization', value: 'Bearer %s' }),
})

const connectorFields = {
  name,
  display_name: line(100).optional(),
  display_description: line(500).optional(),
  base_url: endpointUrl('refused'),
  open_to_all: z.boolean().default(false),
  auth,
}

type Definition = { auth: z.infer<typeof auth> }

function agree(definition: Definition, context: z.core.$RefinementCtx): void {
  const { auth } = definition
  const fault = (path: string, message: string) => context.addIssue({ code: 'custom', message, path: ['auth', path] })
  if (auth.client_authentication === 'none' && (auth.client_secret ?? '') !== '')
    fault('client_secret', 'a public client has no secret')
  if (auth.client_authentication === 'none' && auth.pkce === 'none')
    fault('pkce', 'a public client needs PKCE (RFC 9700 2.1.1)')
  if (auth.revoke !== undefined && auth.revoke_url === undefined) fault('revoke', 'needs revoke_url')
  if (auth.iss_required && auth.issuer === undefined) fault('iss_required', 'needs issuer')
  const query = URL.parse(auth.authorization_url)?.searchParams
  for (const key of query?.keys() ?? []) {
    if (RESERVED_AUTHORIZATION_PARAMS.has(key)) fault('authorization_url', `must not set ${key}`)
    if (query !== undefined && query.getAll(key).length > 1) fault('authorization_url', `sets ${key} twice`)
  }
}

/** A whole connector definition: what create takes, and what a merge patch (RFC 7396) must leave behind. */
export const connectorDefinition = z.strictObject(connectorFields).superRefine(agree)
export type ConnectorDefinition = z.infer<typeof connectorDefinition>
export type ConnectorAuth = ConnectorDefinition['auth']

export const connectorCreate = z
  .strictObject({ ...connectorFields, approve: z.boolean().default(false) })
  .superRefine(agree)
  .meta({ id: 'ConnectorCreate' })

/** RFC 7396: null removes. The result of the merge is validated as a whole definition. */
export const connectorPatch = z.record(z.string(), z.json()).meta({ id: 'ConnectorPatch' })

export const connector = z
  .object({
    id: connectorId,
    name,
    display_name: z.string(),
    display_description: z.string().nullable(),
    base_url: z.string(),
    open_to_all: z.boolean(),
    auth: auth
      .omit({ client_secret: true })
      .extend({ client_secret: z.object({ set: z.boolean(), updated_at: instant.nullable() }) }),
    /** Register exactly this at the third party. */
    callback_url: z.string(),
    /** An `iss` that arrived although no issuer is configured, offered for pinning (RFC 9207). */
    observed_issuer: z.string().nullable(),
    approved: z.boolean(),
    approved_hosts: z.array(z.string()),
    hosts: z.array(z.string()),
    version: z.int(),
    created_at: instant,
    updated_at: instant,
  })
  .meta({ id: 'Connector' })
export type ConnectorView = z.infer<typeof connector>
