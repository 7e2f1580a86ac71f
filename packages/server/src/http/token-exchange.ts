import type { IncomingMessage, ServerResponse } from 'node:http'
import {
  type ProblemCode,
  TOKEN_EXCHANGE_GRANT,
  TOKEN_TYPES,
  type TokenExchangeAnswer,
  type TokenExchangeError,
} from '@behalf/contract'
import { BrokerError } from '../domain/broker-error.ts'
import { onlyHeader } from '../domain/flat-headers.ts'
import type { RequestContext } from '../domain/request-context.ts'
import { reveal } from '../domain/secret.ts'
import type { Flows } from '../flows/flows.ts'
import type { Exchanged } from '../flows/token/exchange-token.ts'
import { asBrokerError } from './problem.ts'
import { readWhole } from './raw-request.ts'
import type { ContextOf } from './request-context.ts'

const MOST_BYTES = 65_536
const KINDS = {
  [TOKEN_TYPES.idToken]: 'id_token',
  [TOKEN_TYPES.accessToken]: 'access_token',
  [TOKEN_TYPES.jwt]: 'any',
} as const
const KNOWN: ReadonlySet<string> = new Set([
  'grant_type',
  'subject_token',
  'subject_token_type',
  'resource',
  'requested_token_type',
  'scope',
])

type OAuthError = TokenExchangeError['error']
type Needs = {
  readonly flows: Pick<Flows, 'authenticatePlugin' | 'exchangeToken' | 'noteRefusal' | 'urlOf'>
  readonly contextOf: ContextOf
  readonly onBug: (error: unknown, requestId: string) => void
}

/** An error of this endpoint's own making, in RFC 6749 5.2 words. */
class Refused extends Error {
  override readonly name = 'Refused'
  readonly error: OAuthError

  constructor(error: OAuthError, description: string) {
    super(description)
    this.error = error
  }
}

/** `POST /oauth/token`: RFC 8693 token exchange, as a raw handler. */
export function createTokenExchangeHandler({ flows, contextOf, onBug }: Needs) {
  return async function tokenExchange(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { context, requestId } = await contextOf(request)
    try {
      send(response, 200, toAnswer(await exchange(context(), request)), requestId)
    } catch (error) {
      if (!(error instanceof BrokerError) && !(error instanceof Refused)) onBug(error, requestId)
      const { status, body, retryAfter } = toOAuthError(error, requestId)
      if (retryAfter !== undefined) response.setHeader('Retry-After', retryAfter)
      if (status === 401) response.setHeader('WWW-Authenticate', 'Bearer')
      // What was not read is not read any more.
      if (!request.complete) response.setHeader('Connection', 'close')
      send(response, status, body, requestId)
    }
  }

  async function exchange(context: RequestContext, request: IncomingMessage): Promise<Exchanged> {
    if (request.method !== 'POST') throw new Refused('invalid_request', 'Send a POST.')
    const form = await readForm(request)
    const headers = request.rawHeaders
    const authorization = onlyHeader(headers, 'authorization')
    const principal = await flows.authenticatePlugin(context, authorization ?? undefined)
    if (principal === undefined) throw new Refused('invalid_client', 'Send a plugin key as Bearer.')
    if (form.get('grant_type') !== TOKEN_EXCHANGE_GRANT)
      throw new Refused('unsupported_grant_type', 'Only token exchange is offered.')
    const asked = {
      principal,
      named: namedIn(form, onlyHeader(headers, 'behalf-subject')),
      connectorName: connectorOf(context, form),
      wants: wantedIn(form),
      scope: scopeIn(form),
    }
    try {
      return await flows.exchangeToken(context, asked)
    } catch (error) {
      await flows.noteRefusal(context, principal, asked.connectorName, error)
      throw error
    }
  }

  function connectorOf({ organization }: RequestContext, form: URLSearchParams): string {
    const prefix = `${flows.urlOf(organization)}/gateway/`
    const resource = form.get('resource') ?? ''
    const name = resource.startsWith(prefix) ? resource.slice(prefix.length) : ''
    if (!/^[a-z][a-z0-9-]{1,62}$/.test(name))
      throw new Refused('invalid_target', `resource must be ${prefix}{connector}`)
    return name
  }
}

async function readForm(request: IncomingMessage): Promise<URLSearchParams> {
  if (!/^application\/x-www-form-urlencoded\s*(;|$)/i.test(request.headers['content-type'] ?? '')) {
    throw new Refused('invalid_request', 'Send application/x-www-form-urlencoded.')
  }
  const body = await readWhole(request, MOST_BYTES)
  if (body === 'too_large') throw new Refused('invalid_request', 'The body is too large.')
  if (body === 'broken_off') throw new Refused('invalid_request', 'The body broke off.')
  const form = new URLSearchParams(body.toString('utf8'))
  const names = [...form.keys()]
  // RFC 6749 3.2: parameters must not come more than once.
  if (new Set(names).size !== names.length) throw new Refused('invalid_request', 'A parameter came more than once.')
  const unknown = names.find(name => !KNOWN.has(name))
  if (unknown !== undefined) throw new Refused('invalid_request', 'A parameter is not supported here.')
  return form
}

