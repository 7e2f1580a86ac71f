import { endpointUrl } from '../domain/endpoints.ts'
import { at } from '../domain/json-pointer.ts'
import { reveal, type Secret } from '../domain/secret.ts'
import type { Values } from '../domain/template.ts'
import { allValues, captured } from '../domain/variables.ts'
import type { Outbound } from '../ports/outbound.ts'
import type { Client } from '../ports/provider-client.ts'
import { authenticateClient, methodAt } from './client-authentication.ts'
import { parseObject } from './strict-json.ts'

const DEADLINE_MS = 10_000

/** What the introspection endpoint tells of an access token (RFC 7662 2.2): when it ends, and the connector's variables. */
export async function introspectToken(
  outbound: Outbound,
  client: Client,
  accessToken: Secret,
  now: number,
): Promise<{ readonly expiresAt: number | null; readonly values: Values }> {
  const { definition, target, values = {} } = client
  const nothing = { expiresAt: null, values: {} }
  try {
    const url = endpointUrl(definition, 'introspection_url', allValues(definition, values))
    if (url === undefined) return nothing
    const fields = new URLSearchParams({ token: reveal(accessToken), token_type_hint: 'access_token' })
    const headers = new Headers({
      accept: 'application/json',
      'user-agent': 'Behalf',
      'content-type': 'application/x-www-form-urlencoded;charset=UTF-8',
    })
    await authenticateClient(client, methodAt(definition.auth, 'introspection'), { url, now }, { fields, headers })
    const request = { target, method: 'POST', url, headers: Object.fromEntries(headers), body: fields.toString() }
    const response = await outbound.fetch({
      ...request,
      deadlineMs: DEADLINE_MS,
      maxBytes: 65_536,
      redirects: 'refuse',
    })
    const document = response.ok ? parseObject(await response.text()) : undefined
    if (document === undefined || document['active'] !== true) return nothing
    const exp = at(document, '/exp')
    const expiresAt = typeof exp === 'number' && Number.isFinite(exp) && exp * 1000 > now ? exp * 1000 : null
    return { expiresAt, values: captured(definition, 'introspection', pointer => at(document, pointer)) }
  } catch {
    // Its life stays unknown, or what the connector says by default; no grant fails for that.
    return nothing
  }
}
