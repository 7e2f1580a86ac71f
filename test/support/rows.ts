import type { ConnectionId, ConnectorId, OrgId, SubjectId } from '@behalf/contract'
import type { Tables } from '../../packages/server/src/store/tables.ts'

export type Somebody = {
  readonly orgId: OrgId
  readonly subjectId: SubjectId
  readonly issuer: string
  /** The person's `sub` at the SSO, and the name before the @ of the e-mail. */
  readonly sub: string
  readonly domain: string
  readonly now: number
}
export type Granted = {
  readonly id: ConnectionId
  readonly connectorId: ConnectorId
  readonly accessToken: Uint8Array
  readonly refreshToken: Uint8Array | null
  readonly lifeMs: number
  readonly apiOrigin: string
  readonly tokenEndpoint: string
}

/** A person as the store keeps one, for worlds too big to be made by signing in and consenting. */
export const personRow = ({ orgId, subjectId, issuer, sub, domain, now }: Somebody): Tables['people'] => ({
  org_id: orgId,
  subject_id: subjectId,
  issuer,
  sub,
  email: `${sub}@${domain}`,
  email_verified: 1,
  name: sub,
  status: 'active',
  granted_roles: '[]',
  claim_roles: '[]',
  is_admin: 0,
  claims: '{"groups":[],"attributes":{}}',
  imported: '{"groups":[],"attributes":{}}',
  last_proof_at: now,
  created_at: now,
  version: 1,
})

/** The same person's first connection, sealed tokens and all. */
export const connectionRow = (
  { orgId, subjectId, now }: Somebody,
  { id, connectorId, accessToken, refreshToken, lifeMs, apiOrigin, tokenEndpoint }: Granted,
): Tables['connections'] => ({
  org_id: orgId,
  connection_id: id,
  connector_id: connectorId,
  subject_id: subjectId,
  status: 'connected',
  generation: 1,
  token_version: 1,
  connector_version: 1,
  access_token: accessToken,
  access_token_version: 1,
  refresh_token: refreshToken,
  refresh_token_version: refreshToken === null ? 0 : 1,
  received_at: now,
  expires_at: now + lifeMs,
  granted_scope: '["read"]',
  requested_scope: '["read"]',
  account_label: null,
  account_id: null,
  account_icon: null,
  variables: '{}',
  extra_tokens: null,
  extra_tokens_version: 0,
  refresh_expires_at: null,
  refresh_epoch: 0,
  dismissed_generation: null,
  granted_base_hosts: '[]',
  granted_api_origin: apiOrigin,
  granted_token_endpoint: tokenEndpoint,
  connected_at: now,
  last_used_at: null,
  reason: null,
})
