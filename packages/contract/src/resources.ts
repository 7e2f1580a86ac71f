import { z } from 'zod'
import { apiKeyId, auditEventId, connectionId, connectLinkId, orgId, pluginKeyId, sessionId, subjectId } from './ids.ts'
import { instant, line, name, scopeToken } from './wire.ts'

export const role = z.enum(['developer', 'log_viewer', 'auditor', 'admin'])
export type Role = z.infer<typeof role>

/** Names that a launch rule gives a meaning of their own. */
export const RESERVED_ATTRIBUTES: ReadonlySet<string> = new Set([
  'email',
  'name',
  'groups',
  'and',
  'or',
  'not',
  'in',
  'contains',
  'true',
  'false',
])
export const attributeName = z
  .string()
  .regex(/^[a-z][a-z0-9_]{0,62}$/, 'lower-case letters, digits and underscores, a letter first')
  .refine(text => !RESERVED_ATTRIBUTES.has(text), 'reserved')

export const organization = z
  .object({
    id: orgId,
    slug: z.string(),
    name: z.string(),
    url: z.string(),
    /** The organization's own callback; a connector's `callback_url` says which of the two it uses. */
    callback_url: z.string(),
    sso: z.object({ issuer: z.string(), client_id: z.string(), callback_url: z.string() }),
    callback_policy: z.enum(['safe', 'shared_callback_accepted']),
    subject_idle_days: z.int().nullable(),
    /** Whether developers may ask people for debug windows. */
    debug_windows: z.boolean(),
    role_mapping: z.object({ claim: z.string(), values: z.partialRecord(role, z.array(z.string())) }).nullable(),
    /** Which claims of a sign-in fill the roster: the one with groups, and attributes by their name here. */
    roster_claims: z.object({ groups: z.string().nullable(), attributes: z.record(z.string(), z.string()) }).nullable(),
    /** A launch to more people than this is strict. */
    strict_above: z.int(),
    /** Days that call log entries are kept; those with content go after 14 at the latest. */
    call_log_days: z.int(),
    /** Where the uploaded logo is; null where there is none. */
    logo_url: z.string().nullable(),
    version: z.int(),
  })
  .meta({ id: 'Organization' })

export const organizationPatch = z
  .strictObject({
    name: line(100).optional(),
    callback_policy: z.enum(['safe', 'shared_callback_accepted']).optional(),
    subject_idle_days: z.int().min(1).max(365).nullable().optional(),
    debug_windows: z.boolean().optional(),
    role_mapping: z
      .strictObject({ claim: line(100), values: z.partialRecord(role, z.array(line(200)).max(100)) })
      .nullable()
      .optional(),
    roster_claims: z
      .strictObject({
        groups: line(200).nullable().default(null),
        attributes: z
          .record(attributeName, line(200))
          .refine(names => Object.keys(names).length <= 50, 'at most 50')
          .default({}),
      })
      .nullable()
      .optional(),
    /** Can only be lowered. */
    strict_above: z.int().min(0).max(10).optional(),
    call_log_days: z.int().min(1).max(90).optional(),
  })
  .meta({ id: 'OrganizationPatch' })

export const connectionStatus = z.enum([
  'connected',
  'reconnect_required',
  'disconnecting',
  'revoked',
  'disconnected_unconfirmed',
])
export const tokenOutcome = z.enum(['pending', 'revoked', 'already_gone', 'unsupported', 'gave_up', 'cancelled'])

export const connection = z
  .object({
    id: connectionId,
    connector: name,
    subject: subjectId,
    status: connectionStatus,
    account_label: z.string().nullable(),
    account_id: z.string().nullable(),
    account_icon: z.string().nullable(),
    /** What was asked of the person and captured from answers, such as the host of their instance. */
    variables: z.record(z.string(), z.string()),
    /** The refresh token lapses when it is not used until then; it is kept alive before. */
    refresh_idle_until: instant.nullable(),
    /** The person must consent again by then, where anybody tells. */
    consent_until: instant.nullable(),
    /** Other connections of the same account, whose grant ends with this one where the provider keeps one grant an account. */
    shares_grant_with: z.array(connectionId),
    granted_scope: z.array(z.string()).nullable(),
    requested_scope: z.array(z.string()),
    access_token_expires_at: instant.nullable(),
    has_refresh_token: z.boolean(),
    connected_at: instant,
    last_used_at: instant.nullable(),
    revocation: z.array(z.object({ step: z.int(), token: z.string(), outcome: tokenOutcome })),
    instructions_url: z.string().nullable(),
  })
  .meta({ id: 'Connection' })

