import type { LaunchId, OrgId, PluginId, RedactionPolicy, SubjectId } from '@behalf/contract'

/** A person a launch names: known, with the verified e-mail if there is one, or by a lower-case e-mail until the first sign-in with it, verified, settles who that is. */
export type NamedPerson =
  | { readonly subjectId: SubjectId; readonly email: string | null }
  | { readonly subjectId: null; readonly email: string }

/** The subjects a plugin is live for. */
export type LaunchAudience =
  | { readonly kind: 'nobody' }
  | { readonly kind: 'people'; readonly people: readonly NamedPerson[] }
  | { readonly kind: 'groups'; readonly groups: readonly string[] }
  | { readonly kind: 'everyone' }
  | { readonly kind: 'everyone_but'; readonly people: readonly NamedPerson[]; readonly groups: readonly string[] }
  | { readonly kind: 'rule'; readonly rule: string }

/** The record that makes one version of a plugin live: for whom, and how much of their calls is kept. */
export type Launch = {
  readonly id: LaunchId
  readonly orgId: OrgId
  readonly pluginId: PluginId
  /** The published version that runs for these people. */
  readonly pluginVersion: number
  readonly launchAudience: LaunchAudience
  /** As asked for; what counts is `policyFor`, at the write of each entry. */
  readonly redaction: RedactionPolicy
  /** Those who agreed that this launch keeps the content of their own calls; asked of the people of a permissive one. */
  readonly agreed: readonly SubjectId[]
  /** What an admin launched may be launched again by developers, to the same launch audience and with the same reach. */
  readonly approvedReach: string | null
  readonly launchedAt: number
  readonly launchedBy: string
  readonly reason: string
  readonly endedAt: number | null
  readonly endedBy: string | null
  readonly endReason: string | null
}
