import { PLACEHOLDER } from '@behalf/contract'
import { createLocalJWKSet, jwtVerify } from 'jose'
import { z } from 'zod'
import type { AccountFound, AccountSite } from '../domain/account.ts'
import { anyHolds } from '../domain/condition.ts'
import { endpointUrl, filledUrl } from '../domain/endpoints.ts'
import { at } from '../domain/json-pointer.ts'
import { printable } from '../domain/provider-text.ts'
import { reveal, type Secret } from '../domain/secret.ts'
import { allValues, captured } from '../domain/variables.ts'
import type { Outbound, OutboundRequest } from '../ports/outbound.ts'
import type { Client } from '../ports/provider-client.ts'
import { dpopProof } from './dpop.ts'
import { fetchKeySet, SIGNING_ALGORITHMS } from './key-set.ts'
import { filled, plainNames } from './request-names.ts'
import { withQuery } from './request-shape.ts'

const LONGEST = 100
const DEADLINE_MS = 10_000
const MOST_SITES = 100
const LABELS = ['/email', '/preferred_username', '/name', '/sub']
const metadata = z.object({ issuer: z.string(), jwks_uri: z.url() })

type Granted = {
  readonly accessToken: Secret
  readonly idToken: Secret | null
  readonly document: unknown
  readonly now: number
}

/**
 * Tells which account a grant is for. Null wherever that cannot be told: an unverified ID token is never believed (OpenID Connect Core 3.1.3.7),
 * and no exchange fails for its label.
 */
export function createFindAccount(outbound: Outbound) {
  return async function findAccount(client: Client, granted: Granted): Promise<AccountFound | null> {
    try {
      const told = await tell(client, granted)
      return told === undefined ? null : accountOf(client, told)
    } catch {
      return null
    }
  }

  async function tell(client: Client, granted: Granted): Promise<unknown> {
    const { account } = client.definition
    if (account.from === 'token_answer') return granted.document
    if (account.from === 'id_token') return granted.idToken === null ? undefined : verified(client, granted.idToken)
    const request = accountRequest(client, granted.accessToken)
    const proof = await boundBy(client, request, granted)
    const response = await outbound.fetch({ ...request, headers: { ...request.headers, ...proof } })
    const document: unknown = await response.json()
    const answered = { status: response.status, header: (name: string) => response.headers.get(name), document }
    const success = account.request?.success ?? []
    return (success.length === 0 ? response.ok : anyHolds(success, answered)) ? document : undefined
  }

  async function verified({ definition, target }: Client, idToken: Secret): Promise<unknown> {
    const { issuer, client_id, discovered } = definition.auth
    if (issuer === undefined) return undefined
    const keys = await fetchKeySet(outbound, target, discovered?.jwks_url ?? (await jwksUri(issuer, target)))
    const { payload } = await jwtVerify(reveal(idToken), createLocalJWKSet(keys), {
      issuer,
      audience: client_id,
      algorithms: [...SIGNING_ALGORITHMS],
      clockTolerance: 30,
      requiredClaims: ['exp', 'iat', 'sub'],
    })
    // OpenID Connect Core 3.1.3.7: with other audiences beside us, the token says that it was made for us.
    const { aud, azp } = payload
    const several = Array.isArray(aud) && aud.length > 1
    return (several || azp !== undefined) && azp !== client_id ? undefined : payload
  }

  async function jwksUri(issuer: string, target: Client['target']): Promise<string> {
    const url = `${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`
    const headers = { accept: 'application/json' }
    const request = { target, method: 'GET', url, headers, deadlineMs: DEADLINE_MS, maxBytes: 262_144 }
    const response = await outbound.fetch({ ...request, redirects: 'same-origin' })
    const found = metadata.parse(await response.json())
    if (found.issuer !== issuer) throw new Error('the issuer names itself otherwise')
    return found.jwks_uri
  }
}

/** The request that asks whose grant it is, the credential injected as in a gateway call. */
export function accountRequest(client: Client, accessToken: Secret): OutboundRequest {
  const { definition, target, values = {} } = client
  const all = allValues(definition, values)
  const { request } = definition.account
  const url =
    request === undefined ? endpointUrl(definition, 'userinfo_url', all) : filledUrl(definition, request.url, all)
  const { injection } = definition.auth
  const credential: Record<string, string> =
    'query' in injection
      ? {}
      : { [injection.header.toLowerCase()]: injection.value.replace('%s', () => reveal(accessToken)) }
  const own = Object.entries(request?.headers ?? {}).map(([name, value]) => [
    name.toLowerCase(),
    filled(value, plainNames(client)),
  ])
  const body = request?.method === 'POST' ? { body: jsonBody(client, request.body ?? '{}') } : {}
  return {
    target,
    method: request?.method ?? 'GET',
    // SECURITY: in the query only where the connector chose so; this URL is never logged.
    url: 'query' in injection ? withQuery(url ?? '', [[injection.query, reveal(accessToken)]]) : (url ?? ''),
    headers: {
      accept: 'application/json',
      'user-agent': 'Behalf',
      ...('body' in body ? { 'content-type': 'application/json' } : {}),
      ...Object.fromEntries(own),
      ...credential,
    },
    ...body,
    deadlineMs: DEADLINE_MS,
    maxBytes: 1_048_576,
    redirects: 'refuse',
  }
}

/** The text of a body, each value written as a JSON string has it. Braces around anything but a known name are the body's own. */
function jsonBody(client: Client, template: string): string {
  const names = plainNames(client)
  return template.replace(PLACEHOLDER, (whole, name: string) => {
    const value = Object.hasOwn(names, name) ? names[name] : undefined
    return value === undefined ? whole : JSON.stringify(value).slice(1, -1)
  })
}

async function boundBy(
  client: Client,
  { method, url }: OutboundRequest,
  { accessToken, now }: Granted,
): Promise<Record<string, string>> {
  if (client.definition.auth.dpop === undefined) return {}
  const proof = await dpopProof(client, { method, url, accessToken, nonce: null, now })
  return { authorization: `DPoP ${reveal(accessToken)}`, dpop: proof }
}

function accountOf(client: Client, told: unknown): AccountFound {
  const { list } = client.definition.account
  if (list === undefined) return { ...siteOf(client, told), sites: null }
  const found = at(told, list)
  const sites = (Array.isArray(found) ? found.slice(0, MOST_SITES) : []).map((site: unknown) => siteOf(client, site))
  const [only] = sites
  if (sites.length === 1 && only !== undefined) return { ...only, sites: null }
  return { id: null, label: null, icon: null, values: {}, sites }
}

function siteOf({ definition }: Client, told: unknown): AccountSite {
  const { id = '/sub', label, icon, organization } = definition.account
  const text = (pointer: string): string | null => {
    const value = at(told, pointer)
    if (typeof value !== 'string' && typeof value !== 'number') return null
    return printable(String(value), LONGEST) || null
  }
  const labels = label.length === 0 ? LABELS : label
  const named = labels.map(text).find(one => one !== null) ?? null
  const company = organization === undefined ? null : text(organization)
  const image = icon === undefined ? undefined : at(told, icon)
  return {
    id: text(id),
    label: named !== null && company !== null && company !== named ? `${named} (${company})` : (named ?? company),
    icon: typeof image === 'string' && /^https:\/\/[^\s"'<>\\]{1,500}$/.test(image) ? image : null,
    values: captured(definition, 'account', pointer => at(told, pointer)),
  }
}
