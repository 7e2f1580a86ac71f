import type { ApiKeyId, ConnectionId, OperationId, PluginKeyId, ROUTES, SessionId, SubjectId } from '@behalf/contract'
import type { z } from 'zod'
import type { Principal } from '../../domain/principal.ts'
import type { RequestContext } from '../../domain/request-context.ts'
import { reveal } from '../../domain/secret.ts'
import type { Flows } from '../../flows/flows.ts'
import { viewCheck, viewPreset, viewPresetSummary } from '../catalogue-views.ts'
import * as view from '../views.ts'
import { createAuditHandlers } from './audit-handlers.ts'
import { createDebugWindowHandlers } from './debug-window-handlers.ts'
import { createLogHandlers } from './log-handlers.ts'
import { paged, pageOf } from './paging.ts'
import type { PluginOperation } from './plugin-handlers.ts'
import { createSsoHandlers } from './sso-handlers.ts'
import { createUsageHandlers } from './usage-handlers.ts'
import { createWebhookHandlers } from './webhook-handlers.ts'

type Routes = typeof ROUTES
type Parsed<R, Key extends 'params' | 'query' | 'body'> = R extends Record<Key, z.ZodType> ? z.infer<R[Key]> : undefined

/** A request after every check of the edge: who, and what, typed by the contract. */
export type Asked<Operation extends OperationId> = {
  readonly context: RequestContext
  readonly principal: Principal
  readonly params: Parsed<Routes[Operation], 'params'>
  readonly query: Parsed<Routes[Operation], 'query'>
  readonly body: Parsed<Routes[Operation], 'body'>
  /** Of `If-Match`, where the route is versioned. */
  readonly version: number
  /** For the few operations that read headers, or end with their caller. Its body is read. */
  readonly request: Pick<Request, 'headers' | 'signal'>
}
type Answer<R> = R extends { answer: infer Schema extends z.ZodType }
  ? z.infer<Schema>
  : R extends { stream: string }
    ? AsyncIterable<string>
    : undefined
export type RestHandlers = {
  readonly [Operation in OperationId]: (asked: Asked<Operation>) => Promise<Answer<Routes[Operation]>>
}

const expiry = (text: string | null): number | null => (text === null ? null : Date.parse(text))

