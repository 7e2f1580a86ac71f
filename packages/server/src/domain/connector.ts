import { type ConnectorId, type OrgId, PLACEHOLDER, type StoredConnectorDefinition } from '@behalf/contract'
import { ENDPOINTS, endpointTemplate } from './endpoints.ts'
import { hostPatterns } from './host-pattern.ts'
import { oncePer } from './once-per.ts'
import type { Sealed } from './sealed.ts'
import { setValue } from './variables.ts'

/** One third-party system as configured. A definition is a version; requests in flight keep the one they began with. */
export type Connector = {
  readonly id: ConnectorId
  readonly orgId: OrgId
  readonly name: string
  readonly definition: PublicDefinition
  readonly clientSecret: SealedClientSecret | null
  /** Everything else that is secret, sealed as one; `names` says what is in it, variables as `variables.{name}`. */
  readonly secrets: (SealedClientSecret & { readonly names: readonly string[] }) | null
  readonly version: number
  /** Hosts an admin approved for other people than the author; see {@link isApproved}. */
  readonly approvedHosts: readonly string[]
  readonly observedIssuer: string | null
  /** Subject or key that created it, as the audit names principals. */
  readonly author: string
  readonly createdAt: number
  readonly updatedAt: number
  /** What came of the last health call that Behalf made by itself; null where none was due. */
  readonly health: ConnectorHealth | null
  /** Retired connectors keep their row: a name is never used again. */
  readonly retiredAt: number | null
}

/** `not_made` where nobody who builds was connected; `answered` is a status, or the code of why there was none. */
export type ConnectorHealth = {
  readonly at: number
  readonly result: 'passed' | 'failed' | 'not_made'
  readonly answered: string | null
}

export type SealedClientSecret = { readonly sealed: Sealed; readonly secretVersion: number; readonly updatedAt: number }

/** A definition without its secrets. */
export type PublicDefinition = StoredConnectorDefinition
export type PublicAuth = PublicDefinition['auth']

/** Every URL template of a definition that a token, a secret or a person may be sent to, the API's base first. */
function urlTemplatesOf(definition: PublicDefinition): readonly string[] {
  const { auth, gateway, account } = definition
  const urls = [
    definition.base_url,
    ...ENDPOINTS.map(endpoint => endpointTemplate(definition, endpoint)),
    ...Object.values(gateway.base_urls),
    ...(auth.revocation?.steps.map(step => step.url) ?? []),
    auth.second_exchange?.url,
    auth.refresh.exchange?.url,
    account.request?.url,
  ]
  return urls.filter(url => url !== undefined)
}

/** `scheme://host[:port]` of every endpoint, the API's base first: what an admin approves, and where tokens may travel. A star stands for what people choose. */
export const hostsOf = oncePer((definition: PublicDefinition): readonly string[] => [
  ...new Set(urlTemplatesOf(definition).flatMap(url => hostPatterns(definition, url))),
])

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

/** What a token was granted for: it never travels elsewhere without new consent. `baseHosts` are those of further base URLs. */
export type GrantedHosts = {
  readonly apiOrigin: string
  readonly tokenEndpoint: string
  readonly baseHosts: readonly string[]
}

export const grantedHosts = oncePer(
  (definition: PublicDefinition): GrantedHosts => ({
    apiOrigin: hostPatterns(definition, definition.base_url).join(' '),
    tokenEndpoint: tokenReceivers(definition)
      .map(url => withSetValues(definition, url))
      .join(' '),
    baseHosts: Object.values(definition.gateway.base_urls).flatMap(url => hostPatterns(definition, url)),
  }),
)

/** Everything beside the API that a standing grant's tokens are sent to: the token endpoint, and what renews or explains them elsewhere. */
function tokenReceivers(definition: PublicDefinition): readonly string[] {
  const { auth } = definition
  const asks =
    auth.token_response.expires.from === 'introspection' ||
    Object.values(definition.variables).some(({ source }) => source === 'introspection')
  const urls = [
    endpointTemplate(definition, 'token_url'),
    auth.refresh_url,
    auth.refresh.exchange?.url,
    asks ? endpointTemplate(definition, 'introspection_url') : undefined,
  ]
  return urls.filter(url => url !== undefined)
}

/** Whether a connection's tokens may still be used with this definition. */
export function servesGrant(definition: PublicDefinition, granted: GrantedHosts): boolean {
  const now = grantedHosts(definition)
  return now.apiOrigin === granted.apiOrigin && now.tokenEndpoint === granted.tokenEndpoint
}

// What the organization set is part of the endpoint; what differs between people is fixed by their own values.
const withSetValues = (definition: PublicDefinition, template: string): string =>
  template.replace(PLACEHOLDER, (placeholder, name: string) => setValue(definition, name) ?? placeholder)

/** Whether two connectors are the same client at the same authorization server: a grant at one is a grant at the other. */
export function isOfOneClient(one: Connector, other: Connector): boolean {
  if (one.id === other.id) return true
  const [mine, theirs] = [one.definition, other.definition]
  if (mine.auth.client_id !== theirs.auth.client_id) return false
  const endpoint = (definition: PublicDefinition) =>
    withSetValues(definition, endpointTemplate(definition, 'token_url') ?? '')
  return endpoint(mine) === endpoint(theirs)
}
