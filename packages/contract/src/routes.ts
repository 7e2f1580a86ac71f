import { z } from 'zod'
import { connector, connectorCreate, connectorPatch } from './connector.ts'
import { connectionId, subjectId } from './ids.ts'
import type { ProblemCode } from './problem.ts'
import * as r from './resources.ts'
import { name, page, pageQuery } from './wire.ts'

/** What a principal must be allowed to do; `domain/permission.ts` says which role may. */
export type Capability =
  | 'connector.read'
  | 'connector.edit'
  | 'connector.approve'
  | 'plugin.read'
  | 'plugin.edit'
  | 'plugin.grant'
  | 'connection.read'
  | 'connection.disconnect'
  | 'connect-link.create'
  | 'call-log.read'
  | 'audit.read'
  | 'person.read'
  | 'person.edit'
  | 'session.read'
  | 'session.end'
  | 'api-key.read'
  | 'api-key.edit'
  | 'organization.read'
  | 'organization.edit'

/** One REST endpoint as data. `allows` names the capability; `own` marks what everyone may do to what is theirs. */
export type Route = {
  readonly method: 'get' | 'post' | 'patch' | 'put' | 'delete'
  readonly path: `/${string}`
  readonly summary: string
  readonly allows: Capability
  readonly own?: true
  readonly params?: z.ZodObject
  readonly query?: z.ZodObject
  readonly body?: z.ZodType
  readonly answer?: z.ZodType
  readonly status: 200 | 201 | 202 | 204
  /** Updates that need `If-Match`. */
  readonly versioned?: true
  readonly problems: readonly ProblemCode[]
}

const byName = z.object({ name })
const route = <const R extends Route>(definition: R): R => definition

