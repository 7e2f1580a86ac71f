import type { CallId, SubjectId } from '@behalf/contract'
import type { Flows } from '../../flows/flows.ts'
import { viewCallEntry } from '../log-views.ts'
import { instant } from '../views.ts'
import { ndjson, paged, pageOf } from './paging.ts'
import type { Asked, RestHandlers } from './rest-handlers.ts'

type Filter = Parameters<Flows['listCallLogs']>[1]

/** What is written down of calls. */
export function createLogHandlers(flows: Flows) {
  return {
    async listCallLogs({ context, query }) {
      const found = await flows.listCallLogs(context, filterOf(query), pageOf(query))
      const { dropped, lookedBackTo } = found
      const lookedBack = lookedBackTo === null ? null : instant(lookedBackTo)
      return { ...paged(found, viewCallEntry), dropped, looked_back_to: lookedBack }
    },
    readCallLog: async ({ context, params }) => viewCallEntry(await flows.readCallLog(context, params.id as CallId)),
    async exportCallLogs({ context, principal, query }) {
      return ndjson(await flows.exportCallLogs(context, principal, filterOf(query)), viewCallEntry)
    },
  } satisfies Partial<RestHandlers>
}

function filterOf(query: Asked<'exportCallLogs'>['query']): Filter {
  return {
    from: query.from === undefined ? undefined : Date.parse(query.from),
    until: query.until === undefined ? undefined : Date.parse(query.until),
    plugin: query.plugin,
    pluginVersion: query.plugin_version,
    connector: query.connector,
    subject: query.subject as SubjectId | undefined,
    status: statusOf(query.status),
    runId: query.run,
    level: query.level,
    redaction: query.redaction,
    words: query.q?.split(/\s+/).filter(word => word !== ''),
  }
}

function statusOf(text: string | undefined): Filter['status'] {
  if (text === undefined || text === 'none') return text
  if (!text.endsWith('xx')) return { least: Number(text), most: Number(text) }
  const hundred = Number(text[0]) * 100
  return { least: hundred, most: hundred + 99 }
}
