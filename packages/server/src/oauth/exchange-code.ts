import * as oauth from 'oauth4webapi'
import { filledUrl, neededUrl } from '../domain/endpoints.ts'
import { at } from '../domain/json-pointer.ts'
import type { ExchangeOutcome } from '../domain/outcome.ts'
import { reveal, type Secret } from '../domain/secret.ts'
import type { TokenSet } from '../domain/token-set.ts'
import { allValues, captured } from '../domain/variables.ts'
import type { Outbound } from '../ports/outbound.ts'
import type { Client } from '../ports/provider-client.ts'
import type { createFindAccount } from './account.ts'
import { clamped } from './expiry.ts'
import { introspectToken } from './introspection.ts'
import { fieldTexts, filled, requestNames, resourcesOf } from './request-names.ts'
import { exchangeShape, formOf, type Shaped, written } from './request-shape.ts'
import type { UnusableReason } from './token-answer.ts'
import { shapedTokenRequest, type TokenRequestEnd, tokenRequest } from './token-request.ts'

const EXCHANGE_MS = 20_000
const UNUSABLE: Readonly<Record<UnusableReason, string>> = {
  not_json: 'The answer is not one JSON object.',
  error_without_code: 'The answer is an error without a code.',
  no_access_token: 'The answer holds no usable access_token.',
  refresh_token: 'The answer holds a refresh_token that cannot be used.',
  token_type: 'The token is bound to a key (token_type mac or DPoP), or is not where it should be.',
}

export type CodeCallback = {
  readonly code: Secret
  readonly redirectUri: string
  readonly verifier: Secret | null
  readonly scope?: readonly string[]
  readonly receivedAt: () => number
}
type Tokens = Extract<TokenRequestEnd, { kind: 'tokens' }>

/** Exchanges a code (RFC 6749 4.1.3), and its token for a long-lived one where the connector says so; then asks what the answer left open. */
export async function exchangeCode(
  outbound: Outbound,
  findAccount: ReturnType<typeof createFindAccount>,
  client: Client,
  callback: CodeCallback,
): Promise<ExchangeOutcome> {
  if (reveal(callback.code) === '') return { kind: 'rejected', error: { error: 'invalid_grant', description: null } }
  const first = await sendCode(outbound, client, callback)
  const end = first.kind === 'tokens' ? await secondExchange(outbound, client, first, callback) : first
  if (end.kind !== 'tokens') return failure(end)
  const tokenSet = await completed(outbound, client, end, callback.receivedAt())
  const known = { ...client, values: { ...client.values, ...tokenSet.values } }
  const account = await findAccount(known, { ...end, now: callback.receivedAt() })
  return { kind: 'granted', tokenSet: { ...tokenSet, account, values: { ...tokenSet.values, ...account?.values } } }
}

function sendCode(outbound: Outbound, client: Client, callback: CodeCallback): Promise<TokenRequestEnd> {
  const { auth } = client.definition
  const { code, verifier, redirectUri: ours, scope = auth.scope } = callback
  const redirectUri = auth.authorization_request.redirect_uri ?? ours
  const own = {
    code: reveal(code),
    redirect_uri: redirectUri,
    code_verifier: verifier === null ? '' : reveal(verifier),
    scope: scope.join(auth.scope_separator),
  }
  return tokenRequest(outbound, client, {
    endpoint: 'token',
    deadlineMs: EXCHANGE_MS,
    receivedAt: callback.receivedAt,
    secrets: verifier === null ? [code] : [code, verifier],
    shape: exchangeShape(auth),
    names: requestNames(client, callback.receivedAt(), own),
    send(as, oauthClient, authentication, options) {
      // State and iss were judged by the flow that took the authorization request.
      const answer = new URLSearchParams({ code: reveal(code) })
      const params = oauth.validateAuthResponse(as, oauthClient, answer, oauth.skipStateCheck)
      const pkce = verifier === null ? oauth.nopkce : reveal(verifier)
      // RFC 8707 2.2: the resource is named again at the token endpoint.
      const additionalParameters = formOf(resourcesOf(client).map(resource => ['resource', resource] as const))
      return oauth.authorizationCodeGrantRequest(as, oauthClient, authentication, params, redirectUri, pkce, {
        ...options,
        additionalParameters,
      })
    },
  })
}

