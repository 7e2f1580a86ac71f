import { createHash } from 'node:crypto'
import type { JSONWebKeySet } from 'jose'
import * as openid from 'openid-client'
import { BrokerError } from '../domain/broker-error.ts'
import { reveal } from '../domain/secret.ts'
import type { Clock } from '../ports/clock.ts'
import type { Outbound } from '../ports/outbound.ts'
import type { Sso } from '../ports/sign-in-provider.ts'
import { createKeptWhileFresh } from './kept-while-fresh.ts'
import { fetchKeySet, SIGNING_ALGORITHMS } from './key-set.ts'

const DEADLINE_MS = 10_000
const TOKEN_DEADLINE_MS = 20_000
const MOST_BYTES = 1_048_576

/** What an SSO publishes about itself. Both throw `BrokerError` where it cannot be had. */
export type SsoDirectory = {
  /** By discovery (OpenID Connect Discovery 1.0 4). */
  configuration(sso: Sso): Promise<openid.Configuration>
  /** RFC 7517 5. `again`: a key was not found in what was given before. */
  keys(sso: Sso, options: { readonly again: boolean }): Promise<JSONWebKeySet>
}

export function createSsoDirectory(ports: { readonly outbound: Outbound; readonly clock: Clock }): SsoDirectory {
  const { outbound, clock } = ports
  const configurations = createKeptWhileFresh<openid.Configuration>(clock)
  const keySets = createKeptWhileFresh<JSONWebKeySet>(clock)

  return { configuration, keys }

  function configuration(sso: Sso): Promise<openid.Configuration> {
    // A changed client secret must not go on with the old configuration.
    const parts = [sso.target.orgSlug, sso.issuer, sso.clientId, reveal(sso.clientSecret)]
    const key = createHash('sha256').update(JSON.stringify(parts)).digest('base64url')
    return configurations.get(key, () => discover(sso))
  }

  async function keys(sso: Sso, options: { readonly again: boolean }): Promise<JSONWebKeySet> {
    const { jwks_uri = '' } = (await configuration(sso)).serverMetadata()
    return readKeys(sso, jwks_uri, options)
  }

  function readKeys(sso: Sso, jwksUri: string, options: { readonly again: boolean }): Promise<JSONWebKeySet> {
    // What one organization may reach, another never learns from its cache.
    const key = `${sso.target.orgSlug} ${jwksUri}`
    return keySets.get(key, () => fetchKeySet(outbound, sso.target, jwksUri), options)
  }

  async function discover(sso: Sso): Promise<openid.Configuration> {
    const issuer = new URL(sso.issuer)
    try {
      const found = await openid.discovery(issuer, sso.clientId, undefined, undefined, {
        [openid.customFetch]: fetchFor(sso),
        execute: issuer.protocol === 'http:' ? [openid.allowInsecureRequests] : [],
      })
      const { supportsPKCE: _, ...server } = found.serverMetadata()
      assertUsable(server, issuer)
      return configured(sso, server)
    } catch (error) {
      if (error instanceof BrokerError) throw error
      throw new BrokerError('provider_unavailable', { detail: 'The sign-in service cannot be reached.', cause: error })
    }
  }

  function configured(sso: Sso, server: openid.ServerMetadata): openid.Configuration {
    // SECURITY: exactly these, whatever the SSO advertises: no `none`, and no HMAC that a public key could forge.
    const metadata = { ...server, id_token_signing_alg_values_supported: [...SIGNING_ALGORITHMS] }
    const client = { [openid.clockTolerance]: 30 }
    const made = new openid.Configuration(metadata, sso.clientId, client, clientAuthentication(sso, server))
    made[openid.customFetch] = fetchFor(sso, server.jwks_uri)
    if (new URL(sso.issuer).protocol === 'http:') openid.allowInsecureRequests(made)
    // SECURITY: ID tokens are verified even where TLS already vouches for the token endpoint.
    openid.enableNonRepudiationChecks(made)
    return made
  }

  /** The library keeps keys for itself; when it asks, they were old or a key was missing. */
  function fetchFor(sso: Sso, jwksUri?: string): openid.CustomFetch {
    return async (url, { method, headers, body }) => {
      if (url === jwksUri) return Response.json(await readKeys(sso, url, { again: true }))
      return outbound.fetch({
        target: sso.target,
        method,
        url,
        headers: { ...headers, 'user-agent': 'Behalf' },
        ...(body === undefined || body === null ? {} : { body: String(body) }),
        deadlineMs: method === 'GET' ? DEADLINE_MS : TOKEN_DEADLINE_MS,
        maxBytes: MOST_BYTES,
        redirects: method === 'GET' ? 'same-origin' : 'refuse',
      })
    }
  }
}

function clientAuthentication({ clientSecret }: Sso, server: openid.ServerMetadata): openid.ClientAuth {
  const methods = server.token_endpoint_auth_methods_supported ?? []
  const onlyPost = methods.includes('client_secret_post') && !methods.includes('client_secret_basic')
  const plaintext = reveal(clientSecret)
  if (plaintext === '') return openid.None()
  return onlyPost ? openid.ClientSecretPost(plaintext) : openid.ClientSecretBasic(plaintext)
}

// SECURITY: a browser is sent to the first and the last of these: never to `javascript:`, and to plain http only where the issuer is.
function assertUsable(server: openid.ServerMetadata, issuer: URL): void {
  const needed = [server.authorization_endpoint, server.token_endpoint, server.jwks_uri]
  const offered = [server.end_session_endpoint, server.introspection_endpoint].filter(url => url !== undefined)
  for (const endpoint of [...needed, ...offered]) {
    const protocol = URL.parse(endpoint ?? '')?.protocol
    if (protocol !== 'https:' && protocol !== issuer.protocol)
      throw new BrokerError('provider_unavailable', { detail: 'The sign-in service describes itself unusably.' })
  }
}
