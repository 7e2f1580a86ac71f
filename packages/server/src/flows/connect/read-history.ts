import type { OrgId } from '@behalf/contract'
import type { CallEntry } from '../../domain/call-entry.ts'
import { displayName } from '../../domain/connector.ts'
import type { Principal } from '../../domain/principal.ts'
import type { RequestContext } from '../../domain/request-context.ts'
import type { CallFilter } from '../../ports/call-log.ts'
import type { Ports } from '../../ports/index.ts'
import type { Page, PageRequest } from '../../ports/page.ts'

/** One use of a connection, as its person reads it: who, what, when and how it ended, never content. */
export type HistoryEntry = {
  readonly at: number
  readonly plugin: string | null
  readonly system: string
  /** `stopped` never left this broker; `refused` and `failed` are the system's own 4xx and 5xx. */
  readonly result: 'answered' | 'refused' | 'failed' | 'stopped'
  readonly status: number | null
}
export type History = {
  readonly entries: readonly HistoryEntry[]
  readonly next: string | null
  /** Systems this person has or had a connection to. */
  readonly systems: readonly { readonly name: string; readonly displayName: string }[]
}

type Needs = Pick<Ports, 'callLog' | 'connections' | 'connectors' | 'plugins'>

/** Which plugin used which of one's connections when, newest first; `system` is a connector's name. */
export function createReadHistory(ports: Needs) {
  return async function readHistory(
    { organization }: RequestContext,
    principal: Extract<Principal, { kind: 'session' }>,
    { system }: { readonly system?: string | undefined },
    page: PageRequest,
  ): Promise<History> {
    const subject = principal.person.id
    const [connections, connectors, plugins] = await Promise.all([
      ports.connections.allOf(organization.id, subject),
      ports.connectors.all(organization.id),
      ports.plugins.all(organization.id),
    ])
    const systemNames = new Map(connectors.map(connector => [connector.name, displayName(connector)]))
    const pluginNames = new Map(
      plugins.map(({ definition }) => [definition.name, definition.display_name ?? definition.name]),
    )
    const filter = { subject, ...(system === undefined ? {} : { connector: system }) }
    const found = await usesOf(organization.id, filter, page)
    return {
      entries: found.items.map(call => ({
        at: call.at,
        plugin: call.plugin === null ? null : (pluginNames.get(call.plugin) ?? call.plugin),
        system: systemNames.get(call.connector) ?? call.connector,
        result: resultOf(call),
        status: call.status,
      })),
      next: found.next,
      systems: connectors
        .filter(connector => connections.some(({ connectorId }) => connectorId === connector.id))
        .map(connector => ({ name: connector.name, displayName: displayName(connector) }))
        .sort((a, b) => a.displayName.localeCompare(b.displayName, 'en')),
    }
  }

  // One person's few calls lie far apart: a page is filled over as many looks as that takes.
  async function usesOf(orgId: OrgId, filter: CallFilter, { after, limit }: PageRequest): Promise<Page<CallEntry>> {
    const items: CallEntry[] = []
    for (let next = after; ; ) {
      const found = await ports.callLog.list(orgId, filter, { after: next, limit: limit - items.length })
      items.push(...found.items)
      next = found.next
      if (next === null || items.length === limit) return { items, next }
    }
  }
}

function resultOf({ answeredBy, status }: CallEntry): HistoryEntry['result'] {
  if (answeredBy === 'behalf' || status === null) return 'stopped'
  return status >= 500 ? 'failed' : status >= 400 ? 'refused' : 'answered'
}
