import type { ConnectionId, ConnectorId, OrgId, PluginId, SubjectId } from '@behalf/contract'
import { BrokerError } from '../../domain/broker-error.ts'
import { displayName } from '../../domain/connector.ts'
import type { Principal } from '../../domain/principal.ts'
import type { RequestContext } from '../../domain/request-context.ts'
import { type DailyUsage, dayOf, type Usage, type Use } from '../../domain/usage.ts'
import type { Ports } from '../../ports/index.ts'
import type { Page, PageRequest } from '../../ports/page.ts'
import type { UsageFilter } from '../../ports/usage-store.ts'
import { reaches, reachOf } from '../admin/own-things.ts'
import { newAuditEvent } from '../audit/new-audit-event.ts'

/** A name that is its owner's and one that people read. */
type Name = { readonly name: string; readonly displayName: string }
/** Usage with the names of what used what. */
export type Told<Kind extends Use> = Kind & { readonly plugin: Name; readonly connector: Name }

export type AskedUsage = {
  readonly subject?: SubjectId | undefined
  readonly connection?: ConnectionId | undefined
  readonly pluginName?: string | undefined
}

type Needs = Pick<Ports, 'audit' | 'clock' | 'connections' | 'connectors' | 'entropy' | 'plugins' | 'usage'>
const EXPORT_PAGE = 200
const NOTHING = { items: [], next: null }

/** Which plugin used which connection when and how often: a person's own, or everybody's with the right to it. */
export function createReadUsage(ports: Needs) {
  return { listUsage, listUsageDays, exportUsage, unseenUsage, seeUsage }

  async function listUsage(
    context: RequestContext,
    principal: Principal,
    asked: AskedUsage,
    page: PageRequest,
  ): Promise<Page<Told<Usage>>> {
    const filter = await within(context, principal, asked)
    if (filter === undefined) return NOTHING
    return told(context, await ports.usage.list(context.organization.id, filter, page))
  }

  /** Day by day from the instant `from` on, the oldest first. */
  async function listUsageDays(
    context: RequestContext,
    principal: Principal,
    asked: AskedUsage & { readonly from: number },
    page: PageRequest,
  ): Promise<Page<Told<DailyUsage>>> {
    const filter = await within(context, principal, asked)
    if (filter === undefined) return NOTHING
    return told(context, await ports.usage.days(context.organization.id, filter, dayOf(asked.from), page))
  }

  async function exportUsage(
    context: RequestContext,
    principal: Principal,
    asked: AskedUsage & { readonly from: number },
  ): Promise<AsyncIterable<Told<DailyUsage>>> {
    if (reachOf(principal, 'usage.read').all)
      await ports.audit.add([newAuditEvent(ports, context, principal, 'usage.exported')])
    return all()

    async function* all(): AsyncIterable<Told<DailyUsage>> {
      for (let after: string | null = null; ; ) {
        const page = await listUsageDays(context, principal, asked, { after, limit: EXPORT_PAGE })
        yield* page.items
        if (page.next === null) return
        after = page.next
      }
    }
  }

  /** What a person is to be told: plugins that began to use a connection of theirs since they last looked. */
  async function unseenUsage(
    context: RequestContext,
    principal: Extract<Principal, { kind: 'session' }>,
  ): Promise<readonly Told<Usage>[]> {
    const items = await ports.usage.unseen(context.organization.id, principal.person.id)
    return (await told(context, { items, next: null })).items
  }

  /** The person has seen who uses this connection. Throws `connection_not_found`. */
  async function seeUsage(context: RequestContext, principal: Principal, id: ConnectionId): Promise<void> {
    const { organization } = context
    const connection = await ports.connections.byId(organization.id, id)
    if (connection === undefined || principal.kind !== 'session' || principal.person.id !== connection.subjectId)
      throw new BrokerError('connection_not_found')
    await ports.usage.see(organization.id, principal.person.id, id, ports.clock.now())
  }

  /** Undefined where nothing can be within reach. */
  async function within(
    { organization }: RequestContext,
    principal: Principal,
    { subject, connection, pluginName }: AskedUsage,
  ): Promise<UsageFilter | undefined> {
    const reach = reachOf(principal, 'usage.read')
    if (!reach.all && (reach.subject === null || (subject !== undefined && !reaches(principal, 'usage.read', subject))))
      return undefined
    const plugin = pluginName === undefined ? undefined : await ports.plugins.byName(organization.id, pluginName)
    if (pluginName !== undefined && plugin === undefined) return undefined
    return { subject: reach.all ? subject : (reach.subject ?? undefined), connection, plugin: plugin?.id }
  }

  async function told<Kind extends Use>(
    { organization }: RequestContext,
    { items, next }: Page<Kind>,
  ): Promise<Page<Told<Kind>>> {
    const plugins = await named(
      items.map(({ pluginId }) => pluginId),
      id => pluginName(organization.id, id),
    )
    const connectors = await named(
      items.map(({ connectorId }) => connectorId),
      id => connectorName(organization.id, id),
    )
    const nobody = { name: '', displayName: '' }
    return {
      items: items.map(item => ({
        ...item,
        plugin: plugins.get(item.pluginId) ?? nobody,
        connector: connectors.get(item.connectorId) ?? nobody,
      })),
      next,
    }
  }

  async function pluginName(orgId: OrgId, id: PluginId): Promise<Name | undefined> {
    const definition = (await ports.plugins.byId(orgId, id))?.definition
    return definition && { name: definition.name, displayName: definition.display_name ?? definition.name }
  }

  async function connectorName(orgId: OrgId, id: ConnectorId): Promise<Name | undefined> {
    const connector = await ports.connectors.byId(orgId, id)
    return connector && { name: connector.name, displayName: displayName(connector) }
  }
}

async function named<Id>(
  ids: readonly Id[],
  read: (id: Id) => Promise<Name | undefined>,
): Promise<ReadonlyMap<Id, Name | undefined>> {
  const distinct = [...new Set(ids)]
  return new Map(await Promise.all(distinct.map(async id => [id, await read(id)] as const)))
}