function namedIn(form: URLSearchParams, subject: string | undefined | null) {
  if (subject === null) throw new Refused('invalid_request', 'Behalf-Subject came more than once.')
  const subjectToken = form.get('subject_token') ?? undefined
  if (subjectToken === undefined) {
    if (subject === undefined) throw new Refused('invalid_request', 'subject_token is missing.')
    return { subject }
  }
  const kind = KINDS[(form.get('subject_token_type') ?? '') as keyof typeof KINDS]
  if (kind === undefined) throw new Refused('invalid_request', 'subject_token_type is not supported.')
  return { subjectToken, subject, tokenKind: kind }
}

function wantedIn(form: URLSearchParams): 'behalf_token' | 'provider_token' {
  const type = form.get('requested_token_type')
  if (type === null || type === TOKEN_TYPES.jwt) return 'behalf_token'
  if (type === TOKEN_TYPES.accessToken) return 'provider_token'
  throw new Refused('invalid_request', 'requested_token_type is not supported.')
}

function scopeIn(form: URLSearchParams): readonly string[] | null {
  const scope = form.get('scope')?.trim()
  return scope === undefined || scope === '' ? null : scope.split(/ +/)
}

function toAnswer(exchanged: Exchanged): TokenExchangeAnswer {
  const { expiresInMs } = exchanged
  const life = expiresInMs === null ? {} : { expires_in: Math.floor(expiresInMs / 1000) }
  if (exchanged.kind === 'behalf_token') {
    return { access_token: reveal(exchanged.token), issued_token_type: TOKEN_TYPES.jwt, token_type: 'N_A', ...life }
  }
  return {
    access_token: reveal(exchanged.token),
    issued_token_type: TOKEN_TYPES.accessToken,
    token_type: 'Bearer',
    ...life,
    scope: exchanged.scope.join(' '),
  }
}

/** Which OAuth error a problem is, where the two have different words. */
const OAUTH: Partial<Record<ProblemCode, readonly [status: number, error: OAuthError]>> = {
  invalid_request: [400, 'invalid_request'],
  unauthenticated: [401, 'invalid_client'],
  subject_token_invalid: [400, 'invalid_grant'],
  subject_not_allowed: [400, 'unauthorized_client'],
  subject_ambiguous: [400, 'invalid_grant'],
  subject_suspended: [400, 'invalid_grant'],
  plugin_not_launched: [400, 'unauthorized_client'],
  not_in_launch_audience: [400, 'unauthorized_client'],
  connection_required: [400, 'invalid_grant'],
  reconnect_required: [400, 'invalid_grant'],
  scope_insufficient: [400, 'invalid_scope'],
  connector_not_found: [400, 'invalid_target'],
  connector_not_approved: [400, 'invalid_target'],
  release_not_allowed: [400, 'unauthorized_client'],
  rate_limited: [429, 'slow_down'],
  connector_misconfigured: [503, 'temporarily_unavailable'],
  provider_unavailable: [503, 'temporarily_unavailable'],
  provider_timeout: [503, 'temporarily_unavailable'],
  store_unavailable: [503, 'temporarily_unavailable'],
  vault_unavailable: [503, 'temporarily_unavailable'],
  shutting_down: [503, 'temporarily_unavailable'],
  not_found: [404, 'invalid_request'],
}

function toOAuthError(
  thrown: unknown,
  requestId: string,
): { status: number; body: TokenExchangeError; retryAfter?: string } {
  if (thrown instanceof Refused) {
    const body = { error: thrown.error, error_description: thrown.message, request_id: requestId }
    return { status: thrown.error === 'invalid_client' ? 401 : 400, body }
  }
  const { code, told } = asBrokerError(thrown)
  const [status, error] = OAUTH[code] ?? [500, 'server_error']
  const description = `${code}${told.detail === undefined ? '' : `: ${told.detail}`}`.replace(
    /[^\x20-\x21\x23-\x5b\x5d-\x7e]/g,
    ' ',
  )
  const body = {
    error,
    error_description: description,
    ...(told.connectUrl === undefined ? {} : { connect_url: told.connectUrl }),
    request_id: requestId,
  }
  return {
    status,
    body,
    ...(told.retryAfterMs === undefined
      ? {}
      : { retryAfter: String(Math.max(1, Math.ceil(told.retryAfterMs / 1000))) }),
  }
}

function send(
  response: ServerResponse,
  status: number,
  body: TokenExchangeAnswer | TokenExchangeError,
  requestId: string,
): void {
  const text = JSON.stringify(body)
  response.writeHead(status, {
    'content-type': 'application/json; charset=utf-8',
    'content-length': Buffer.byteLength(text),
    'cache-control': 'no-store',
    pragma: 'no-cache',
    'x-content-type-options': 'nosniff',
    'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
    'referrer-policy': 'no-referrer',
    'request-id': requestId,
  })
  response.end(text)
}
