export type { Account } from './account.ts'
export { type ConnectorSecrets, clientAuthenticationMethod, connectorSecrets } from './client-authentication.ts'
export {
  type ConnectorAuth,
  type ConnectorDefinition,
  connectorDefinition,
  type StoredConnectorDefinition,
  storedConnectorDefinition,
} from './definition.ts'
export type { Discovered } from './endpoints.ts'
export type { Gateway } from './gateway.ts'
export type { Computed, Condition, FieldValue } from './parts.ts'
export { RESERVED_AUTHORIZATION_PARAMS, RESERVED_HEADERS, RESERVED_TOKEN_FIELDS } from './reserved.ts'
export type { RevocationStep } from './revocation.ts'
export { PLACEHOLDER, placeholdersOf } from './template.ts'
export type { TokenResponse } from './token-response.ts'
export type { Variable } from './variables.ts'
export {
  type ConnectorView,
  connector,
  connectorCreate,
  connectorPatch,
  connectorPreview,
  connectorVersion,
  iconPut,
} from './view.ts'