/** What each REST operation does: one flow, then one view. */
export function createRestHandlers(flows: Flows): Omit<RestHandlers, PluginOperation> {
  const connector = (context: RequestContext) => (found: Parameters<typeof view.viewConnector>[0]) =>
    view.viewConnector(found, flows.callbackUrlOf(context.organization, found))
  const organization = (found: Parameters<typeof view.viewOrganization>[0]) =>
    view.viewOrganization(found, flows.urlOf(found))

  return {
    readOrganization: async ({ context }) => organization(context.organization),
    async readAttention({ context, principal }) {
      const { connectors, connections, lapsing, turnedStrict } = await flows.readAttention(context, principal)
      return {
        connectors: connectors && [...connectors],
        connections,
        lapsing: lapsing && [...lapsing],
        turned_strict: turnedStrict && [...turnedStrict],
      }
    },
    async updateOrganization({ context, principal, body, version }) {
      const change = {
        ...(body.name === undefined ? {} : { name: body.name }),
        ...(body.callback_policy === undefined ? {} : { callbackPolicy: body.callback_policy }),
        ...(body.subject_idle_days === undefined ? {} : { subjectIdleDays: body.subject_idle_days }),
        ...(body.debug_windows === undefined ? {} : { debugWindows: body.debug_windows }),
        ...(body.role_mapping === undefined
          ? {}
          : { roleMapping: body.role_mapping as RequestContext['organization']['roleMapping'] }),
        ...(body.roster_claims === undefined ? {} : { rosterClaims: body.roster_claims }),
        ...(body.call_log_days === undefined ? {} : { callLogDays: body.call_log_days }),
        ...(body.strict_above === undefined ? {} : { strictAbove: body.strict_above }),
      }
      return organization(await flows.updateOrganization(context, principal, { change, version }))
    },

    listPresets: async ({ query }) => paged(await flows.listPresets(query, pageOf(query)), viewPresetSummary),
    checkConnector: async ({ context, principal, params, body }) =>
      viewCheck(await flows.checkConnector(context, principal, params.name, body)),
    readPreset: async ({ params }) => viewPreset(await flows.readPreset(params.name)),

    listConnectors: async ({ context, query }) =>
      paged(await flows.listConnectors(context, query.category, pageOf(query)), connector(context)),
    createConnector: async ({ context, principal, body }) =>
      connector(context)(await flows.createConnectorAsAsked(context, principal, body)),
    readConnector: async ({ context, params }) => connector(context)(await flows.readConnector(context, params.name)),
    updateConnector: async ({ context, principal, params, body, version }) =>
      connector(context)(await flows.updateConnector(context, principal, params.name, { patch: body, version })),
    async deleteConnector({ context, principal, params }) {
      await flows.retireConnector(context, principal, params.name)
      return undefined
    },
    approveConnector: async ({ context, principal, params }) =>
      connector(context)(await flows.approveConnector(context, principal, params.name)),

    previewConnectorDefinition: async ({ context, body }) =>
      view.viewPreview(await flows.previewDefinition(context, body)),
    previewConnector: async ({ context, params }) =>
      view.viewPreview(await flows.previewConnector(context, params.name)),
    async listConnectorVersions({ context, params, query }) {
      const current = await flows.readConnector(context, params.name)
      const found = await flows.listConnectorVersions(context, params.name, pageOf(query))
      return paged(found, one => view.viewConnectorVersion(one, current.version))
    },
    restoreConnectorVersion: async ({ context, principal, params, version }) =>
      connector(context)(
        await flows.restoreConnectorVersion(context, principal, params.name, { restored: params.restored, version }),
      ),
    async putLogo({ context, principal, body }) {
      const bytes = new Uint8Array(Buffer.from(body.data, 'base64'))
      await flows.setLogo(context, principal, { mediaType: body.media_type, bytes })
      return undefined
    },
    async deleteLogo({ context, principal }) {
      await flows.setLogo(context, principal, null)
      return undefined
    },
    async putConnectorIcon({ context, principal, params, body }) {
      const bytes = new Uint8Array(Buffer.from(body.data, 'base64'))
      await flows.setConnectorIcon(context, principal, params.name, { mediaType: body.media_type, bytes })
      return undefined
    },
    async deleteConnectorIcon({ context, principal, params }) {
      await flows.setConnectorIcon(context, principal, params.name, null)
      return undefined
    },
    async callConnector({ context, principal, params, body }) {
      const { method, path, headers, body: sent } = body
      const call = { connectorName: params.name, method, path, headers: Object.entries(headers), body: sent }
      const answered = await flows.callAsSelf(context, principal, call)
      return { ...answered, headers: answered.headers.map(([header, value]) => ({ name: header, value })) }
    },

    async listConnections({ context, principal, query }) {
      const asked = { subject: query.subject, connectorName: query.connector, status: query.status }
      return paged(await flows.listConnections(context, principal, asked, pageOf(query)), view.viewConnection)
    },
    readConnection: async ({ context, principal, params }) =>
      view.viewConnection(await flows.readConnection(context, principal, params.connection as ConnectionId)),
    async deleteConnection({ context, principal, params }) {
      await flows.readConnection(context, principal, params.connection as ConnectionId)
      await flows.disconnect(context, principal, params.connection as ConnectionId)
      return view.viewConnection(await flows.readConnection(context, principal, params.connection as ConnectionId))
    },

    async createConnectLink({ context, principal, body }) {
      const { link, url } = await flows.createConnectLink(context, principal, {
        subjectId: body.subject as SubjectId,
        connectorName: body.connector,
        pluginName: body.plugin,
        scope: body.scope,
        variables: body.variables,
        expiresInMs: body.expires_in * 1000,
        returnTo: body.return_to,
      })
      return view.viewConnectLink(link, url, body.connector)
    },

    listPlugins: async ({ context, query }) => paged(await flows.listPlugins(context, pageOf(query)), view.viewPlugin),
    createPlugin: async ({ context, principal, body }) =>
      view.viewPlugin(await flows.createPlugin(context, principal, body)),
    readPlugin: async ({ context, params }) => view.viewPlugin(await flows.readPlugin(context, params.name)),
    updatePlugin: async ({ context, principal, params, body, version }) =>
      view.viewPlugin(await flows.updatePlugin(context, principal, params.name, { patch: body, version })),
    async deletePlugin({ context, principal, params }) {
      await flows.retirePlugin(context, principal, params.name)
      return undefined
    },
    listPluginKeys: async ({ context, params, query }) =>
      paged(await flows.listPluginKeys(context, params.name, pageOf(query)), view.viewPluginKey),
    async createPluginKey({ context, principal, params, body }) {
      const { record, key } = await flows.createPluginKey(context, principal, params.name, {
        label: body.label,
        expiresAt: expiry(body.expires_at),
      })
      return { ...view.viewPluginKey(record), key: reveal(key) }
    },
    async revokePluginKey({ context, principal, params }) {
      await flows.revokePluginKey(context, principal, params.name, params.key as PluginKeyId)
      return undefined
    },

    async readMe({ context, principal }) {
      const csrfToken = principal.kind === 'session' ? await flows.csrfToken(context, principal) : null
      return view.viewMe(principal, context.organization, { url: flows.urlOf(context.organization), csrfToken })
    },
    listPeople: async ({ context, query }) =>
      paged(await flows.listPeople(context, query.q, pageOf(query)), view.viewPerson),
    listImportedPeople: async ({ context, query }) =>
      paged(await flows.listImportedPeople(context, pageOf(query)), view.viewImportedPerson),
    readPerson: async ({ context, principal, params }) =>
      view.viewPerson(await flows.readPerson(context, principal, params.id as SubjectId)),
    putRoles: async ({ context, principal, params, body }) =>
      view.viewPerson(await flows.putRoles(context, principal, params.id as SubjectId, body.roles)),
    suspendPerson: async ({ context, principal, params }) =>
      view.viewPerson(await flows.suspendPerson(context, principal, params.id as SubjectId)),
    resumePerson: async ({ context, principal, params }) =>
      view.viewPerson(await flows.resumePerson(context, principal, params.id as SubjectId)),

    async listSessions({ context, principal, query }) {
      const current = principal.kind === 'session' ? principal.sessionId : null
      const found = await flows.listSessions(context, principal, query.subject as SubjectId | undefined, pageOf(query))
      return paged(found, session => view.viewSession(session, current))
    },
    async endSession({ context, principal, params }) {
      await flows.endSession(context, principal, params.id as SessionId)
      return undefined
    },

    listApiKeys: async ({ context, query }) => paged(await flows.listApiKeys(context, pageOf(query)), view.viewApiKey),
    async createApiKey({ context, principal, body }) {
      const asked = { label: body.label, expiresAt: expiry(body.expires_at), roles: body.roles }
      const { record, key } = await flows.createApiKey(context, principal, asked)
      return { ...view.viewApiKey(record), key: reveal(key) }
    },
    async revokeApiKey({ context, principal, params }) {
      await flows.revokeApiKey(context, principal, params.id as ApiKeyId)
      return undefined
    },

    ...createSsoHandlers(flows),
    ...createAuditHandlers(flows),
    ...createLogHandlers(flows),
    ...createUsageHandlers(flows),
    ...createWebhookHandlers(flows),
    ...createDebugWindowHandlers(flows),
  }
}
