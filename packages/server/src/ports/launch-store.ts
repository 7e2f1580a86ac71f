import type { LaunchId, OrgId, PluginId, SubjectId } from '@behalf/contract'
import type { AuditEvent } from '../domain/audit-event.ts'
import type { Launch } from '../domain/launch.ts'
import type { LiveLaunches } from '../domain/live-launches.ts'
import type { Page, PageRequest } from './page.ts'

/** How and why launches end. */
export type LaunchEnd = {
  readonly at: number
  readonly by: string
  readonly reason: string
  /** Launches whose approval for developers goes with it. */
  readonly withdrawn: readonly LaunchId[]
}

/** Launches and the people they name. */
export type LaunchStore = {
  /** Adds a launch, and ends others, in one step; false where the plugin was launched otherwise since `epoch` was read. */
  add(
    launch: Launch,
    ends: { readonly ids: readonly LaunchId[]; readonly end: LaunchEnd },
    epoch: number,
    audits: readonly AuditEvent[],
  ): Promise<boolean>
  /** False where none of them was live. */
  end(
    orgId: OrgId,
    pluginId: PluginId,
    ids: readonly LaunchId[],
    end: LaunchEnd,
    audits: readonly AuditEvent[],
  ): Promise<boolean>
  byId(orgId: OrgId, pluginId: PluginId, id: LaunchId): Promise<Launch | undefined>
  /** What is live of one plugin, read together. */
  live(orgId: OrgId, pluginId: PluginId): Promise<LiveLaunches>
  liveOfAll(orgId: OrgId): Promise<ReadonlyMap<PluginId, LiveLaunches>>
  /** Newest first, ended ones too. */
  list(orgId: OrgId, pluginId: PluginId, page: PageRequest): Promise<Page<Launch>>
  /** Launches an admin made, whose approval stands. */
  approved(orgId: OrgId, pluginId: PluginId): Promise<readonly Launch[]>
  /** Makes whoever signed in first with a verified e-mail the one who was named by it. */
  claimEmail(orgId: OrgId, email: string, subjectId: SubjectId): Promise<void>
  /** `at` null takes the agreement back. False where the launch does not name the person. */
  agree(orgId: OrgId, id: LaunchId, subjectId: SubjectId, at: number | null, audit: AuditEvent): Promise<boolean>
}
