import type { z } from 'zod'
import { urlFault } from '../wire.ts'
import type { auth, connectorFields } from './form.ts'
import type { FieldValue } from './parts.ts'
import { RESERVED_AUTHORIZATION_PARAMS } from './reserved.ts'
import { BUILT_IN, placeholdersOf } from './template.ts'
import { templateFault, withSamples } from './url-template.ts'

type Definition = z.infer<z.ZodObject<typeof connectorFields>> & { auth: z.infer<typeof auth> }
type Told = (path: readonly (string | number)[], message: string) => void

/** What the parts of a definition must agree on. Every fault names its field. */
export function agree(definition: Definition, context: z.core.$RefinementCtx): void {
  const told: Told = (path, message) => context.addIssue({ code: 'custom', message, path: [...path] })
  endpoints(definition, told)
  client(definition, told)
  authorization(definition, told)
  urls(definition, told)
  values(definition, told)
  revocation(definition, told)
  variables(definition, told)
}

function endpoints({ auth }: Definition, told: Told): void {
  if (auth.issuer !== undefined) return
  if (auth.authorization_url === undefined) told(['auth', 'authorization_url'], 'needed where no issuer is given')
  if (auth.token_url === undefined) told(['auth', 'token_url'], 'needed where no issuer is given')
  if (auth.iss_required) told(['auth', 'iss_required'], 'needs issuer')
}

function client({ auth }: Definition, told: Told): void {
  if (auth.client_authentication === 'none' && (auth.client_secret ?? '') !== '')
    told(['auth', 'client_secret'], 'a public client has no secret')
  if (auth.client_authentication === 'none' && auth.pkce === 'none')
    told(['auth', 'pkce'], 'a public client needs PKCE (RFC 9700 2.1.1)')
  const methods = [auth.client_authentication, ...Object.values(auth.client_authentication_at)]
  if (methods.includes('client_secret_header') && auth.client_authentication_header === undefined)
    told(['auth', 'client_authentication_header'], 'needed for client_secret_header')
  if (methods.includes('tls_client_auth') && auth.tls_client === undefined)
    told(['auth', 'tls_client'], 'needed for tls_client_auth')
  keys({ auth }, told)
  if (auth.refresh.strategy === 'exchange_access_token' && auth.refresh.exchange === undefined)
    told(['auth', 'refresh', 'exchange'], 'needed for exchange_access_token')
  if (
    auth.token_response.expires.from === 'introspection' &&
    auth.introspection_url === undefined &&
    auth.issuer === undefined
  )
    told(['auth', 'introspection_url'], 'needed where introspection tells the expiry')
}

/** One private key signs assertions, request objects and proofs: their algorithms must be for one kind of key. */
function keys({ auth }: Pick<Definition, 'auth'>, told: Told): void {
  const { client_assertion, dpop, authorization_request } = auth
  const kinds = [client_assertion?.alg, authorization_request.request_object?.alg, dpop?.alg]
    .filter(alg => alg !== undefined && alg !== 'HS256')
    .map(alg => (alg === 'PS256' ? 'RS256' : alg))
  if (new Set(kinds).size > 1) told(['auth', 'secrets', 'private_key'], 'one key cannot sign by all these algorithms')
}

function authorization({ auth }: Definition, told: Told): void {
  const { rename, pushed, response_mode } = auth.authorization_request
  if (response_mode === 'form_post' && auth.callback !== 'dedicated')
    told(['auth', 'authorization_request', 'response_mode'], 'needs a callback of its own')
  const renamed = Object.values(rename)
  const taken = new Set([...RESERVED_AUTHORIZATION_PARAMS, ...renamed])
  if (new Set(renamed).size !== renamed.length) told(['auth', 'authorization_request', 'rename'], 'a name twice')
  for (const given of renamed)
    if (RESERVED_AUTHORIZATION_PARAMS.has(given))
      told(['auth', 'authorization_request', 'rename'], `${given} is reserved`)
  const lists = [
    ['authorization_params', auth.authorization_params],
    ['reconnect_params', auth.reconnect_params],
    ['extra_scope_params', auth.extra_scope_params],
  ] as const
  for (const [list, entries] of lists)
    for (const [index, { name }] of entries.entries())
      if (taken.has(name)) told(['auth', list, index, 'name'], 'reserved')
  const extra = new Set(auth.extra_scope_params.map(({ name }) => name))
  for (const { name } of [...auth.authorization_params, ...auth.reconnect_params])
    if (extra.has(name)) told(['auth', 'extra_scope_params'], `${name} is set twice`)
  if (pushed && auth.pushed_authorization_request_url === undefined && auth.issuer === undefined)
    told(['auth', 'pushed_authorization_request_url'], 'needed where the request is pushed')
  const query = URL.parse(auth.authorization_url ?? '')?.searchParams
  for (const key of query?.keys() ?? []) {
    if (taken.has(key)) told(['auth', 'authorization_url'], `must not set ${key}`)
    if (query !== undefined && query.getAll(key).length > 1) told(['auth', 'authorization_url'], `sets ${key} twice`)
  }
}

