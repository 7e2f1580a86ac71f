import type * as wire from '@behalf/contract'
import type { ConnectionId } from '@behalf/contract'
import type { z } from 'zod'
import type { ApiKey } from '../domain/api-key.ts'
import type { StoredAuditEvent } from '../domain/audit-event.ts'
import type { ConnectLink } from '../domain/connect-link.ts'
import type { Connection } from '../domain/connection.ts'
import { type Connector, displayName, hostsOf, isApproved } from '../domain/connector.ts'
import type { Organization } from '../domain/organization.ts'
import { capabilitiesOf } from '../domain/permission.ts'
import { type Person, rolesOf } from '../domain/person.ts'
import type { KeyRecord, Plugin, PluginKey, PluginVersion } from '../domain/plugin.ts'
import type { Principal } from '../domain/principal.ts'
import type { GrantForecast } from '../domain/renewal.ts'
import type { PreviewedRequest } from '../domain/request-preview.ts'
import type { Revocation } from '../domain/revocation.ts'
import { allKnown, type RosterEntry } from '../domain/roster.ts'
import type { Session } from '../domain/session.ts'
import type { AuditVerdict } from '../flows/audit/verify-audit.ts'
import { brandOf } from './pages/brand.ts'

export type View<Schema extends z.ZodType> = z.infer<Schema>

/** An instant as it travels: RFC 3339, UTC. */
export const instant = (at: number): string => new Date(at).toISOString()
export const instantOrNull = (at: number | null): string | null => (at === null ? null : instant(at))

export const viewOrganization = (organization: Organization, url: string): View<typeof wire.organization> => ({
  id: organization.id,
  slug: organization.slug,
  name: organization.name,
  url,
  callback_url: `${url}/auth/oauthCallback`,
  sso: {
    issuer: organization.sso.issuer,
    client_id: organization.sso.clientId,
    callback_url: `${url}/auth/ssoCallback`,
  },
  callback_policy: organization.callbackPolicy,
  subject_idle_days: organization.subjectIdleDays,
  debug_windows: organization.debugWindows,
  role_mapping: organization.roleMapping as View<typeof wire.organization>['role_mapping'],
  roster_claims: organization.rosterClaims && {
    groups: organization.rosterClaims.groups,
    attributes: { ...organization.rosterClaims.attributes },
  },
  strict_above: organization.strictAbove,
  call_log_days: organization.callLogDays,
  logo_url: brandOf(organization).logo,
  version: organization.version,
})

export function viewConnector(connector: Connector, callbackUrl: string): View<typeof wire.connector> {
  const { definition, clientSecret } = connector
  return {
    ...definition,
    id: connector.id,
    name: connector.name,
    display_name: displayName(connector),
    display_description: definition.display_description ?? null,
    auth: {
      ...definition.auth,
      secrets: viewSecrets(connector),
      client_secret: { set: clientSecret !== null, updated_at: instantOrNull(clientSecret?.updatedAt ?? null) },
    },
    callback_url: callbackUrl,
    observed_issuer: connector.observedIssuer,
    health_state: connector.health && { ...connector.health, at: instant(connector.health.at) },
    approved: isApproved(connector),
    approved_hosts: [...connector.approvedHosts],
    hosts: [...hostsOf(definition)],
    version: connector.version,
    created_at: instant(connector.createdAt),
    updated_at: instant(connector.updatedAt),
  }
}

export const viewConnectorVersion = (
  { version, updatedAt, definition }: Connector,
  current: number,
): View<typeof wire.connectorVersion> => ({
  version,
  updated_at: instant(updatedAt),
  current: version === current,
  definition,
})

export const viewPreview = ({
  callbackUrl,
  requests,
}: {
  readonly callbackUrl: string
  readonly requests: readonly PreviewedRequest[]
}): View<typeof wire.connectorPreview> => ({
  callback_url: callbackUrl,
  requests: requests.map(({ headers, ...request }) => ({ ...request, headers: { ...headers } })),
})

function viewSecrets({ definition, secrets }: Connector): View<typeof wire.connector>['auth']['secrets'] {
  const updatedAt = instantOrNull(secrets?.updatedAt ?? null)
  const state = (name: string) => {
    const set = secrets?.names.includes(name) === true
    return { set, updated_at: set ? updatedAt : null }
  }
  const variables = Object.entries(definition.variables).filter(([, { secret }]) => secret)
  return {
    previous_client_secret: state('previous_client_secret'),
    private_key: state('private_key'),
    tls_client_key: state('tls_client_key'),
    variables: Object.fromEntries(variables.map(([name]) => [name, state(`variables.${name}`)])),
  }
}

export type DescribedConnection = {
  readonly connection: Connection
  readonly connectorName: string
  readonly revocations: readonly Revocation[]
  readonly instructionsUrl: string | null
  readonly forecast: GrantForecast
  readonly sharers: readonly ConnectionId[]
}

