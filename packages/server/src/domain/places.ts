import type { ConnectionId, ConnectorId, OrgId, SsoTrialId, WebhookId } from '@behalf/contract'
import { toHex } from './bytes.ts'

/** Where a sealed value lives. It opens nowhere else: the place is its associated data. */
export type Place = {
  readonly orgId: OrgId
  readonly table: string
  readonly row: string
  readonly column: string
  /** Changes only when this column is sealed anew. */
  readonly secretVersion: number
}

export const tokenPlace = (
  orgId: OrgId,
  row: ConnectionId,
  column: 'access_token' | 'refresh_token' | 'extra_tokens',
  secretVersion: number,
): Place => ({
  orgId,
  table: 'connections',
  row,
  column,
  secretVersion,
})

export const revocationPlace = (orgId: OrgId, row: string): Place => ({
  orgId,
  table: 'revocations',
  row,
  column: 'token',
  secretVersion: 1,
})

export const clientSecretPlace = (orgId: OrgId, row: ConnectorId, secretVersion: number): Place => ({
  orgId,
  table: 'connectors',
  row,
  column: 'client_secret',
  secretVersion,
})

export const webhookSecretPlace = (orgId: OrgId, row: WebhookId, secretVersion: number): Place => ({
  orgId,
  table: 'webhooks',
  row,
  column: 'secret',
  secretVersion,
})

export const connectorSecretsPlace = (orgId: OrgId, row: ConnectorId, secretVersion: number): Place => ({
  orgId,
  table: 'connector_versions',
  row,
  column: 'secrets',
  secretVersion,
})

export const parkedGrantPlace = (orgId: OrgId, row: string): Place => ({
  orgId,
  table: 'parked_grants',
  row,
  column: 'sealed',
  secretVersion: 1,
})

export const ssoSecretPlace = (orgId: OrgId, secretVersion: number): Place => ({
  orgId,
  table: 'organizations',
  row: orgId,
  column: 'sso_client_secret',
  secretVersion,
})

export const ssoTrialPlace = (orgId: OrgId, row: SsoTrialId): Place => ({
  orgId,
  table: 'sso_trials',
  row,
  column: 'client_secret',
  secretVersion: 1,
})

export const verifierPlace = (orgId: OrgId, stateHash: Uint8Array): Place => ({
  orgId,
  table: 'authorization_requests',
  row: toHex(stateHash),
  column: 'verifier',
  secretVersion: 1,
})

/** Tokens of a code exchange, in the journal, until the connection is stored. */
export const exchangePlace = (
  orgId: OrgId,
  stateHash: Uint8Array,
  column: 'access_token' | 'refresh_token',
): Place => ({
  orgId,
  table: 'journal',
  row: toHex(stateHash),
  column,
  secretVersion: 1,
})

export const signInPlace = (orgId: OrgId, stateHash: Uint8Array): Place => ({
  orgId,
  table: 'sign_in_requests',
  row: toHex(stateHash),
  column: 'sealed',
  secretVersion: 1,
})
