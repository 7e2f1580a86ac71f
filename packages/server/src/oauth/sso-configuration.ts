import * as openid from 'openid-client'
import { reveal } from '../domain/secret.ts'
import type { Clock } from '../ports/clock.ts'
import type { Outbound } from '../ports/outbound.ts'
import type { Sso } from '../ports/sign-in-provider.ts'
import { SIGNING_ALGORITHMS } from './key-set.ts'

const FRESH_MS = 600_000
const STALE_MS = 86_400_000
const RETRY_MS = 10_000
const MOST_KEPT = 1_000
const DEADLINE_MS = 10_000
const MOST_BYTES = 1_048_576

type Kept = { readonly configuration: openid.Configuration; readonly readAt: number; retryAt: number }

/**
 * An SSO's configuration by discovery (OpenID Connect Discovery 1.0 4), kept for ten minutes, and for a day where the SSO cannot be asked.
 * Throws what outbound throws.
 */
export function createSsoConfiguration({ outbound, clock }: { readonly outbound: Outbound; readonly clock: Clock }) {
  const kept = new Map<string, Kept>()

  return async function ssoConfiguration(sso: Sso): Promise<openid.Configuration> {
    // The secret is part of the key as an identity: a changed one must not go on with the old configuration.
    const key = JSON.stringify([sso.target.orgSlug, sso.issuer, sso.clientId, reveal(sso.clientSecret)])
    const known = kept.get(key)
    const now = clock.monotonic()
    if (known !== undefined && (now - known.readAt < FRESH_MS || now < known.retryAt)) return known.configuration
    try {
      const configuration = await discover(sso)
      kept.delete(key)
      kept.set(key, { configuration, readAt: now, retryAt: 0 })
      if (kept.size > MOST_KEPT) kept.delete(kept.keys().next().value ?? '')
      return configuration
    } catch (error) {
      if (known === undefined || now - known.readAt > STALE_MS) throw error
      known.retryAt = now + RETRY_MS
      return known.configuration
    }
  }

  async function discover(sso: Sso): Promise<openid.Configuration> {
    const customFetch = fetchFor(sso)
    const issuer = new URL(sso.issuer)
    const execute = issuer.protocol === 'http:' ? [openid.allowInsecureRequests] : []
    const found = await openid.discovery(issuer, sso.clientId, undefined, undefined, {
      [openid.customFetch]: customFetch,
      execute,
    })
    const { supportsPKCE: _, ...server } = found.serverMetadata()
    const offered = server.id_token_signing_alg_values_supported ?? ['RS256']
    const algorithms = offered.filter(algorithm => (SIGNING_ALGORITHMS as readonly string[]).includes(algorithm))
    const methods = server.token_endpoint_auth_methods_supported ?? ['client_secret_basic']
    const secret = reveal(sso.clientSecret)
    const authentication = methods.includes('client_secret_basic')
      ? openid.ClientSecretBasic(secret)
      : openid.ClientSecretPost(secret)
    const metadata = { ...server, id_token_signing_alg_values_supported: algorithms } as openid.ServerMetadata
    const configuration = new openid.Configuration(
      metadata,
      sso.clientId,
      { [openid.clockTolerance]: 30 },
      authentication,
    )
    configuration[openid.customFetch] = customFetch
    if (issuer.protocol === 'http:') openid.allowInsecureRequests(configuration)
    // SECURITY: ID tokens are verified even where TLS already vouches for the token endpoint.
    openid.enableNonRepudiationChecks(configuration)
    return configuration
  }

  function fetchFor(sso: Sso): openid.CustomFetch {
    return (url, { method, headers, body }) => {
      const text = body === undefined || body === null ? {} : { body: String(body) }
      const redirects = method === 'GET' ? 'same-origin' : 'refuse'
      return outbound.fetch({
        target: sso.target,
        method,
        url,
        headers: { ...headers },
        ...text,
        deadlineMs: DEADLINE_MS,
        maxBytes: MOST_BYTES,
        redirects,
      })
    }
  }
}
