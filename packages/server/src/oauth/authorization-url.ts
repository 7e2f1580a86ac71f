import { createHash } from 'node:crypto'
import type { PublicAuth } from '../domain/connector.ts'
import { endpointsOf } from '../domain/endpoints.ts'
import { reveal, type Secret } from '../domain/secret.ts'

export type AuthorizationParts = {
  readonly redirectUri: string
  readonly state: string
  readonly verifier: Secret | null
  readonly scope: readonly string[]
}

/**
 * Builds the authorization request (RFC 6749 4.1.1, RFC 7636 4.3). The endpoint may carry a query already: parameters are merged by name, ours
 * win, and none is sent twice.
 */
export function authorizationUrl(auth: PublicAuth, parts: AuthorizationParts): string {
  const url = new URL(endpointsOf({ auth }).authorizationUrl)
  const query = url.searchParams
  const ours = new Map([
    ['response_type', 'code'],
    ['client_id', auth.client_id],
    ['redirect_uri', parts.redirectUri],
    ['scope', parts.scope.join(auth.scope_separator)],
    ['state', parts.state],
    ...codeChallenge(auth, parts.verifier),
  ])
  for (const [name, value] of ours) {
    if (value === '') query.delete(name)
    else query.set(name, value)
  }
  for (const { name, value } of auth.authorization_params) if (!ours.has(name)) query.set(name, value)
  // Every server reads %20 as a space in a query; some take a plus sign for itself.
  url.search = query.toString().replaceAll('+', '%20')
  return url.href
}

function codeChallenge({ pkce }: PublicAuth, verifier: Secret | null): [name: string, value: string][] {
  if (verifier === null || pkce === 'none') return []
  const challenge =
    pkce === 'S256' ? createHash('sha256').update(reveal(verifier)).digest('base64url') : reveal(verifier)
  return [
    ['code_challenge', challenge],
    ['code_challenge_method', pkce],
  ]
}
