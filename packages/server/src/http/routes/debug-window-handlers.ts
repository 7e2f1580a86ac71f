import type * as wire from '@behalf/contract'
import type { DebugWindowId, SubjectId } from '@behalf/contract'
import type { z } from 'zod'
import type { RequestContext } from '../../domain/request-context.ts'
import type { DescribedWindow } from '../../flows/debug-window/read-debug-windows.ts'
import type { Flows } from '../../flows/flows.ts'
import { instant, instantOrNull } from '../views.ts'
import { paged, pageOf } from './paging.ts'
import type { RestHandlers } from './rest-handlers.ts'

/** Debug windows. */
export function createDebugWindowHandlers(flows: Flows) {
  const view = async (context: RequestContext, window: Promise<DescribedWindow['window']>) =>
    viewDebugWindow(await flows.describeDebugWindow(context, await window))
  const idOf = (params: { readonly id: string }) => params.id as DebugWindowId

  return {
    listDebugWindows: async ({ context, principal, query }) =>
      paged(await flows.listDebugWindows(context, principal, pageOf(query)), viewDebugWindow),
    createDebugWindow({ context, principal, body }) {
      const { plugin: pluginName, subject, reason, minutes, redaction } = body
      const asked = { pluginName, subjectId: subject as SubjectId, reason, minutes, redaction }
      return view(context, flows.askDebugWindow(context, principal, asked))
    },
    readDebugWindow: async ({ context, principal, params }) =>
      viewDebugWindow(await flows.readDebugWindow(context, principal, idOf(params))),
    agreeToDebugWindow: ({ context, principal, params }) =>
      view(context, flows.answerDebugWindow(context, principal, idOf(params), 'agree')),
    declineDebugWindow: ({ context, principal, params }) =>
      view(context, flows.answerDebugWindow(context, principal, idOf(params), 'decline')),
    endDebugWindow: ({ context, principal, params }) =>
      view(context, flows.endDebugWindow(context, principal, idOf(params))),
  } satisfies Partial<RestHandlers>
}

const viewDebugWindow = ({ window, state, plugin }: DescribedWindow): z.infer<typeof wire.debugWindow> => ({
  id: window.id,
  plugin: plugin.name,
  subject: window.subjectId,
  asked_by: window.askedBy,
  reason: window.reason,
  minutes: window.minutes,
  redaction: window.redaction,
  state,
  asked_at: instant(window.askedAt),
  answered_at: instantOrNull(window.answeredAt),
  ends_at: instantOrNull(window.endsAt),
  ended_at: instantOrNull(window.endedAt),
  ended_by: window.endedBy,
})