export const viewConnection = ({
  connection,
  connectorName,
  revocations,
  instructionsUrl,
  forecast,
  sharers,
}: DescribedConnection): View<typeof wire.connection> => ({
  id: connection.id,
  connector: connectorName,
  subject: connection.subjectId,
  status: connection.status,
  account_label: connection.accountLabel,
  account_id: connection.accountId,
  account_icon: connection.accountIcon,
  variables: { ...connection.variables },
  refresh_idle_until: instantOrNull(forecast.idleUntil),
  consent_until: instantOrNull(forecast.consentUntil),
  shares_grant_with: [...sharers],
  granted_scope: connection.grantedScope && [...connection.grantedScope],
  requested_scope: [...connection.requestedScope],
  access_token_expires_at: instantOrNull(connection.expiresAt),
  has_refresh_token: connection.refreshToken !== null,
  connected_at: instant(connection.connectedAt),
  last_used_at: instantOrNull(connection.lastUsedAt),
  revocation: revocations.map(({ step, token, outcome }) => ({ step, token, outcome })),
  instructions_url: instructionsUrl,
})

export const viewConnectLink = (
  link: ConnectLink,
  url: string,
  connectorName: string,
): View<typeof wire.connectLink> => ({
  id: link.id,
  url,
  connector: connectorName,
  subject: link.subjectId,
  expires_at: instant(link.expiresAt),
})

export const viewPlugin = ({
  id,
  definition,
  version,
  publishedVersion,
  createdAt,
  updatedAt,
}: Plugin): View<typeof wire.plugin> => ({
  ...definition,
  id,
  display_name: definition.display_name ?? definition.name,
  description: definition.description ?? null,
  version,
  published_version: publishedVersion,
  created_at: instant(createdAt),
  updated_at: instant(updatedAt),
})

export const viewPluginVersion = (version: PluginVersion): View<typeof wire.pluginVersion> => ({
  version: version.version,
  display_name: version.definition.display_name ?? version.definition.name,
  description: version.definition.description ?? null,
  connectors: version.definition.connectors,
  actions: version.definition.actions,
  published_at: instant(version.publishedAt),
  published_by: version.publishedBy,
})

const viewKey = ({ label, start, createdAt, expiresAt, revokedAt, lastUsedAt }: KeyRecord<string>) => ({
  label,
  start,
  created_at: instant(createdAt),
  expires_at: instantOrNull(expiresAt),
  revoked_at: instantOrNull(revokedAt),
  last_used_at: instantOrNull(lastUsedAt),
})
export const viewPluginKey = (key: PluginKey): View<typeof wire.pluginKey> => ({ id: key.id, ...viewKey(key) })
export const viewApiKey = (key: ApiKey): View<typeof wire.apiKey> => ({
  id: key.id,
  roles: [...key.roles],
  ...viewKey(key),
})

const viewDescribed = (person: Person): Pick<View<typeof wire.person>, 'groups' | 'attributes'> => {
  const { groups, attributes } = allKnown(person)
  return { groups: [...groups], attributes: attributes as View<typeof wire.person>['attributes'] }
}

export const viewImportedPerson = ({
  email,
  name,
  groups,
  attributes,
  importedAt,
}: RosterEntry): View<typeof wire.importedPerson> => ({
  email,
  name,
  groups: [...groups],
  attributes: attributes as View<typeof wire.importedPerson>['attributes'],
  imported_at: instant(importedAt),
})

export const viewPerson = (person: Person): View<typeof wire.person> => ({
  id: person.id,
  issuer: person.issuer,
  email: person.email,
  email_verified: person.emailVerified,
  name: person.name,
  status: person.status,
  roles: [...rolesOf(person)],
  granted_roles: [...person.grantedRoles],
  ...viewDescribed(person),
  last_seen_at: instant(person.lastProofAt),
  version: person.version,
})

/** Whoever asks, as told to himself. */
export function viewMe(
  principal: Principal,
  { name }: Organization,
  { url, csrfToken }: { readonly url: string; readonly csrfToken: string | null },
): View<typeof wire.me> {
  const person = principal.kind === 'session' ? principal.person : null
  return {
    kind: principal.kind === 'session' ? 'session' : 'api_key',
    subject: person?.id ?? null,
    name: person?.name ?? null,
    email: person?.email ?? null,
    roles: [...principal.roles],
    may: capabilitiesOf(principal.roles),
    organization: { name, url },
    csrf_token: csrfToken,
  }
}

export const viewSession = (session: Session, current: string | null): View<typeof wire.session> => ({
  id: session.id,
  subject: session.subjectId,
  created_at: instant(session.createdAt),
  last_seen_at: instant(session.lastSeenAt),
  expires_at: instant(session.expiresAt),
  current: session.id === current,
  user_agent: session.userAgent,
})

export const viewAuditVerdict = (verdict: AuditVerdict): View<typeof wire.auditVerdict> => ({
  sound: verdict.kind === 'sound',
  events: verdict.kind === 'sound' ? verdict.events : null,
  head: verdict.kind === 'sound' ? verdict.head : null,
  broken_at: verdict.kind === 'broken' ? verdict.sequence : null,
  broken: verdict.kind === 'broken' ? verdict.what : null,
})

export const viewAuditEvent = (event: StoredAuditEvent): View<typeof wire.auditEvent> => ({
  id: event.id,
  at: instant(event.at),
  action: event.action,
  result: event.result,
  principal: event.principal,
  on_behalf_of: event.onBehalfOf,
  target: event.target,
  address: event.address,
  request_id: event.requestId,
  details: event.details as View<typeof wire.auditEvent>['details'],
  sequence: event.sequence,
})
