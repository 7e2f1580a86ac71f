import type { PluginDefinition } from '@behalf/contract'
import { type Connector, hostsOf } from './connector.ts'
import type { Launch, LaunchAudience } from './launch.ts'
import { countNamed, isOpenEnded } from './redaction-policy.ts'

/** To how many named people developers may launch a plugin, all their live launches together. */
const DEVELOPER_MOST_PEOPLE = 10

/** What a version can reach: its connectors with scopes, methods, paths and hosts. Two that reach the same have the same text. */
export function reachOf(definition: PluginDefinition, connectors: readonly Connector[]): string {
  const entries = definition.connectors.map(({ connector, scope, methods, path_prefixes }) => {
    const found = connectors.find(({ name }) => name === connector)
    const hosts = found === undefined ? [] : hostsOf(found.definition).toSorted()
    return [connector, scope.toSorted(), methods.toSorted(), path_prefixes.toSorted(), hosts]
  })
  return JSON.stringify(entries.toSorted((a, b) => (String(a[0]) < String(b[0]) ? -1 : 1)))
}

/** A launch audience as text that is the same for the same people, however they are ordered and whether they have signed in since. */
export function audienceText(audience: LaunchAudience): string {
  const people =
    'people' in audience ? audience.people.map(({ subjectId, email }) => email ?? subjectId ?? '').toSorted() : []
  const groups = 'groups' in audience ? audience.groups.toSorted() : []
  return JSON.stringify([audience.kind, people, groups, audience.kind === 'rule' ? audience.rule : ''])
}

/**
 * Whether a developer may launch this without an admin: to at most ten named people, counting what developers launched besides and stays live;
 * or to a launch audience that an admin approved, for a version that reaches the same.
 */
export function mayDeveloperLaunch(
  asked: { readonly launchAudience: LaunchAudience; readonly reach: string },
  staying: readonly Launch[],
  approved: readonly Launch[],
): boolean {
  const text = audienceText(asked.launchAudience)
  const isSame = (one: Launch, other: string) => audienceText(one.launchAudience) === other
  if (approved.some(launch => launch.approvedReach === asked.reach && isSame(launch, text))) return true
  const byDevelopers = staying.filter(
    launch => launch.approvedReach === null && !approved.some(one => isSame(one, audienceText(launch.launchAudience))),
  )
  return !isOpenEnded(asked.launchAudience) && countNamed([...byDevelopers, asked]) <= DEVELOPER_MOST_PEOPLE
}
