import type { ConnectionId, SubjectId } from '@behalf/contract'
import type { Flows } from '../../flows/flows.ts'
import { viewUsage, viewUsageDay } from '../usage-views.ts'
import { paged, pageOf } from './paging.ts'
import type { Asked, RestHandlers } from './rest-handlers.ts'

const DAYS_BACK_MS = 30 * 86_400_000
const COLUMNS = ['day', 'connector', 'connection', 'plugin', 'subject', 'calls', 'failures'] as const

/** Who used which connection. */
export function createUsageHandlers(flows: Flows) {
  const filterOf = ({ subject, connection, plugin }: Partial<Asked<'listUsage'>['query']>) => ({
    subject: subject as SubjectId | undefined,
    connection: connection as ConnectionId | undefined,
    pluginName: plugin,
  })
  const sinceOf = (from: string | undefined) =>
    from === undefined ? flows.now() - DAYS_BACK_MS : Date.parse(`${from}T00:00:00Z`)

  return {
    listUsage: async ({ context, principal, query }) =>
      paged(await flows.listUsage(context, principal, filterOf(query), pageOf(query)), viewUsage),
    async listUsageDays({ context, principal, query }) {
      const asked = { ...filterOf(query), from: sinceOf(query.from) }
      return paged(await flows.listUsageDays(context, principal, asked, pageOf(query)), viewUsageDay)
    },
    async exportUsage({ context, principal, query }) {
      const days = await flows.exportUsage(context, principal, { ...filterOf(query), from: sinceOf(query.from) })
      return csv(days)
    },
    async seeUsage({ context, principal, params }) {
      await flows.seeUsage(context, principal, params.connection as ConnectionId)
      return undefined
    },
  } satisfies Partial<RestHandlers>
}

/** RFC 4180. No field can begin what a spreadsheet would run: they are dates, names, ids and numbers. */
async function* csv(days: AsyncIterable<Parameters<typeof viewUsageDay>[0]>): AsyncIterable<string> {
  yield `${COLUMNS.join(',')}\r\n`
  for await (const day of days) {
    const view = viewUsageDay(day)
    yield `${COLUMNS.map(column => view[column]).join(',')}\r\n`
  }
}
