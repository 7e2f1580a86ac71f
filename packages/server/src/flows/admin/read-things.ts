import type { ConnectionId, SessionId, SubjectId } from '@behalf/contract'
import { BrokerError } from '../../domain/broker-error.ts'
import type { Connection } from '../../domain/connection.ts'
import type { Person } from '../../domain/person.ts'
import type { Principal } from '../../domain/principal.ts'
import { forecast, NO_FORECAST } from '../../domain/renewal.ts'
import type { RequestContext } from '../../domain/request-context.ts'
import type { RosterEntry } from '../../domain/roster.ts'
import type { Session } from '../../domain/session.ts'
import type { Ports } from '../../ports/index.ts'
import type { Page, PageRequest } from '../../ports/page.ts'
import { newAuditEvent } from '../audit/new-audit-event.ts'
import { sharersOf } from '../revoke/sharers-of.ts'
import { reaches, reachOf } from './own-things.ts'
import { readConnectorByName } from './read-connector.ts'
import { readPluginByName } from './read-plugin.ts'

type Needs = Pick<
  Ports,
  | 'apiKeys'
  | 'audit'
  | 'clock'
  | 'connections'
  | 'connectors'
  | 'entropy'
  | 'people'
  | 'plugins'
  | 'revocations'
  | 'roster'
  | 'sessions'
>

/** What REST reads. Somebody else's thing reads as one that does not exist. */
export function createReadThings(ports: Needs) {
  return {
    async listConnectors({ organization }: RequestContext, category: string | undefined, page: PageRequest) {
      if (category === undefined) return ports.connectors.list(organization.id, page)
      const { after, limit } = page
      const found = (await ports.connectors.all(organization.id)).filter(
        ({ name, definition }) => definition.categories.includes(category) && (after === null || name > after),
      )
      const items = found.slice(0, limit)
      return { items, next: found.length > limit ? (items.at(-1)?.name ?? null) : null }
    },
    readConnector: (context: RequestContext, name: string) => readConnectorByName(ports, context, name),
    listPlugins: ({ organization }: RequestContext, page: PageRequest) => ports.plugins.list(organization.id, page),
    readPlugin: (context: RequestContext, name: string) => readPluginByName(ports, context, name),
    async listPluginKeys(context: RequestContext, name: string, page: PageRequest) {
      const plugin = await readPluginByName(ports, context, name)
      return ports.plugins.listKeys(plugin.orgId, plugin.id, page)
    },
    listPeople: ({ organization }: RequestContext, words: string | undefined, page: PageRequest) =>
      ports.people.list(organization.id, page, words),
    listImportedPeople,
    listApiKeys: ({ organization }: RequestContext, page: PageRequest) => ports.apiKeys.list(organization.id, page),
    listConnections,
    readConnection,
    readPerson,
    listSessions,
    endSession,
  }

  /** By e-mail. */
  async function listImportedPeople(
    { organization }: RequestContext,
    { after, limit }: PageRequest,
  ): Promise<Page<RosterEntry>> {
    const found = await ports.roster.waiting(organization.id, after, limit + 1)
    const items = found.slice(0, limit)
    return { items, next: found.length > limit ? (items.at(-1)?.email ?? null) : null }
  }

  async function listConnections(
    context: RequestContext,
    principal: Principal,
    asked: {
      readonly subject?: SubjectId | undefined
      readonly connectorName?: string | undefined
      readonly status?: Connection['status'] | undefined
    },
    page: PageRequest,
  ): Promise<Page<Awaited<ReturnType<typeof described>>>> {
    const reach = reachOf(principal, 'connection.read')
    const subject = reach.all ? asked.subject : reach.subject
    if (!reach.all && (subject === null || (asked.subject !== undefined && asked.subject !== subject)))
      return { items: [], next: null }
    const named =
      asked.connectorName === undefined
        ? undefined
        : await ports.connectors.byName(context.organization.id, asked.connectorName)
    if (asked.connectorName !== undefined && named === undefined) return { items: [], next: null }
    const filter = {
      ...(subject == null ? {} : { subject }),
      ...(named === undefined ? {} : { connector: named.id }),
      ...(asked.status === undefined ? {} : { status: asked.status }),
    }
    const found = await ports.connections.list(context.organization.id, filter, page)
    return { items: await Promise.all(found.items.map(connection => described(context, connection))), next: found.next }
  }

  async function readConnection(context: RequestContext, principal: Principal, id: ConnectionId) {
    const connection = await ports.connections.byId(context.organization.id, id)
    if (connection === undefined || !reaches(principal, 'connection.read', connection.subjectId))
      throw new BrokerError('connection_not_found')
    return described(context, connection)
  }

  async function described({ organization }: RequestContext, connection: Connection) {
    const connector = await ports.connectors.byId(organization.id, connection.connectorId)
    const over = connection.status !== 'connected' && connection.status !== 'reconnect_required'
    return {
      connection,
      connectorName: connector?.name ?? '',
      revocations: over ? await ports.revocations.ofConnection(organization.id, connection.id) : [],
      instructionsUrl: connector?.definition.auth.instructions_url ?? null,
      forecast: connector === undefined || over ? NO_FORECAST : forecast(connector.definition, connection),
      sharers: connector === undefined || over ? [] : await sharersOf(ports, connector, connection),
    }
  }

  async function readPerson({ organization }: RequestContext, principal: Principal, id: SubjectId): Promise<Person> {
    const person = await ports.people.byId(organization.id, id)
    if (person === undefined || !reaches(principal, 'person.read', id)) throw new BrokerError('not_found')
    return person
  }

  async function listSessions(
    { organization }: RequestContext,
    principal: Principal,
    asked: SubjectId | undefined,
    page: PageRequest,
  ): Promise<Page<Session>> {
    const reach = reachOf(principal, 'session.read')
    if (reach.all) return ports.sessions.list(organization.id, asked ?? null, page)
    if (reach.subject === null || (asked !== undefined && asked !== reach.subject)) return { items: [], next: null }
    return ports.sessions.list(organization.id, reach.subject, page)
  }

  /** Throws `not_found`. */
  async function endSession(context: RequestContext, principal: Principal, id: SessionId): Promise<void> {
    const session = await ports.sessions.byId(context.organization.id, id)
    if (session === undefined || !reaches(principal, 'session.end', session.subjectId))
      throw new BrokerError('not_found')
    const audit = newAuditEvent(ports, context, principal, 'session.ended', {
      onBehalfOf: session.subjectId,
      target: id,
    })
    if (!(await ports.sessions.end(context.organization.id, id, audit))) throw new BrokerError('not_found')
  }
}