/** One call as a developer tries it with the own connection. */
export const ownCall = z
  .strictObject({
    method: z.enum(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE']).default('GET'),
    /** Under the connector's base URL, query and all. */
    path: z.string().max(2000).startsWith('/'),
    headers: z.record(z.string().max(100), z.string().max(2000)).default({}),
    body: z.string().max(100_000).optional(),
  })
  .meta({ id: 'OwnCall' })
export const ownAnswer = z
  .object({
    status: z.int(),
    headers: z.array(z.object({ name: z.string(), value: z.string() })),
    body: z.string(),
  })
  .meta({ id: 'OwnAnswer' })

export const connectLinkCreate = z
  .strictObject({
    subject: subjectId,
    connector: name,
    plugin: name.optional(),
    scope: z.array(scopeToken).max(100).optional(),
    /** Answers to what the connector asks of people, filled in beforehand; they are shown and can be changed. */
    variables: z.record(z.string().max(40), z.string().max(200)).optional(),
    expires_in: z.int().min(60).max(604_800).default(86_400),
    /** Where the person goes on afterwards: a path of this organization. */
    return_to: z.string().max(2000).optional(),
  })
  .meta({ id: 'ConnectLinkCreate' })

export const connectLink = z
  .object({ id: connectLinkId, url: z.string(), connector: name, subject: subjectId, expires_at: instant })
  .meta({ id: 'ConnectLink' })

const keyCreate = { label: line(100), expires_at: instant.nullable().default(null) }
export const pluginKeyCreate = z.strictObject(keyCreate).meta({ id: 'PluginKeyCreate' })
export const apiKeyCreate = z
  .strictObject({ ...keyCreate, roles: z.array(role).min(1).max(4) })
  .meta({ id: 'ApiKeyCreate' })

const keyFields = {
  label: z.string(),
  /** The first characters, enough to recognize a key by. */
  start: z.string(),
  created_at: instant,
  expires_at: instant.nullable(),
  revoked_at: instant.nullable(),
  last_used_at: instant.nullable(),
}
export const pluginKey = z.object({ id: pluginKeyId, ...keyFields }).meta({ id: 'PluginKey' })
export const apiKey = z.object({ id: apiKeyId, roles: z.array(role), ...keyFields }).meta({ id: 'ApiKey' })
/** The only answer that ever holds a key. */
export const newPluginKey = pluginKey.extend({ key: z.string() }).meta({ id: 'NewPluginKey' })
export const newApiKey = apiKey.extend({ key: z.string() }).meta({ id: 'NewApiKey' })

export const person = z
  .object({
    id: subjectId,
    issuer: z.string(),
    email: z.string().nullable(),
    email_verified: z.boolean(),
    name: z.string().nullable(),
    status: z.enum(['active', 'suspended']),
    /** Granted here and mapped from SSO claims, together. */
    roles: z.array(role),
    granted_roles: z.array(role),
    /** What launch rules see: from the last sign-in, and from the import where that says nothing. */
    groups: z.array(z.string()),
    attributes: z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.array(z.string())])),
    last_seen_at: instant.nullable(),
    version: z.int(),
  })
  .meta({ id: 'Person' })
export const rosterImportAsk = z
  .strictObject({
    /** RFC 4180; the first line names the columns: email, name, groups, and attributes. */
    csv: z.string().max(2_000_000),
    /** Tells what would be done and each faulty line, and does nothing. */
    dry_run: z.boolean().default(false),
  })
  .meta({ id: 'RosterImportAsk' })
export const rosterImport = z
  .object({
    dry_run: z.boolean(),
    lines: z.int(),
    added: z.int(),
    changed: z.int(),
    unchanged: z.int(),
    /** Lines of people who have signed in. */
    known: z.int(),
    faults: z.array(z.object({ line: z.int(), reason: z.string() })),
  })
  .meta({ id: 'RosterImport' })
/** Somebody an import told of; a person once they sign in with the e-mail, verified. */
export const importedPerson = z
  .object({
    email: z.string(),
    name: z.string().nullable(),
    groups: z.array(z.string()),
    attributes: z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.array(z.string())])),
    imported_at: instant,
  })
  .meta({ id: 'ImportedPerson' })
export const rolesPut = z.strictObject({ roles: z.array(role).max(4) }).meta({ id: 'Roles' })

/** Who is asking: a signed-in person or an API key. */
export const me = z
  .object({
    kind: z.enum(['session', 'api_key']),
    subject: subjectId.nullable(),
    name: z.string().nullable(),
    email: z.string().nullable(),
    roles: z.array(role),
    /** Everything these roles allow, such as `connector.edit`. */
    may: z.array(z.string()),
    organization: z.object({ name: z.string(), url: z.string() }),
    /** For the `Behalf-CSRF` header of this browser session; null for a key, which needs none. */
    csrf_token: z.string().nullable(),
  })
  .meta({ id: 'Me' })

export const session = z
  .object({
    id: sessionId,
    subject: subjectId,
    created_at: instant,
    last_seen_at: instant,
    expires_at: instant,
    current: z.boolean(),
    user_agent: z.string().nullable(),
  })
  .meta({ id: 'Session' })

export const auditResult = z.enum(['done', 'refused', 'failed'])

export const auditEvent = z
  .object({
    id: auditEventId,
    at: instant,
    action: z.string(),
    result: auditResult,
    principal: z.string(),
    on_behalf_of: subjectId.nullable(),
    target: z.string().nullable(),
    address: z.string().nullable(),
    request_id: z.string().nullable(),
    details: z.record(z.string(), z.json()),
    /** Position in the organization's chain; null until sealed, within a second. */
    sequence: z.int().nullable(),
  })
  .meta({ id: 'AuditEvent' })

/** Whether the chain of the audit is whole, or where it first is not. */
export const auditVerdict = z
  .object({
    sound: z.boolean(),
    events: z.int().nullable(),
    /** The chain's head, hex: keep it elsewhere, and a cut tail shows. */
    head: z.string().nullable(),
    broken_at: z.int().nullable(),
    broken: z.enum(['altered', 'missing', 'tail_cut']).nullable(),
  })
  .meta({ id: 'AuditVerdict' })