function urls(definition: Definition, told: Told): void {
  const { auth, variables } = definition
  const check = (
    path: readonly (string | number)[],
    url: string | undefined,
    query: 'allowed' | 'refused',
    builtIn: readonly string[] = [],
  ) => {
    if (url === undefined) return
    if (placeholdersOf(url).length === 0) return
    const reason = templateFault(url, variables, builtIn) ?? urlFault(withSamples(url, variables), query)
    if (reason !== undefined) told(path, reason)
  }
  check(['base_url'], definition.base_url, 'refused')
  for (const field of [
    'authorization_url',
    'token_url',
    'refresh_url',
    'revoke_url',
    'introspection_url',
    'userinfo_url',
    'pushed_authorization_request_url',
  ] as const)
    check(['auth', field], auth[field], 'allowed')
  for (const [name, url] of Object.entries(definition.gateway.base_urls))
    check(['gateway', 'base_urls', name], url, 'refused')
  check(['auth', 'second_exchange', 'url'], auth.second_exchange?.url, 'allowed')
  check(['auth', 'refresh', 'exchange', 'url'], auth.refresh.exchange?.url, 'allowed')
  check(['account', 'request', 'url'], definition.account.request?.url, 'allowed')
  for (const [index, step] of (auth.revocation?.steps ?? []).entries()) {
    const token = step.position === 'path' ? ['client_id', 'token'] : ['client_id']
    check(['auth', 'revocation', 'steps', index, 'url'], step.url, 'allowed', token)
    const inPath = placeholdersOf(step.url).includes('token')
    if (step.position === 'path' && !inPath)
      told(['auth', 'revocation', 'steps', index, 'url'], 'position path needs {token}')
  }
}

function values(definition: Definition, told: Told): void {
  const { auth, gateway } = definition
  const declared = Object.keys(definition.variables)
  const known = (path: readonly (string | number)[], value: FieldValue, builtIn: readonly string[]) => {
    const texts = typeof value === 'string' ? [value] : [value.of, value.key ?? '']
    const names =
      typeof value === 'string' ? builtIn : [...builtIn, ...BUILT_IN.client, ...BUILT_IN.exchange, ...BUILT_IN.tokens]
    for (const name of texts.flatMap(placeholdersOf))
      if (!declared.includes(name) && !names.includes(name))
        told(path, `{${name}} is not a variable that is known here`)
  }
  const all = (
    path: readonly string[],
    record: Readonly<Record<string, FieldValue>> | undefined,
    builtIn: readonly string[],
  ) => {
    for (const [key, value] of Object.entries(record ?? {})) known([...path, key], value, builtIn)
  }
  const plain = ['client_id', ...BUILT_IN.time]
  const body = [...plain, 'client_secret', ...BUILT_IN.exchange]
  for (const request of ['token_request', 'refresh_request'] as const) {
    all(['auth', request, 'data'], auth[request].data, body)
    all(['auth', request, 'query'], auth[request].query, plain)
    all(['auth', request, 'headers'], auth[request].headers, plain)
  }
  for (const [index, { value }] of auth.authorization_params.entries())
    known(['auth', 'authorization_params', index, 'value'], value, plain)
  for (const [index, { value }] of auth.reconnect_params.entries())
    known(['auth', 'reconnect_params', index, 'value'], value, plain)
  const further = [...body, ...BUILT_IN.tokens]
  all(['auth', 'second_exchange', 'data'], auth.second_exchange?.data, further)
  all(['auth', 'refresh', 'exchange', 'data'], auth.refresh.exchange?.data, further)
  for (const [index, step] of (auth.revocation?.steps ?? []).entries()) {
    all(['auth', 'revocation', 'steps', String(index), 'data'], step.data, [
      ...plain,
      'client_secret',
      ...BUILT_IN.tokens,
    ])
    all(['auth', 'revocation', 'steps', String(index), 'headers'], step.headers, plain)
    known(['auth', 'revocation', 'steps', index, 'token_value'], step.token_value, ['token'])
    if (step.authentication_header !== undefined)
      known(
        ['auth', 'revocation', 'steps', index, 'authentication_header'],
        step.authentication_header.value,
        BUILT_IN.client,
      )
  }
  all(['auth', 'revoke', 'data'], auth.revoke?.data, plain)
  if (auth.client_authentication_header !== undefined)
    known(['auth', 'client_authentication_header', 'value'], auth.client_authentication_header.value, BUILT_IN.client)
  for (const claim of ['iss', 'sub', 'aud'] as const)
    known(['auth', 'client_assertion', claim], auth.client_assertion?.[claim] ?? '', ['client_id'])
  all(['gateway', 'headers'], gateway.headers, ['client_id'])
  all(['account', 'request', 'headers'], definition.account.request?.headers, ['client_id'])
  known(['account', 'request', 'body'], definition.account.request?.body ?? '', ['client_id'])
  for (const [index, resource] of auth.resource.entries())
    known(['auth', 'resource', index], resource, ['client_id', ...BUILT_IN.api])
}

