import type { SubjectId } from '@behalf/contract'
import type { Flows } from '../../flows/flows.ts'
import { viewAuditEvent, viewAuditVerdict } from '../views.ts'
import { ndjson, paged, pageOf } from './paging.ts'
import type { Asked, RestHandlers } from './rest-handlers.ts'

type Filter = Parameters<Flows['listAuditEvents']>[1]

/** What REST does with the audit: it is read, exported and verified, never changed. */
export function createAuditHandlers(flows: Flows) {
  return {
    listAuditEvents: async ({ context, query }) =>
      paged(await flows.listAuditEvents(context, filterOf(query), pageOf(query)), viewAuditEvent),
    exportAuditEvents: async ({ context, principal, query }) =>
      ndjson(await flows.exportAuditEvents(context, principal, filterOf(query)), viewAuditEvent),
    readAuditVerdict: async ({ context }) => viewAuditVerdict(await flows.verifyAudit(context.organization.id)),
  } satisfies Partial<RestHandlers>
}

function filterOf({ from, until, subject, ...rest }: Asked<'exportAuditEvents'>['query']): Filter {
  return {
    ...rest,
    subject: subject as SubjectId | undefined,
    from: from === undefined ? undefined : Date.parse(from),
    until: until === undefined ? undefined : Date.parse(until),
  }
}
