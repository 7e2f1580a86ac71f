import type { Discovered } from '@behalf/contract'
import { z } from 'zod'
import { BrokerError } from '../domain/broker-error.ts'
import type { OutboundTarget } from '../domain/outbound-target.ts'
import type { Outbound } from '../ports/outbound.ts'
import { parseObject } from './strict-json.ts'

const DEADLINE_MS = 10_000
const MOST_BYTES = 262_144
const texts = z.array(z.string().max(300)).max(500).catch([])
const url = z
  .url({ protocol: /^https?$/ })
  .max(2000)
  .optional()
  .catch(undefined)

/** RFC 8414 2 and OpenID Connect Discovery 1.0 3, as far as we use it. */
const metadata = z.object({
  issuer: z.string(),
  authorization_endpoint: url,
  token_endpoint: url,
  revocation_endpoint: url,
  introspection_endpoint: url,
  userinfo_endpoint: url,
  pushed_authorization_request_endpoint: url,
  jwks_uri: url,
  authorization_response_iss_parameter_supported: z.boolean().catch(false).default(false),
  token_endpoint_auth_methods_supported: texts.default([]),
  code_challenge_methods_supported: texts.default([]),
  scopes_supported: texts.default([]),
})

export type DiscoveryOutcome =
  | { readonly kind: 'discovered'; readonly discovered: Discovered }
  | { readonly kind: 'failed'; readonly reason: string }

/** Reads an issuer's metadata; its `issuer` must be ours byte for byte (RFC 8414 3.3). A same-origin redirect is followed. */
export async function discover(
  outbound: Outbound,
  target: OutboundTarget,
  issuer: string,
  kind: 'auto' | 'oauth' | 'openid',
): Promise<DiscoveryOutcome> {
  let last = 'The issuer publishes no metadata.'
  for (const address of wellKnown(issuer, kind)) {
    const read = await readMetadata(outbound, target, address)
    if (typeof read === 'string') {
      last = read
      continue
    }
    if (read.issuer === issuer) return { kind: 'discovered', discovered: toDiscovered(read) }
    last = `The metadata names the issuer "${read.issuer.slice(0, 200)}"; it must be written so byte for byte.`
  }
  return { kind: 'failed', reason: last }
}

/** RFC 8414 3.1 puts the well-known part before the issuer's path, OpenID Connect Discovery 4.1 behind it. */
function wellKnown(issuer: string, kind: 'auto' | 'oauth' | 'openid'): readonly string[] {
  const { origin, pathname } = new URL(issuer)
  const path = pathname.replace(/\/$/, '')
  const oauth = `${origin}/.well-known/oauth-authorization-server${path}`
  const openid = `${origin}${path}/.well-known/openid-configuration`
  if (kind === 'oauth') return [oauth]
  return kind === 'openid' ? [openid] : [oauth, openid]
}

async function readMetadata(
  outbound: Outbound,
  target: OutboundTarget,
  address: string,
): Promise<z.infer<typeof metadata> | string> {
  try {
    const response = await outbound.fetch({
      target,
      method: 'GET',
      url: address,
      headers: { accept: 'application/json', 'user-agent': 'Behalf' },
      deadlineMs: DEADLINE_MS,
      maxBytes: MOST_BYTES,
      redirects: 'same-origin',
    })
    if (!response.ok) return `${address} answered ${response.status}.`
    const read = metadata.safeParse(parseObject(await response.text()))
    return read.success ? read.data : `${address} holds no metadata.`
  } catch (error) {
    if (error instanceof BrokerError) return `${address} cannot be read (${error.code}).`
    throw error
  }
}

function toDiscovered(read: z.infer<typeof metadata>): Discovered {
  const endpoints = {
    authorization_url: read.authorization_endpoint,
    token_url: read.token_endpoint,
    revoke_url: read.revocation_endpoint,
    introspection_url: read.introspection_endpoint,
    userinfo_url: read.userinfo_endpoint,
    pushed_authorization_request_url: read.pushed_authorization_request_endpoint,
    jwks_url: read.jwks_uri,
  }
  return {
    issuer: read.issuer,
    ...Object.fromEntries(Object.entries(endpoints).filter(([, value]) => value !== undefined)),
    iss_parameter: read.authorization_response_iss_parameter_supported,
    client_authentication_methods: read.token_endpoint_auth_methods_supported,
    pkce_methods: read.code_challenge_methods_supported,
    scopes: read.scopes_supported,
  }
}