function revocation({ auth }: Definition, told: Told): void {
  if (auth.revoke !== undefined && auth.revoke_url === undefined) told(['auth', 'revoke'], 'needs revoke_url')
  if (auth.revocation === undefined) return
  if (auth.revoke_url !== undefined || auth.revoke !== undefined)
    told(['auth', 'revocation'], 'either revoke_url or revocation, not both')
  if (auth.revocation.unsupported && auth.revocation.steps.length > 0)
    told(['auth', 'revocation', 'unsupported'], 'has steps')
  if (!auth.revocation.unsupported && auth.revocation.steps.length === 0)
    told(['auth', 'revocation', 'steps'], 'needs a step, or unsupported')
  const tokens = new Set([
    'access_token',
    'refresh_token',
    'both',
    'none',
    ...Object.keys(auth.token_response.extra_tokens),
  ])
  for (const [index, step] of auth.revocation.steps.entries()) {
    const fault = (field: string, message: string) => told(['auth', 'revocation', 'steps', index, field], message)
    if (!tokens.has(step.token)) fault('token', 'no such token')
    if (step.authentication === 'header' && step.authentication_header === undefined)
      fault('authentication_header', 'needed')
    if (step.token === 'none' && step.authentication === 'bearer') fault('authentication', 'there is no token to bear')
    if (step.token === 'none' && step.position === 'path') fault('position', 'there is no token to put into the path')
    const hasBody = step.method !== 'GET'
    if (!hasBody && (step.position === 'form' || step.position === 'json' || (step.body ?? 'none') !== 'none'))
      fault('position', 'GET has no body')
  }
}

function variables(definition: Definition, told: Told): void {
  const { variables, gateway } = definition
  const before: string[] = []
  for (const [name, { default: otherwise }] of Object.entries(variables)) {
    for (const used of placeholdersOf(otherwise ?? ''))
      if (!before.includes(used)) told(['variables', name, 'default'], `{${used}} is not declared before`)
    before.push(name)
  }
  environments(definition, told)
  for (const [index, { pointer }] of gateway.unauthorized.entries())
    if (pointer !== undefined)
      told(['gateway', 'unauthorized', index, 'pointer'], 'calls are judged by status and header')
}

function environments({ variables, environments, environment }: Definition, told: Told): void {
  if (environment !== undefined && !Object.hasOwn(environments, environment))
    told(['environment'], 'is not among environments')
  for (const [set, values] of Object.entries(environments))
    for (const [name, value] of Object.entries(values)) {
      const variable = variables[name]
      if (variable?.source !== 'organization' || variable.secret)
        told(['environments', set, name], 'is no variable that is set for the organization')
      else if (variable.enum !== undefined && !variable.enum.includes(value))
        told(['environments', set, name], 'is not among the choices')
    }
}
