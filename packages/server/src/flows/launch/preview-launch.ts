import type { LaunchAudienceGiven, RedactionPolicy, SubjectId } from '@behalf/contract'
import { BrokerError } from '../../domain/broker-error.ts'
import type { Launch } from '../../domain/launch.ts'
import { compileAudience } from '../../domain/launch-audience.ts'
import type { RuleTerm } from '../../domain/launch-rule.ts'
import { compileLaunches } from '../../domain/live-launches.ts'
import type { Person } from '../../domain/person.ts'
import { countNamed, isOpenEnded, policyFor, type WhyStrict, whyStrict } from '../../domain/redaction-policy.ts'
import type { RequestContext } from '../../domain/request-context.ts'
import { type Candidate, NOTHING_KNOWN } from '../../domain/roster.ts'
import type { Ports } from '../../ports/index.ts'
import { readPluginByName } from '../admin/read-plugin.ts'
import { createNamePeople } from './name-people.ts'

export type PreviewAsked = {
  readonly launchAudience: LaunchAudienceGiven
  readonly redaction: RedactionPolicy
  readonly replace: boolean
}

export type LaunchPreview = {
  readonly people: number
  readonly notSignedIn: number
  readonly namedInAll: number
  readonly openEnded: boolean
  readonly sample: readonly Candidate[]
  /** What would count at once: nobody has agreed to a launch that is not there yet. */
  readonly effective: RedactionPolicy
  /** What would count for those who agree. */
  readonly onceAgreed: RedactionPolicy
  readonly why: WhyStrict | undefined
}

export type Explained = {
  readonly person: Person
  readonly launches: readonly {
    readonly launch: Launch
    readonly reaches: boolean
    readonly because: readonly RuleTerm[]
  }[]
}

const SAMPLE = 10
const PAGE = 500

type Needs = Pick<Ports, 'launches' | 'people' | 'plugins' | 'roster'>

/** Looks ahead: whom a launch would reach, and why somebody is in or out of those that are live. */
export function createPreviewLaunch(ports: Needs) {
  const namePeople = createNamePeople(ports)
  return { previewLaunch, explainLaunches }

  /** Throws `plugin_not_found`, `invalid_request`. */
  async function previewLaunch(context: RequestContext, name: string, asked: PreviewAsked): Promise<LaunchPreview> {
    const plugin = await readPluginByName(ports, context, name)
    const launchAudience = await namePeople(plugin.orgId, asked.launchAudience)
    const live = asked.replace ? [] : (await ports.launches.live(plugin.orgId, plugin.id)).launches
    const together = [...live, { launchAudience }]
    const why = whyStrict(together, context.organization.strictAbove)
    const { reaches } = compileAudience(launchAudience)
    const sample: Candidate[] = []
    let people = 0
    let notSignedIn = 0
    for await (const candidate of candidates(context, launchAudience.kind === 'people' ? launchAudience.people : [])) {
      if (!reaches(candidate)) continue
      people += 1
      if (candidate.id === null) notSignedIn += 1
      if (sample.length < SAMPLE) sample.push(candidate)
    }
    const under = (agreed: boolean) => policyFor({ strict: why, reaching: [asked], agreed })
    return {
      people,
      notSignedIn,
      namedInAll: countNamed(together),
      openEnded: isOpenEnded(launchAudience),
      sample,
      effective: under(false),
      onceAgreed: under(true),
      why,
    }
  }

  /** Throws `plugin_not_found`, `not_found`, `subject_ambiguous`. */
  async function explainLaunches(context: RequestContext, name: string, who: string): Promise<Explained> {
    const plugin = await readPluginByName(ports, context, name)
    const [person, other] = who.includes('@')
      ? await ports.people.byVerifiedEmail(plugin.orgId, who)
      : [await ports.people.byId(plugin.orgId, who as SubjectId)]
    if (other !== undefined) throw new BrokerError('subject_ambiguous')
    if (person === undefined) throw new BrokerError('not_found')
    const { compiled } = compileLaunches(await ports.launches.live(plugin.orgId, plugin.id))
    return {
      person,
      launches: compiled.map(({ launch, audience }) => ({
        launch,
        reaches: audience.reaches(person),
        because: audience.explain(person),
      })),
    }
  }

  /** Everybody of the roster, imported ones too, and named ones whom it does not know. */
  async function* candidates(
    { organization }: RequestContext,
    named: readonly { readonly subjectId: SubjectId | null; readonly email: string | null }[],
  ): AsyncGenerator<Candidate> {
    let after: string | null = null
    do {
      const page: Awaited<ReturnType<Ports['people']['list']>> = await ports.people.list(organization.id, {
        after,
        limit: PAGE,
      })
      yield* page.items
      after = page.next
    } while (after !== null)
    const unknown = new Set(
      named.flatMap(({ subjectId, email }) => (subjectId === null && email !== null ? [email] : [])),
    )
    for (let last: string | null = null; ; ) {
      const entries: Awaited<ReturnType<Ports['roster']['waiting']>> = await ports.roster.waiting(
        organization.id,
        last,
        PAGE,
      )
      for (const { email, name, groups, attributes } of entries) {
        unknown.delete(email)
        yield { id: null, email, emailVerified: true, name, claims: NOTHING_KNOWN, imported: { groups, attributes } }
      }
      last = entries.at(-1)?.email ?? null
      if (last === null || entries.length < PAGE) break
    }
    for (const email of unknown)
      yield { id: null, email, emailVerified: true, name: null, claims: NOTHING_KNOWN, imported: NOTHING_KNOWN }
  }
}