/** All REST endpoints under `/api/v1`, keyed by operation id. */
export const ROUTES = {
  readOrganization: route({
    method: 'get',
    path: '/organization',
    summary: 'Read the organization and its URLs',
    allows: 'organization.read',
    answer: r.organization,
    status: 200,
    problems: [],
  }),
  updateOrganization: route({
    method: 'patch',
    path: '/organization',
    summary: 'Change the organization',
    allows: 'organization.edit',
    body: r.organizationPatch,
    answer: r.organization,
    status: 200,
    versioned: true,
    problems: ['version_conflict', 'version_required'],
  }),

  listConnectors: route({
    method: 'get',
    path: '/connectors',
    summary: 'List connectors',
    allows: 'connector.read',
    query: pageQuery,
    answer: page(connector),
    status: 200,
    problems: ['invalid_cursor'],
  }),
  createConnector: route({
    method: 'post',
    path: '/connectors',
    summary: 'Create a connector',
    allows: 'connector.edit',
    body: connectorCreate,
    answer: connector,
    status: 201,
    problems: ['already_exists'],
  }),
  readConnector: route({
    method: 'get',
    path: '/connectors/{name}',
    summary: 'Read a connector',
    allows: 'connector.read',
    params: byName,
    answer: connector,
    status: 200,
    problems: ['connector_not_found'],
  }),
  updateConnector: route({
    method: 'patch',
    path: '/connectors/{name}',
    summary: 'Change a connector (RFC 7396)',
    allows: 'connector.edit',
    params: byName,
    body: connectorPatch,
    answer: connector,
    status: 200,
    versioned: true,
    problems: ['connector_not_found', 'version_conflict', 'version_required'],
  }),
  deleteConnector: route({
    method: 'delete',
    path: '/connectors/{name}',
    summary: 'Retire a connector and disconnect everyone',
    allows: 'connector.edit',
    params: byName,
    status: 204,
    problems: ['connector_not_found'],
  }),
  approveConnector: route({
    method: 'post',
    path: '/connectors/{name}/approve',
    summary: 'Approve the hosts of a connector',
    allows: 'connector.approve',
    params: byName,
    answer: connector,
    status: 200,
    problems: ['connector_not_found'],
  }),

  listConnections: route({
    method: 'get',
    path: '/connections',
    summary: 'List connections',
    allows: 'connection.read',
    own: true,
    query: pageQuery.extend({ subject: subjectId.optional(), connector: name.optional() }),
    answer: page(r.connection),
    status: 200,
    problems: ['invalid_cursor'],
  }),
  readConnection: route({
    method: 'get',
    path: '/connections/{connection}',
    summary: 'Read a connection',
    allows: 'connection.read',
    own: true,
    params: z.object({ connection: connectionId }),
    answer: r.connection,
    status: 200,
    problems: ['connection_not_found'],
  }),
  deleteConnection: route({
    method: 'delete',
    path: '/connections/{connection}',
    summary: 'Disconnect',
    allows: 'connection.disconnect',
    own: true,
    params: z.object({ connection: connectionId }),
    answer: r.connection,
    status: 200,
    problems: ['connection_not_found'],
  }),

  createConnectLink: route({
    method: 'post',
    path: '/connect-links',
    summary: 'Make a link that lets one person connect one system',
    allows: 'connect-link.create',
    body: r.connectLinkCreate,
    answer: r.connectLink,
    status: 201,
    problems: ['connector_not_found', 'plugin_not_found'],
  }),

  listPlugins: route({
    method: 'get',
    path: '/plugins',
    summary: 'List plugins',
    allows: 'plugin.read',
    query: pageQuery,
    answer: page(r.plugin),
    status: 200,
    problems: ['invalid_cursor'],
  }),
  createPlugin: route({
    method: 'post',
    path: '/plugins',
    summary: 'Create a plugin',
    allows: 'plugin.edit',
    body: r.pluginDefinition,
    answer: r.plugin,
    status: 201,
    problems: ['already_exists', 'connector_not_found'],
  }),
  readPlugin: route({
    method: 'get',
    path: '/plugins/{name}',
    summary: 'Read a plugin',
    allows: 'plugin.read',
    params: byName,
    answer: r.plugin,
    status: 200,
    problems: ['plugin_not_found'],
  }),
  updatePlugin: route({
    method: 'patch',
    path: '/plugins/{name}',
    summary: 'Change a plugin (RFC 7396)',
    allows: 'plugin.edit',
    params: byName,
    body: r.pluginPatch,
    answer: r.plugin,
    status: 200,
    versioned: true,
    problems: ['plugin_not_found', 'connector_not_found', 'version_conflict', 'version_required'],
  }),
  deletePlugin: route({
    method: 'delete',
    path: '/plugins/{name}',
    summary: 'Retire a plugin and its keys',
    allows: 'plugin.edit',
    params: byName,
    status: 204,
    problems: ['plugin_not_found'],
  }),
  listPluginKeys: route({
    method: 'get',
    path: '/plugins/{name}/keys',
    summary: 'List the keys of a plugin',
    allows: 'plugin.read',
    params: byName,
    query: pageQuery,
    answer: page(r.pluginKey),
    status: 200,
    problems: ['plugin_not_found', 'invalid_cursor'],
  }),
  createPluginKey: route({
    method: 'post',
    path: '/plugins/{name}/keys',
    summary: 'Make a plugin key; it is shown once',
    allows: 'plugin.edit',
    params: byName,
    body: r.pluginKeyCreate,
    answer: r.newPluginKey,
    status: 201,
    problems: ['plugin_not_found'],
  }),
  revokePluginKey: route({
    method: 'delete',
    path: '/plugins/{name}/keys/{key}',
    summary: 'Revoke a plugin key',
    allows: 'plugin.edit',
    params: z.object({ name, key: r.pluginKey.shape.id }),
    status: 204,
    problems: ['plugin_not_found', 'not_found'],
  }),

  listPeople: route({
    method: 'get',
    path: '/people',
    summary: 'List people',
    allows: 'person.read',
    query: pageQuery,
    answer: page(r.person),
    status: 200,
    problems: ['invalid_cursor'],
  }),
  readPerson: route({
    method: 'get',
    path: '/people/{id}',
    summary: 'Read a person',
    allows: 'person.read',
    own: true,
    params: z.object({ id: subjectId }),
    answer: r.person,
    status: 200,
    problems: ['not_found'],
  }),
  putRoles: route({
    method: 'put',
    path: '/people/{id}/roles',
    summary: 'Set the roles granted to a person',
    allows: 'person.edit',
    params: z.object({ id: subjectId }),
    body: r.rolesPut,
    answer: r.person,
    status: 200,
    problems: ['not_found', 'last_admin', 'forbidden'],
  }),
  suspendPerson: route({
    method: 'post',
    path: '/people/{id}/suspend',
    summary: 'Suspend a person',
    allows: 'person.edit',
    params: z.object({ id: subjectId }),
    answer: r.person,
    status: 200,
    problems: ['not_found', 'last_admin'],
  }),
  resumePerson: route({
    method: 'delete',
    path: '/people/{id}/suspend',
    summary: 'End a suspension',
    allows: 'person.edit',
    params: z.object({ id: subjectId }),
    answer: r.person,
    status: 200,
    problems: ['not_found'],
  }),

  listSessions: route({
    method: 'get',
    path: '/sessions',
    summary: 'List browser sessions',
    allows: 'session.read',
    own: true,
    query: pageQuery.extend({ subject: subjectId.optional() }),
    answer: page(r.session),
    status: 200,
    problems: ['invalid_cursor'],
  }),
  endSession: route({
    method: 'delete',
    path: '/sessions/{id}',
    summary: 'Sign a browser out',
    allows: 'session.end',
    own: true,
    params: z.object({ id: r.session.shape.id }),
    status: 204,
    problems: ['not_found'],
  }),

  listApiKeys: route({
    method: 'get',
    path: '/api-keys',
    summary: 'List API keys',
    allows: 'api-key.read',
    query: pageQuery,
    answer: page(r.apiKey),
    status: 200,
    problems: ['invalid_cursor'],
  }),
  createApiKey: route({
    method: 'post',
    path: '/api-keys',
    summary: 'Make an API key; it is shown once',
    allows: 'api-key.edit',
    body: r.apiKeyCreate,
    answer: r.newApiKey,
    status: 201,
    problems: [],
  }),
  revokeApiKey: route({
    method: 'delete',
    path: '/api-keys/{id}',
    summary: 'Revoke an API key',
    allows: 'api-key.edit',
    params: z.object({ id: r.apiKey.shape.id }),
    status: 204,
    problems: ['not_found'],
  }),

  listAuditEvents: route({
    method: 'get',
    path: '/audit-events',
    summary: 'List audit events, newest first',
    allows: 'audit.read',
    query: pageQuery.extend({ action: z.string().max(100).optional(), subject: subjectId.optional() }),
    answer: page(r.auditEvent),
    status: 200,
    problems: ['invalid_cursor'],
  }),
  listCallLogs: route({
    method: 'get',
    path: '/call-logs',
    summary: 'List call log entries, newest first',
    allows: 'call-log.read',
    query: pageQuery.extend({ plugin: name.optional(), connector: name.optional(), subject: subjectId.optional() }),
    answer: page(r.callLogEntry),
    status: 200,
    problems: ['invalid_cursor'],
  }),
} as const satisfies Record<string, Route>

export type OperationId = keyof typeof ROUTES
