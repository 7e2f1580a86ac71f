import { createHash } from 'node:crypto'
import type { PublicAuth } from '../domain/connector.ts'
import { reveal, type Secret } from '../domain/secret.ts'

export type AuthorizationParts = {
  readonly redirectUri: string
  readonly state: string
  readonly verifier: Secret | null
  readonly scope: readonly string[]
}

/**
 * Builds the authorization request (RFC 6749 4.1.1, RFC 7636 4.3). The endpoint may carry a query already: parameters are merged by name, and
 * none is sent twice.
 */
export function authorizationUrl(
  auth: PublicAuth,
  { redirectUri, state, verifier, scope }: AuthorizationParts,
): string {
  const url = new URL(auth.authorization_url)
  for (const { name, value } of auth.authorization_params) url.searchParams.set(name, value)
  url.searchParams.set('response_type', 'code')
  url.searchParams.set('client_id', auth.client_id)
  url.searchParams.set('redirect_uri', redirectUri)
  if (scope.length > 0) url.searchParams.set('scope', scope.join(auth.scope_separator))
  url.searchParams.set('state', state)
  if (verifier !== null && auth.pkce !== 'none') {
    url.searchParams.set('code_challenge', auth.pkce === 'S256' ? challenge(verifier) : reveal(verifier))
    url.searchParams.set('code_challenge_method', auth.pkce)
  }
  return url.href
}

const challenge = (verifier: Secret): string => createHash('sha256').update(reveal(verifier)).digest('base64url')
