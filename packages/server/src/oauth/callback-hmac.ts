import { createHmac, timingSafeEqual } from 'node:crypto'
import { reveal } from '../domain/secret.ts'
import type { Client } from '../ports/provider-client.ts'

/** Whether the callback carries the HMAC-SHA-256 (hex, under the client secret) of its other parameters, sorted by name, as Shopify makes it. */
export function provesCallback({ definition, credentials }: Client, query: URLSearchParams): boolean {
  const rule = definition.auth.authorization_request.callback_hmac
  if (rule === undefined) return true
  const given = query.get(rule.parameter) ?? ''
  if (!/^[0-9a-f]{64}$/i.test(given) || credentials.clientSecret === null) return false
  const others = [...query].filter(([name]) => name !== rule.parameter).sort(([a], [b]) => (a < b ? -1 : 1))
  const message = others.map(([name, value]) => `${name}=${value}`).join('&')
  const expected = createHmac('sha256', reveal(credentials.clientSecret)).update(message).digest()
  return timingSafeEqual(expected, Buffer.from(given, 'hex'))
}
