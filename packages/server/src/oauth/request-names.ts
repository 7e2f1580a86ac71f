import { createHash, createHmac, randomBytes } from 'node:crypto'
import type { FieldValue } from '@behalf/contract'
import { BrokerError } from '../domain/broker-error.ts'
import { filledUrl } from '../domain/endpoints.ts'
import { reveal } from '../domain/secret.ts'
import { fill, type Values } from '../domain/template.ts'
import { allValues } from '../domain/variables.ts'
import type { Client } from '../ports/provider-client.ts'
import { basicCredentials } from './basic-credentials.ts'

/** What URLs, parameters and headers may name: the connection's values, and the client id. Never a secret. */
export const plainNames = ({ definition, values }: Pick<Client, 'definition' | 'values'>): Values => ({
  ...allValues(definition, values ?? {}),
  client_id: definition.auth.client_id,
})

/** What a request's own fields may name besides: secrets, the time, and what belongs to this request. `now` in epoch milliseconds. */
export function requestNames(client: Client, now: number, own: Values = {}): Values {
  const { auth } = client.definition
  const { clientSecret, variables = {} } = client.credentials
  const plainSecret = clientSecret === null ? '' : reveal(clientSecret)
  return {
    ...plainNames(client),
    ...Object.fromEntries(Object.entries(variables).map(([name, value]) => [name, reveal(value)])),
    client_secret: plainSecret,
    basic_credentials: basicCredentials(auth.client_id, plainSecret),
    unix_time: String(Math.floor(now / 1000)),
    unix_time_ms: String(now),
    iso_time: new Date(now).toISOString(),
    nonce: randomBytes(16).toString('hex'),
    ...own,
  }
}

/** A field's text: its template filled, or what it computes. Throws `connector_misconfigured` where a name has no value. */
function fieldText(value: FieldValue, names: Values): string {
  if (typeof value === 'string') return filled(value, names)
  const { compute, of, key, encoding } = value
  const text = filled(of, names)
  const hash = compute.startsWith('hmac_')
    ? createHmac(compute.slice('hmac_'.length), filled(key ?? '{client_secret}', names))
    : createHash(compute)
  return hash.update(text).digest(encoding)
}

/** Throws `connector_misconfigured` where a name has no value. */
export function filled(template: string, names: Values): string {
  const text = fill(template, names)
  if (text !== undefined) return text
  throw new BrokerError('connector_misconfigured', { detail: 'A variable of the connector has no value.' })
}

export const fieldTexts = (fields: Readonly<Record<string, FieldValue>>, names: Values): readonly [string, string][] =>
  Object.entries(fields).map(([name, value]) => [name, fieldText(value, names)])

/** The resources a token is asked for, filled (RFC 8707 2). Throws `connector_misconfigured` where a name has no value. */
export function resourcesOf(client: Pick<Client, 'definition' | 'values'>): readonly string[] {
  const { definition, values = {} } = client
  const { resource } = definition.auth
  if (resource.length === 0) return resource
  const base = filledUrl(definition, definition.base_url, allValues(definition, values))
  const names = { ...plainNames(client), base_origin: new URL(base).origin }
  return [...new Set(resource.map(template => filled(template, names)))]
}
