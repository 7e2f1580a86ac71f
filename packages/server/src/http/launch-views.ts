import type * as wire from '@behalf/contract'
import type { z } from 'zod'
import type { Launch, LaunchAudience, NamedPerson } from '../domain/launch.ts'
import type { WhyStrict } from '../domain/redaction-policy.ts'
import type { Explained, LaunchPreview } from '../flows/launch/preview-launch.ts'

type View<Schema extends z.ZodType> = z.infer<Schema>

const viewNamed = ({ subjectId, email }: NamedPerson) => ({ subject: subjectId, email })

function viewAudience(audience: LaunchAudience): View<typeof wire.launch>['launch_audience'] {
  if (audience.kind === 'people') return { kind: 'people', people: audience.people.map(viewNamed) }
  if (audience.kind === 'groups') return { kind: 'groups', groups: [...audience.groups] }
  if (audience.kind !== 'everyone_but') return audience
  return { kind: 'everyone_but', people: audience.people.map(viewNamed), groups: [...audience.groups] }
}

/** Permissive takes the agreement of everyone it is about; until then it is standard for those who did not agree. */
function agreedPolicy({ redaction, launchAudience, agreed }: Launch): Launch['redaction'] {
  if (redaction !== 'permissive' || launchAudience.kind !== 'people') return redaction
  const all = launchAudience.people.every(({ subjectId }) => subjectId !== null && agreed.includes(subjectId))
  return all ? 'permissive' : 'standard'
}

/** `why` is why the plugin's live launches are strict; an ended launch is shown as it was asked for. */
export const viewLaunch = (launch: Launch, why: WhyStrict | undefined): View<typeof wire.launch> => ({
  id: launch.id,
  version: launch.pluginVersion,
  launch_audience: viewAudience(launch.launchAudience),
  redaction: launch.redaction,
  effective_redaction: launch.endedAt !== null ? launch.redaction : why === undefined ? agreedPolicy(launch) : 'strict',
  agreed: [...launch.agreed],
  why_strict: launch.endedAt === null ? (why ?? null) : null,
  live: launch.endedAt === null,
  approved: launch.approvedReach !== null,
  launched_at: new Date(launch.launchedAt).toISOString(),
  launched_by: launch.launchedBy,
  reason: launch.reason,
  ended_at: launch.endedAt === null ? null : new Date(launch.endedAt).toISOString(),
  ended_by: launch.endedBy,
  end_reason: launch.endReason,
})

export const viewLaunchPreview = (preview: LaunchPreview): View<typeof wire.launchPreview> => ({
  people: preview.people,
  not_signed_in: preview.notSignedIn,
  named_in_all: preview.namedInAll,
  open_ended: preview.openEnded,
  sample: preview.sample.map(({ id, email, name }) => ({ subject: id, email, name })),
  effective_redaction: preview.effective,
  redaction_once_agreed: preview.onceAgreed,
  why_strict: preview.why ?? null,
})

export const viewExplained = ({ person, launches }: Explained): View<typeof wire.launchExplanation> => ({
  subject: person.id,
  live: launches.some(({ reaches }) => reaches),
  launches: launches.map(({ launch, reaches, because }) => ({
    launch: launch.id,
    version: launch.pluginVersion,
    reaches,
    because: [...because],
  })),
})
