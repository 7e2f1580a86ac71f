import type { ConnectionId, ConnectorId, OrgId, SubjectId } from '@behalf/contract'
import type { Connection, ConnectionStatus, SealedToken } from '../domain/connection.ts'
import { asSealed } from '../domain/sealed.ts'
import { orNull, texts, values } from './json-column.ts'
import type { Tables } from './tables.ts'

const STATUSES: readonly string[] = [
  'connected',
  'reconnect_required',
  'disconnecting',
  'revoked',
  'disconnected_unconfirmed',
]

const token = (bytes: Uint8Array | null, secretVersion: number): SealedToken | null =>
  bytes && { sealed: asSealed(bytes), secretVersion }

export function toConnection(row: Tables['connections']): Connection {
  if (!STATUSES.includes(row.status)) throw new Error('a connection of unknown status')
  return {
    id: row.connection_id as ConnectionId,
    orgId: row.org_id as OrgId,
    connectorId: row.connector_id as ConnectorId,
    subjectId: row.subject_id as SubjectId,
    status: row.status as ConnectionStatus,
    generation: row.generation,
    tokenVersion: row.token_version,
    connectorVersion: row.connector_version,
    accessToken: token(row.access_token, row.access_token_version),
    refreshToken: token(row.refresh_token, row.refresh_token_version),
    receivedAt: row.received_at,
    expiresAt: row.expires_at,
    grantedScope: orNull(texts, row.granted_scope),
    requestedScope: texts(row.requested_scope),
    accountLabel: row.account_label,
    accountId: row.account_id,
    accountIcon: row.account_icon,
    variables: values(row.variables),
    extraTokens: token(row.extra_tokens, row.extra_tokens_version),
    refreshExpiresAt: row.refresh_expires_at,
    refreshEpoch: row.refresh_epoch,
    granted: {
      apiOrigin: row.granted_api_origin,
      tokenEndpoint: row.granted_token_endpoint,
      baseHosts: texts(row.granted_base_hosts),
    },
    connectedAt: row.connected_at,
    lastUsedAt: row.last_used_at,
    dismissedGeneration: row.dismissed_generation,
    reason: row.reason,
  }
}

export const fromConnection = (connection: Connection): Tables['connections'] => ({
  org_id: connection.orgId,
  connection_id: connection.id,
  connector_id: connection.connectorId,
  subject_id: connection.subjectId,
  status: connection.status,
  generation: connection.generation,
  token_version: connection.tokenVersion,
  connector_version: connection.connectorVersion,
  access_token: connection.accessToken?.sealed ?? null,
  access_token_version: connection.accessToken?.secretVersion ?? 0,
  refresh_token: connection.refreshToken?.sealed ?? null,
  refresh_token_version: connection.refreshToken?.secretVersion ?? 0,
  received_at: connection.receivedAt,
  expires_at: connection.expiresAt,
  granted_scope: connection.grantedScope && JSON.stringify(connection.grantedScope),
  requested_scope: JSON.stringify(connection.requestedScope),
  account_label: connection.accountLabel,
  granted_api_origin: connection.granted.apiOrigin,
  granted_token_endpoint: connection.granted.tokenEndpoint,
  granted_base_hosts: JSON.stringify(connection.granted.baseHosts),
  variables: JSON.stringify(connection.variables),
  extra_tokens: connection.extraTokens?.sealed ?? null,
  extra_tokens_version: connection.extraTokens?.secretVersion ?? 0,
  account_id: connection.accountId,
  account_icon: connection.accountIcon,
  refresh_expires_at: connection.refreshExpiresAt,
  refresh_epoch: connection.refreshEpoch,
  connected_at: connection.connectedAt,
  last_used_at: connection.lastUsedAt,
  dismissed_generation: connection.dismissedGeneration,
  reason: connection.reason,
})
