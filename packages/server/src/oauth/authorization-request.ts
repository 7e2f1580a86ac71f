import { SignJWT } from 'jose'
import { z } from 'zod'
import { BrokerError } from '../domain/broker-error.ts'
import { neededUrl } from '../domain/endpoints.ts'
import { allValues } from '../domain/variables.ts'
import type { Outbound } from '../ports/outbound.ts'
import type { Client } from '../ports/provider-client.ts'
import { type AuthorizationParts, authorizationParams, withParams } from './authorization-url.ts'
import { authenticateClient, methodAt } from './client-authentication.ts'
import { privateKeyOf } from './private-key.ts'
import { formOf } from './request-shape.ts'
import { parseObject } from './strict-json.ts'

const DEADLINE_MS = 10_000
const REQUEST_OBJECT_S = 300
const pushedAnswer = z.object({ request_uri: z.string().regex(/^[\x21-\x7e]{1,2000}$/) })

type Param = readonly [name: string, value: string]

/**
 * The URL a browser is sent to: with all parameters, with them signed (RFC 9101), or with a reference to them where they were pushed (RFC 9126).
 * Throws `provider_unavailable` and the like where pushing fails, `connector_misconfigured` where the provider refuses them.
 */
export async function authorizationRequest(
  outbound: Outbound,
  client: Client,
  parts: AuthorizationParts,
): Promise<string> {
  const { auth } = client.definition
  const plain = authorizationParams(client, parts)
  const params = auth.authorization_request.request_object === undefined ? plain : await signed(client, plain, parts)
  if (!auth.authorization_request.pushed) return withParams(client, params)
  return withParams(client, [
    ['client_id', auth.client_id],
    ['request_uri', await push(outbound, client, params, parts.now ?? 0)],
  ])
}

async function signed(
  client: Client,
  params: readonly Param[],
  { now = 0 }: AuthorizationParts,
): Promise<readonly Param[]> {
  const { auth } = client.definition
  const issuedAt = Math.floor(now / 1000)
  const claims: Record<string, string | string[]> = {}
  for (const [name, value] of params) {
    const before = claims[name]
    claims[name] = before === undefined ? value : [before, value].flat()
  }
  const alg = auth.authorization_request.request_object?.alg ?? 'RS256'
  const kid = auth.client_assertion?.kid
  const request = await new SignJWT(claims)
    .setProtectedHeader({ alg, typ: 'oauth-authz-req+jwt', ...(kid === undefined ? {} : { kid }) })
    .setIssuer(auth.client_id)
    .setAudience(auth.discovered?.issuer ?? auth.issuer ?? new URL(withParams(client, [])).origin)
    .setIssuedAt(issuedAt)
    .setExpirationTime(issuedAt + REQUEST_OBJECT_S)
    .sign(privateKeyOf(client.credentials.privateKey))
  return [
    ['client_id', auth.client_id],
    ['request', request],
  ]
}

async function push(outbound: Outbound, client: Client, params: readonly Param[], now: number): Promise<string> {
  const { definition, target, values = {} } = client
  const url = neededUrl(definition, 'pushed_authorization_request_url', allValues(definition, values))
  const fields = formOf(params.filter(([, value]) => value !== ''))
  const headers = new Headers({
    accept: 'application/json',
    'user-agent': 'Behalf',
    'content-type': 'application/x-www-form-urlencoded;charset=UTF-8',
  })
  await authenticateClient(
    client,
    methodAt(definition.auth, 'pushed_authorization_request'),
    { url, now },
    { fields, headers },
  )
  const response = await outbound.fetch({
    target,
    method: 'POST',
    url,
    headers: Object.fromEntries(headers),
    body: fields.toString(),
    deadlineMs: DEADLINE_MS,
    maxBytes: 65_536,
    redirects: 'refuse',
  })
  const answer = parseObject(await response.text())
  if (response.status >= 500 || response.status === 429)
    throw new BrokerError('provider_unavailable', { detail: 'The provider did not take the request.' })
  const read = pushedAnswer.safeParse(answer)
  if (response.ok && read.success) return read.data.request_uri
  throw new BrokerError('connector_misconfigured', { detail: 'The provider refused the pushed authorization request.' })
}
