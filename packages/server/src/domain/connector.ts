import type { ConnectorId, OrgId, StoredConnectorDefinition } from '@behalf/contract'
import { endpointsOf } from './endpoints.ts'
import type { Sealed } from './sealed.ts'

/** One third-party system as configured. A definition is a version; requests in flight keep the one they began with. */
export type Connector = {
  readonly id: ConnectorId
  readonly orgId: OrgId
  readonly name: string
  readonly definition: PublicDefinition
  readonly clientSecret: SealedClientSecret | null
  readonly version: number
  /** Hosts an admin approved for other people than the author; see {@link isApproved}. */
  readonly approvedHosts: readonly string[]
  readonly observedIssuer: string | null
  /** Subject or key that created it, as the audit names principals. */
  readonly author: string
  readonly createdAt: number
  readonly updatedAt: number
  /** Retired connectors keep their row: a name is never used again. */
  readonly retiredAt: number | null
}

export type SealedClientSecret = { readonly sealed: Sealed; readonly secretVersion: number; readonly updatedAt: number }

/** A definition without its secrets. */
export type PublicDefinition = StoredConnectorDefinition
export type PublicAuth = PublicDefinition['auth']

/** `scheme://host[:port]` of every endpoint, the API's base first: what an admin approves, and where tokens may travel. */
export function hostsOf(definition: PublicDefinition): readonly string[] {
  const { tokenUrl, authorizationUrl, revokeUrl } = endpointsOf(definition)
  const urls = [definition.base_url, tokenUrl, authorizationUrl, revokeUrl]
  return [...new Set(urls.filter(url => url !== undefined).map(url => new URL(url).origin))]
}

/** Whether every host of the connector was approved by an admin. */
export const isApproved = (connector: Connector): boolean =>
  hostsOf(connector.definition).every(host => connector.approvedHosts.includes(host))

/** Until an admin approved the hosts, the author alone may connect. */
export const mayConnect = (connector: Connector, subjectId: string): boolean =>
  connector.retiredAt === null && (isApproved(connector) || connector.author === subjectId)

/** What end users read. */
export const displayName = (connector: Connector): string => connector.definition.display_name ?? connector.name

/** Where a connector's callbacks arrive, relative to the organization's URL (RFC 6749 3.1.2). */
export const callbackPath = (definition: PublicDefinition): string =>
  definition.auth.callback === 'dedicated' ? `/auth/oauthCallback/${definition.name}` : '/auth/oauthCallback'

/** What a token was granted for: it never travels elsewhere without new consent. */
export type GrantedHosts = { readonly apiOrigin: string; readonly tokenEndpoint: string }

export const grantedHosts = (definition: PublicDefinition): GrantedHosts => ({
  apiOrigin: new URL(definition.base_url).origin,
  tokenEndpoint: endpointsOf(definition).tokenUrl,
})

/** Whether a connection's tokens may still be used with this definition. */
export function servesGrant(definition: PublicDefinition, granted: GrantedHosts): boolean {
  const now = grantedHosts(definition)
  return now.apiOrigin === granted.apiOrigin && now.tokenEndpoint === granted.tokenEndpoint
}
