import { type RedactionPolicy, redactionPolicy } from '@behalf/contract'
import type { Launch, LaunchAudience, NamedPerson } from './launch.ts'

/** A launch to more people than this is strict. An organization can lower it, never raise it. */
export const MOST_PEOPLE_BEFORE_STRICT = 10

const ORDER = redactionPolicy.options

/** Of two policies the one that keeps less. */
export const stricter = (a: RedactionPolicy, b: RedactionPolicy): RedactionPolicy =>
  ORDER.indexOf(a) >= ORDER.indexOf(b) ? a : b

/** Whether a threshold may take the place of the present one: only ever lowered. */
export const mayLowerThreshold = (present: number, asked: number): boolean =>
  Number.isInteger(asked) && asked >= 0 && asked <= Math.min(present, MOST_PEOPLE_BEFORE_STRICT)

/** Whether a launch audience can grow between two counts. */
export const isOpenEnded = ({ kind }: LaunchAudience): boolean => kind !== 'people' && kind !== 'nobody'

/** How many people launches name together, each counted once, with or without a first sign-in. Open-ended ones are not counted. */
export function countNamed(live: readonly Pick<Launch, 'launchAudience'>[]): number {
  const named = live.flatMap(({ launchAudience }) => (launchAudience.kind === 'people' ? launchAudience.people : []))
  const known = named.filter(isKnown)
  const emailsOfKnown = new Set(known.map(({ email }) => email))
  const waiting = named.filter(({ subjectId, email }) => subjectId === null && !emailsOfKnown.has(email))
  return new Set(known.map(({ subjectId }) => subjectId)).size + new Set(waiting.map(({ email }) => email)).size
}

export type WhyStrict = 'open_ended' | 'over_threshold'

/** Why every live launch of a plugin is strict, whatever was asked for; undefined where the launches are free to choose. */
export function whyStrict(live: readonly Pick<Launch, 'launchAudience'>[], threshold: number): WhyStrict | undefined {
  if (live.some(({ launchAudience }) => isOpenEnded(launchAudience))) return 'open_ended'
  return countNamed(live) > Math.min(threshold, MOST_PEOPLE_BEFORE_STRICT) ? 'over_threshold' : undefined
}

/**
 * The policy under which one person's call is written down: `strict` is {@link whyStrict} of all of the plugin's live launches, `reaching` those
 * of them that reach the person. Strictest wins; permissive takes the person's own agreement; a person whom no launch reaches is strict.
 */
export function policyFor(facts: {
  readonly strict: WhyStrict | undefined
  readonly reaching: readonly Pick<Launch, 'redaction'>[]
  readonly agreed: boolean
}): RedactionPolicy {
  const { strict, reaching, agreed } = facts
  if (reaching.length === 0 || strict !== undefined) return 'strict'
  return reaching.map(({ redaction }) => redaction).reduce(stricter, agreed ? 'permissive' : 'standard')
}

const isKnown = (person: NamedPerson): person is Extract<NamedPerson, { subjectId: string }> =>
  person.subjectId !== null
