import type { StoredAuditEvent } from '../../domain/audit-event.ts'
import type { Principal } from '../../domain/principal.ts'
import type { RequestContext } from '../../domain/request-context.ts'
import type { AuditFilter } from '../../ports/audit-store.ts'
import type { Ports } from '../../ports/index.ts'
import type { PageRequest } from '../../ports/page.ts'
import { newAuditEvent } from './new-audit-event.ts'

const EXPORT_PAGE = 200

/** Reads the audit: page by page, or all that fits a filter as a stream, which is audited itself. */
export function createReadAudit(ports: Pick<Ports, 'audit' | 'clock' | 'entropy'>) {
  return {
    listAuditEvents: ({ organization }: RequestContext, filter: AuditFilter, page: PageRequest) =>
      ports.audit.list(organization.id, filter, page),
    async exportAuditEvents(
      context: RequestContext,
      principal: Principal,
      filter: AuditFilter,
    ): Promise<AsyncIterable<StoredAuditEvent>> {
      const details = { filter: JSON.stringify(filter).slice(0, 500) }
      await ports.audit.add([newAuditEvent(ports, context, principal, 'audit.exported', { details })])
      return events(context, filter)
    },
  }

  async function* events({ organization }: RequestContext, filter: AuditFilter): AsyncIterable<StoredAuditEvent> {
    for (let after: string | null = null; ; ) {
      const page = await ports.audit.list(organization.id, filter, { after, limit: EXPORT_PAGE })
      yield* page.items
      if (page.next === null) return
      after = page.next
    }
  }
}
