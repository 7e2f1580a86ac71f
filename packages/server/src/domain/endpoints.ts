import type { StoredConnectorDefinition } from '@behalf/contract'
import { BrokerError } from './broker-error.ts'

/** Where a connector's authorization server is: as configured, else as discovered when it was saved. */
export type Endpoints = {
  readonly authorizationUrl: string
  readonly tokenUrl: string
  readonly revokeUrl: string | undefined
}

/** Throws `connector_misconfigured` where neither the definition nor discovery names an endpoint. */
export function endpointsOf({ auth }: Pick<StoredConnectorDefinition, 'auth'>): Endpoints {
  const authorizationUrl = auth.authorization_url ?? auth.discovered?.authorization_url
  const tokenUrl = auth.token_url ?? auth.discovered?.token_url
  if (authorizationUrl === undefined || tokenUrl === undefined)
    throw new BrokerError('connector_misconfigured', { detail: 'The connector has no endpoints.' })
  return { authorizationUrl, tokenUrl, revokeUrl: auth.revoke_url ?? auth.discovered?.revoke_url }
}
