import type { PluginDefinition, RedactionPolicy, SubjectId } from '@behalf/contract'
import type { Launch } from './launch.ts'
import { type CompiledAudience, compileAudience } from './launch-audience.ts'
import type { Person } from './person.ts'
import { policyFor, type WhyStrict, whyStrict } from './redaction-policy.ts'
import { RuleFault } from './rule-tokens.ts'

/** The launches of one plugin that are live, with the published versions they make live. */
export type LiveLaunches = {
  readonly launches: readonly Launch[]
  readonly manifests: ReadonlyMap<number, PluginDefinition>
}

/** The same, made ready for the hot path. */
export type CompiledLaunches = LiveLaunches & {
  /** Newest first. */
  readonly compiled: readonly { readonly launch: Launch; readonly audience: CompiledAudience }[]
  whyStrict(threshold: number): WhyStrict | undefined
}

export type Reached = { readonly launch: Launch; readonly manifest: PluginDefinition; readonly policy: RedactionPolicy }

/** Compiles what a store gave. A launch whose rule cannot be read reaches nobody. */
export function compileLaunches(live: LiveLaunches): CompiledLaunches {
  const compiled = live.launches
    .toSorted((a, b) => b.launchedAt - a.launchedAt || (a.id < b.id ? 1 : -1))
    .map(launch => ({ launch, audience: readable(launch) }))
  const judged = new Map<number, WhyStrict | undefined>()
  return {
    ...live,
    compiled,
    whyStrict(threshold) {
      if (!judged.has(threshold)) judged.set(threshold, whyStrict(live.launches, threshold))
      return judged.get(threshold)
    },
  }
}

function readable({ launchAudience }: Launch): CompiledAudience {
  try {
    return compileAudience(launchAudience)
  } catch (error) {
    if (error instanceof RuleFault) return compileAudience({ kind: 'nobody' })
    throw error
  }
}

/** What a plugin is for one person: the newest launch that reaches the person says the version; undefined where none does. */
export function reachedBy(live: CompiledLaunches, person: Person, threshold: number): Reached | undefined {
  const reaching = live.compiled.filter(({ audience }) => audience.reaches(person)).map(({ launch }) => launch)
  const [newest] = reaching
  const manifest = newest && live.manifests.get(newest.pluginVersion)
  if (newest === undefined || manifest === undefined) return undefined
  const agreed = reaching.every(launch => launch.redaction !== 'permissive' || hasAgreed(launch, person.id))
  return { launch: newest, manifest, policy: policyFor({ strict: live.whyStrict(threshold), reaching, agreed }) }
}

/** Whether the person agreed to this launch keeping what their calls hold. */
export const hasAgreed = ({ agreed }: Launch, subjectId: SubjectId): boolean => agreed.includes(subjectId)
