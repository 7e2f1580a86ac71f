import type { LaunchId, OperationId, run as runAnswer } from '@behalf/contract'
import type { z } from 'zod'
import type { Flows } from '../../flows/flows.ts'
import * as view from '../launch-views.ts'
import { viewPluginVersion } from '../views.ts'
import { paged, pageOf } from './paging.ts'
import type { RestHandlers } from './rest-handlers.ts'

export type PluginOperation = Extract<
  OperationId,
  | 'publishPlugin'
  | 'runAction'
  | 'importRoster'
  | 'listPluginVersions'
  | 'listLaunches'
  | 'launchPlugin'
  | 'previewLaunch'
  | 'explainLaunches'
  | 'unlaunchPlugin'
  | 'endLaunch'
>

type Json = z.infer<typeof runAnswer>['output']

/** RFC 7240 4.3: `wait` with seconds; anything else of `Prefer` is left alone. */
function waitMs(prefer: string | null): number {
  const seconds = /(?:^|[,;\s])wait\s*=\s*"?(\d{1,6})"?(?=$|[,;\s])/i.exec(prefer ?? '')?.[1]
  return seconds === undefined ? 0 : Number(seconds) * 1000
}

/** What the REST operations on plugin versions, launches, runs and the roster do. */
export function createPluginHandlers(flows: Flows): Pick<RestHandlers, PluginOperation> {
  return {
    publishPlugin: async ({ context, principal, params }) =>
      viewPluginVersion(await flows.publishPlugin(context, principal, params.name)),
    listPluginVersions: async ({ context, params, query }) =>
      paged(await flows.listPluginVersions(context, params.name, pageOf(query)), viewPluginVersion),

    async runAction({ context, principal, params, body, request }) {
      const { headers, signal } = request
      const named = {
        subjectToken: headers.get('behalf-subject-token') ?? undefined,
        subject: headers.get('behalf-subject') ?? undefined,
      }
      const about = { pluginName: params.name, actionName: params.action, input: body.input, named, signal }
      const ran = await flows.runAction(context, principal, { ...about, waitMs: waitMs(headers.get('prefer')) })
      return { run_id: ran.runId, status: ran.status, output: ran.output as Json, waited: ran.waited }
    },

    async importRoster({ context, principal, body }) {
      const report = await flows.importRoster(context, principal, { csv: body.csv, dryRun: body.dry_run })
      return { dry_run: body.dry_run, ...report, faults: [...report.faults] }
    },

    async listLaunches({ context, params, query }) {
      const { page, why } = await flows.listLaunches(context, params.name, pageOf(query))
      return paged(page, launch => view.viewLaunch(launch, why))
    },
    async launchPlugin({ context, principal, params, body }) {
      const { version, launch_audience: launchAudience, redaction, reason, replace } = body
      const asked = { version, launchAudience, redaction, reason, replace }
      const launch = await flows.launchPlugin(context, principal, params.name, asked)
      return view.viewLaunch(launch, await flows.whyStrict(context, launch.pluginId))
    },
    async previewLaunch({ context, params, body }) {
      const { launch_audience: launchAudience, redaction, replace } = body
      return view.viewLaunchPreview(
        await flows.previewLaunch(context, params.name, { launchAudience, redaction, replace }),
      )
    },
    explainLaunches: async ({ context, params, query }) =>
      view.viewExplained(await flows.explainLaunches(context, params.name, query.person)),
    async unlaunchPlugin({ context, principal, params, query }) {
      await flows.unlaunchPlugin(context, principal, params.name, query.reason)
      return undefined
    },
    async endLaunch({ context, principal, params, query }) {
      await flows.endLaunch(context, principal, params.name, { id: params.launch as LaunchId, reason: query.reason })
      return undefined
    },
  }
}
