import { createHash } from 'node:crypto'
import { neededUrl } from '../domain/endpoints.ts'
import { reveal, type Secret } from '../domain/secret.ts'
import { allValues } from '../domain/variables.ts'
import type { Client } from '../ports/provider-client.ts'
import { filled, plainNames, resourcesOf } from './request-names.ts'

export type AuthorizationParts = {
  readonly redirectUri: string
  readonly state: string
  readonly verifier: Secret | null
  readonly scope: readonly string[]
  /** Whether the person was connected before. */
  readonly reconnect?: boolean
  /** Epoch milliseconds. */
  readonly now?: number
}
type Configured = Pick<Client, 'definition' | 'values'>
type Param = readonly [name: string, value: string]

/** The parameters of an authorization request, each name once but `resource` (RFC 6749 4.1.1, RFC 7636 4.3, RFC 8707 2.1). */
export function authorizationParams(client: Configured, parts: AuthorizationParts): readonly Param[] {
  const { auth } = client.definition
  const { rename, drop, redirect_uri, response_mode } = auth.authorization_request
  const { authorization_params, reconnect_params } = auth
  const further = parts.reconnect ? [...authorization_params, ...reconnect_params] : authorization_params
  const dropped: readonly string[] = drop
  const wire: Readonly<Record<string, string | undefined>> = rename
  const ours: readonly Param[] = [
    ['response_type', 'code'],
    ['client_id', auth.client_id],
    ['redirect_uri', redirect_uri ?? parts.redirectUri],
    ['scope', parts.scope.join(auth.scope_separator)],
    ['state', parts.state],
    ...(response_mode === 'query' ? [] : [['response_mode', response_mode] as const]),
    ...codeChallenge(auth.pkce, parts.verifier),
  ]
  const kept = ours
    .filter(([name]) => !dropped.includes(name))
    .map(([name, value]): Param => [wire[name] ?? name, value])
  const taken = new Set([...ours.map(([name]) => name), ...kept.map(([name]) => name)])
  const given = new Map<string, string>()
  if (further.length > 0) {
    const names = { ...plainNames(client), ...timeNames(parts.now ?? 0) }
    for (const { name, value } of further) given.set(name, filled(value, names))
  }
  for (const { name, scope } of auth.extra_scope_params) given.set(name, scope.join(auth.scope_separator))
  return [
    ...kept,
    ...resourcesOf(client).map((resource): Param => ['resource', resource]),
    ...[...given].filter(([name]) => !taken.has(name) && !(name === 'resource' && auth.resource.length > 0)),
  ]
}

/**
 * Builds the authorization request's URL. The endpoint may carry a query already: parameters are merged by name, ours win, and none is sent twice.
 */
export function authorizationUrl(client: Configured, parts: AuthorizationParts): string {
  return withParams(client, authorizationParams(client, parts))
}

/** The authorization endpoint with these parameters. An empty value removes what the endpoint carries of that name. */
export function withParams(client: Configured, params: readonly Param[]): string {
  const { definition, values = {} } = client
  const { auth } = definition
  const url = new URL(neededUrl(definition, 'authorization_url', allValues(definition, values)))
  const query = new URLSearchParams(url.search)
  for (const [name] of params) query.delete(name)
  for (const [name, value] of params) if (value !== '') query.append(name, value)
  // Every server reads %20 as a space in a query; some take a plus sign for itself.
  const text = query.toString().replaceAll('+', '%20')
  url.search = rawParameters(auth.scope_encoding === 'raw' ? rawSeparators(text, auth) : text, auth)
  if (auth.authorization_request.fragment !== undefined) url.hash = auth.authorization_request.fragment
  return url.href
}

/** Scope separators as they are, for providers that do not decode them. */
function rawSeparators(query: string, auth: Configured['definition']['auth']): string {
  const names = [auth.authorization_request.rename.scope ?? 'scope', ...auth.extra_scope_params.map(({ name }) => name)]
  const encoded = encodeURIComponent(auth.scope_separator)
  return query
    .split('&')
    .map(part =>
      names.some(name => part.startsWith(`${encodeURIComponent(name)}=`))
        ? part.replaceAll(encoded, auth.scope_separator)
        : part,
    )
    .join('&')
}

/** SECURITY: never raw are what would begin another parameter or a fragment, a percent sign, controls, and what is no ASCII. */
function rawParameters(query: string, { authorization_request }: Configured['definition']['auth']): string {
  const { raw } = authorization_request
  if (raw.length === 0) return query
  return query
    .split('&')
    .map(part => {
      const [name = '', value] = part.split('=', 2)
      return value === undefined || !raw.includes(decodeURIComponent(name)) ? part : `${name}=${rawValue(value)}`
    })
    .join('&')
}

const rawValue = (value: string): string =>
  value.replaceAll(/%(?:2[1489A-CF]|3[ABF]|40)/gi, encoded => decodeURIComponent(encoded))

const timeNames = (now: number) => ({
  unix_time: String(Math.floor(now / 1000)),
  unix_time_ms: String(now),
  iso_time: new Date(now).toISOString(),
})

function codeChallenge(pkce: 'S256' | 'plain' | 'none', verifier: Secret | null): readonly Param[] {
  if (verifier === null || pkce === 'none') return []
  const challenge =
    pkce === 'S256' ? createHash('sha256').update(reveal(verifier)).digest('base64url') : reveal(verifier)
  return [
    ['code_challenge', challenge],
    ['code_challenge_method', pkce],
  ]
}