/** The access token of the first answer for a long-lived one; what the second leaves out stays as the first said. */
async function secondExchange(
  outbound: Outbound,
  client: Client,
  first: Tokens,
  { receivedAt }: CodeCallback,
): Promise<TokenRequestEnd> {
  const further = client.definition.auth.second_exchange
  if (further === undefined) return first
  const request = furtherRequest(client, further, {
    accessToken: first.accessToken,
    refreshToken: first.refreshToken,
    now: receivedAt(),
  })
  const second = await shapedTokenRequest(outbound, client, request, {
    deadlineMs: EXCHANGE_MS,
    receivedAt,
    secrets: [first.accessToken],
  })
  if (second.kind !== 'tokens') return second
  return {
    ...second,
    refreshToken: second.refreshToken ?? first.refreshToken,
    idToken: second.idToken ?? first.idToken,
    scope: second.scope ?? first.scope,
    extraTokens: { ...first.extraTokens, ...second.extraTokens },
    document: { ...first.document, ...second.document },
  }
}

type Further = NonNullable<Client['definition']['auth']['second_exchange']>

/** A request of templates alone; throws `connector_misconfigured` where a name has no value. */
export function furtherRequest(
  client: Client,
  { url, method, format, headers, data, bearer }: Further,
  held: { readonly accessToken: Secret; readonly refreshToken: Secret | null; readonly now: number },
): Shaped {
  const values = allValues(client.definition, client.values ?? {})
  const to =
    url === undefined ? neededUrl(client.definition, 'token_url', values) : filledUrl(client.definition, url, values)
  const names = requestNames(client, held.now, {
    access_token: reveal(held.accessToken),
    refresh_token: held.refreshToken === null ? '' : reveal(held.refreshToken),
  })
  const sent = Object.entries(headers).map(([name, value]) => [name.toLowerCase(), filled(value, names)])
  const credential = bearer ? { authorization: `Bearer ${reveal(held.accessToken)}` } : {}
  return written(
    { method, format, url: to, headers: { ...Object.fromEntries(sent), ...credential } },
    formOf(fieldTexts(data, names)),
  )
}

/** A read answer with what it leaves to be captured or asked: variables, and the life of the token. */
export async function completed(outbound: Outbound, client: Client, end: Tokens, now: number): Promise<TokenSet> {
  const { definition } = client
  const { expires } = definition.auth.token_response
  const values = captured(definition, 'token', pointer => at(end.document, pointer))
  const asks =
    expires.from === 'introspection' ||
    Object.values(definition.variables).some(({ source }) => source === 'introspection')
  const known = { ...client, values: { ...client.values, ...values } }
  const told = asks ? await introspectToken(outbound, known, end.accessToken, now) : undefined
  const expiresAt = expires.from === 'introspection' ? clamped(told?.expiresAt ?? null, expires, now) : end.expiresAt
  const { accessToken, refreshToken, scope, extraTokens, refreshExpiresAt } = end
  return {
    accessToken,
    refreshToken,
    expiresAt,
    scope,
    extraTokens,
    refreshExpiresAt,
    values: { ...values, ...told?.values },
    account: null,
  }
}

function failure(end: Exclude<TokenRequestEnd, { kind: 'tokens' }>): ExchangeOutcome {
  switch (end.kind) {
    case 'grant_error':
      return { kind: 'rejected', error: end.error }
    case 'unusable':
      // The code is spent: asking again would not help, and a developer needs to read why.
      return { kind: 'rejected', error: { error: 'provider_invalid_response', description: UNUSABLE[end.reason] } }
    case 'client_error':
      return { kind: 'client_rejected', error: end.error }
    case 'unavailable':
      return { kind: 'unavailable', reason: end.reason, retryAfterMs: end.retryAfterMs }
  }
}
