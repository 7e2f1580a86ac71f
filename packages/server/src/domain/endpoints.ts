import type { StoredConnectorDefinition } from '@behalf/contract'
import { BrokerError } from './broker-error.ts'
import { fillUrl, type Values } from './template.ts'

/** Where a connector's authorization server and API are: as configured, else as discovered when it was saved. */
export const ENDPOINTS = [
  'token_url',
  'authorization_url',
  'revoke_url',
  'refresh_url',
  'introspection_url',
  'userinfo_url',
  'pushed_authorization_request_url',
] as const
export type Endpoint = (typeof ENDPOINTS)[number]

/** The template of an endpoint; undefined where there is none. */
export function endpointTemplate(
  { auth }: Pick<StoredConnectorDefinition, 'auth'>,
  endpoint: Endpoint,
): string | undefined {
  if (endpoint === 'refresh_url') return auth.refresh_url
  // A definition that says how it revokes, or that it cannot, means what it says.
  if (endpoint === 'revoke_url' && auth.revocation !== undefined) return undefined
  return auth[endpoint] ?? auth.discovered?.[endpoint]
}

/** An endpoint's URL; undefined where there is none. Throws `connector_misconfigured` where a variable of it has no value. */
export function endpointUrl(
  definition: StoredConnectorDefinition,
  endpoint: Endpoint,
  values: Values,
): string | undefined {
  const template = endpointTemplate(definition, endpoint)
  return template === undefined ? undefined : filledUrl(definition, template, values)
}

/** Throws `connector_misconfigured` where a variable has no value. */
export function filledUrl({ variables }: StoredConnectorDefinition, template: string, values: Values): string {
  const url = fillUrl(template, values, variables)
  if (url !== undefined) return url
  throw new BrokerError('connector_misconfigured', { detail: 'A variable of the connector has no value.' })
}

/** An endpoint that must be there. Throws `connector_misconfigured`. */
export function neededUrl(definition: StoredConnectorDefinition, endpoint: Endpoint, values: Values): string {
  const url = endpointUrl(definition, endpoint, values)
  if (url !== undefined) return url
  throw new BrokerError('connector_misconfigured', { detail: `The connector has no ${endpoint}.` })
}
