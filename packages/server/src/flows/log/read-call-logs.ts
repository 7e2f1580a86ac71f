import type { CallId } from '@behalf/contract'
import { BrokerError } from '../../domain/broker-error.ts'
import type { CallEntry } from '../../domain/call-entry.ts'
import type { Principal } from '../../domain/principal.ts'
import type { RequestContext } from '../../domain/request-context.ts'
import type { CallFilter } from '../../ports/call-log.ts'
import type { Ports } from '../../ports/index.ts'
import type { PageRequest } from '../../ports/page.ts'
import { newAuditEvent } from '../audit/new-audit-event.ts'

const EXPORT_PAGE = 200

/** Reads the call logs: page by page, one entry, or all that fit a filter as a stream. */
export function createReadCallLogs(ports: Pick<Ports, 'audit' | 'callLog' | 'clock' | 'entropy'>) {
  return {
    async listCallLogs({ organization }: RequestContext, filter: CallFilter, page: PageRequest) {
      return { ...(await ports.callLog.list(organization.id, filter, page)), dropped: ports.callLog.dropped() }
    },
    async readCallLog({ organization }: RequestContext, id: CallId): Promise<CallEntry> {
      const entry = await ports.callLog.byId(organization.id, id)
      if (entry === undefined) throw new BrokerError('not_found')
      return entry
    },
    async exportCallLogs(
      context: RequestContext,
      principal: Principal,
      filter: CallFilter,
    ): Promise<AsyncIterable<CallEntry>> {
      const details = { filter: JSON.stringify(filter).slice(0, 500) }
      await ports.audit.add([newAuditEvent(ports, context, principal, 'call_log.exported', { details })])
      return entries(context, filter)
    },
  }

  // What comes while it runs is newer than its first page, and not in it.
  async function* entries({ organization }: RequestContext, filter: CallFilter): AsyncIterable<CallEntry> {
    for (let after: string | null = null; ; ) {
      const page = await ports.callLog.list(organization.id, filter, { after, limit: EXPORT_PAGE })
      yield* page.items
      if (page.next === null) return
      after = page.next
    }
  }
}
