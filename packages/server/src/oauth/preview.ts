import { generateKeyPairSync } from 'node:crypto'
import { BrokerError } from '../domain/broker-error.ts'
import { endpointUrl } from '../domain/endpoints.ts'
import type { PreviewedRequest } from '../domain/request-preview.ts'
import { revocationSteps, tokensOf } from '../domain/revocation-steps.ts'
import { sampleValues } from '../domain/sample-values.ts'
import { secret } from '../domain/secret.ts'
import { allValues } from '../domain/variables.ts'
import type { Outbound, OutboundRequest } from '../ports/outbound.ts'
import type { Client } from '../ports/provider-client.ts'
import { accountRequest } from './account.ts'
import { authorizationRequest } from './authorization-request.ts'
import { exchangeCode, furtherRequest } from './exchange-code.ts'
import { refresh } from './refresh.ts'
import { revokeRequest } from './revoke-step.ts'

const NAMES = [
  'client_secret',
  'code',
  'code_verifier',
  'state',
  'access_token',
  'refresh_token',
  'request_uri',
] as const
const shown = (name: string): string => `[${name}]`
const placeholder = (name: (typeof NAMES)[number]) => secret(shown(name))

/** Every request a connector will send, made by the code that sends them, with placeholders for secrets and nothing sent. */
export async function previewRequests(
  configured: Pick<Client, 'definition' | 'values'>,
  { redirectUri, now }: { readonly redirectUri: string; readonly now: number },
): Promise<readonly PreviewedRequest[]> {
  const client = withPlaceholders(configured)
  const { definition } = client
  const seen: OutboundRequest[] = []
  const par = endpointUrl(definition, 'pushed_authorization_request_url', allValues(definition, client.values ?? {}))
  const outbound = recording(seen, par)
  const previews: PreviewedRequest[] = []
  const note = (purpose: string, request: Omit<OutboundRequest, 'target' | 'deadlineMs' | 'maxBytes' | 'redirects'>) =>
    previews.push(readable(purpose, request))
  const recorded = async (purpose: string, act: () => Promise<unknown>) => {
    seen.length = 0
    await act()
    for (const request of seen) note(purpose, request)
  }
  const verifier = definition.auth.pkce === 'none' ? null : secret('v'.repeat(definition.auth.pkce_verifier_length))
  const scope = [...definition.auth.scope, ...definition.auth.optional_scope, ...definition.auth.refresh_scope]
  const parts = { redirectUri, state: shown('state'), verifier, scope: [...new Set(scope)], now }
  await recorded('pushed_authorization_request', async () => {
    note('authorization_request', {
      method: 'GET',
      url: await authorizationRequest(outbound, client, parts),
      headers: {},
    })
  })
  const callback = {
    code: placeholder('code'),
    redirectUri,
    verifier: verifier && placeholder('code_verifier'),
    receivedAt: () => now,
  }
  await recorded('token_request', () => exchangeCode(outbound, async () => null, client, callback))
  const tokens = { accessToken: placeholder('access_token'), refreshToken: placeholder('refresh_token') }
  const { second_exchange } = definition.auth
  if (second_exchange !== undefined)
    note('second_exchange', furtherRequest(client, second_exchange, { ...tokens, now }))
  const { strategy } = definition.auth.refresh
  if (strategy === 'refresh_token' || strategy === 'exchange_access_token')
    await recorded('refresh_request', () =>
      refresh(
        outbound,
        client,
        { ...tokens, scope: [...definition.auth.scope] },
        { deadlineMs: 20_000, receivedAt: () => now },
      ),
    )
  if (definition.account.request !== undefined || definition.account.from === 'userinfo')
    note('account_request', accountRequest(client, tokens.accessToken))
  for (const [index, step] of revocationSteps(definition).entries())
    for (const kind of tokensOf(step)) {
      const token = kind === 'none' ? null : secret(shown(kind))
      note(`revocation_step_${index + 1}`, await revokeRequest(client, step, { ...tokens, kind, token }, now))
    }
  return previews
}

function withPlaceholders({ definition, values = {} }: Pick<Client, 'definition' | 'values'>): Client {
  const secretNames = Object.entries(definition.variables).filter(([, variable]) => variable.secret)
  return {
    definition,
    values: sampleValues(definition, values),
    target: { orgSlug: '' },
    credentials: {
      clientSecret: definition.auth.client_authentication === 'none' ? null : placeholder('client_secret'),
      privateKey: sampleKey(definition.auth),
      variables: Object.fromEntries(secretNames.map(([name]) => [name, secret(shown(name))])),
    },
  }
}

/** A key of the kind the connector signs with, made anew: what it signs is shown by name alone. */
function sampleKey({ client_assertion, dpop, authorization_request }: Client['definition']['auth']) {
  const alg = client_assertion?.alg ?? authorization_request.request_object?.alg ?? dpop?.alg ?? 'ES256'
  const pem = { format: 'pem', type: 'pkcs8' } as const
  if (alg === 'EdDSA') return secret(String(generateKeyPairSync('ed25519').privateKey.export(pem)))
  if (alg === 'RS256' || alg === 'PS256')
    return secret(String(generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey.export(pem)))
  return secret(String(generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export(pem)))
}

/** Takes requests down and sends none; one to `par`, where requests are pushed, gets its reference. */
function recording(seen: OutboundRequest[], par: string | undefined): Outbound {
  return {
    async fetch(request) {
      seen.push(request)
      if (request.url === par)
        return Response.json({ request_uri: shown('request_uri'), expires_in: 60 }, { status: 201 })
      throw new BrokerError('provider_unavailable')
    },
    stream() {
      throw new BrokerError('provider_unavailable')
    },
    check: async () => {},
  }
}

function readable(
  purpose: string,
  {
    method,
    url,
    headers,
    body,
  }: Pick<OutboundRequest, 'method' | 'url' | 'headers'> & { readonly body?: string | undefined },
): PreviewedRequest {
  return {
    purpose,
    method,
    url: plain(url),
    headers: Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, basic(plain(value))])),
    body: body === undefined ? null : plain(body),
  }
}

/** Placeholders as they read, and signed values by their name. */
const plain = (text: string): string =>
  text
    .replaceAll(/%5B([a-z_]+)%5D/g, '[$1]')
    .replaceAll(/eyJ[\w-]+\.eyJ[\w-]+\.[\w-]+/g, '[signed_jwt]')
    .replaceAll(/v{43,128}/g, '[code_verifier]')

const basic = (text: string): string => {
  const encoded = /^Basic (.+)$/.exec(text)?.[1]
  return encoded === undefined ? text : `Basic base64(${plain(Buffer.from(encoded, 'base64').toString('utf8'))})`
}
