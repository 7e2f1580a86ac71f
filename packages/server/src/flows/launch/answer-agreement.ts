import type { LaunchId } from '@behalf/contract'
import { BrokerError } from '../../domain/broker-error.ts'
import type { Launch } from '../../domain/launch.ts'
import type { LiveLaunches } from '../../domain/live-launches.ts'
import { hasAgreed } from '../../domain/live-launches.ts'
import type { Plugin } from '../../domain/plugin.ts'
import type { Principal } from '../../domain/principal.ts'
import { whyStrict } from '../../domain/redaction-policy.ts'
import type { RequestContext } from '../../domain/request-context.ts'
import type { Ports } from '../../ports/index.ts'
import { newAuditEvent } from '../audit/new-audit-event.ts'
import { endOfUse } from '../revoke/end-of-use.ts'

/** A launch that would keep what this person's calls hold, word for word, and whether the person agreed to that. */
export type AskedAgreement = { readonly launch: Launch; readonly plugin: Plugin; readonly agreed: boolean }

type Session = Extract<Principal, { kind: 'session' }>
type Needs = Pick<Ports, 'clock' | 'entropy' | 'launches' | 'plugins'>

/** What a person is asked, and answers, about launches under the permissive policy: it holds for nobody who has not agreed. */
export function createAnswerAgreement(ports: Needs) {
  return { askedAgreements, answerAgreement }

  async function askedAgreements(
    { organization }: RequestContext,
    { person }: Session,
  ): Promise<readonly AskedAgreement[]> {
    const [live, plugins] = await Promise.all([
      ports.launches.liveOfAll(organization.id),
      ports.plugins.all(organization.id),
    ])
    return plugins.flatMap(plugin => {
      const found = live.get(plugin.id)
      const asking = found === undefined ? [] : permissive(found, organization.strictAbove, person.id)
      return asking.map(launch => ({ launch, plugin, agreed: hasAgreed(launch, person.id) }))
    })
  }

  /** Taking an agreement back is in effect on all nodes when it returns. Throws `not_found` for what this person was not asked. */
  async function answerAgreement(
    context: RequestContext,
    principal: Session,
    id: LaunchId,
    answer: 'agree' | 'withdraw',
  ): Promise<void> {
    const asked = (await askedAgreements(context, principal)).find(({ launch }) => launch.id === id)
    if (asked === undefined) throw new BrokerError('not_found')
    const action = answer === 'agree' ? 'launch.agreed' : 'launch.agreement_withdrawn'
    const fields = { onBehalfOf: principal.person.id, target: asked.plugin.definition.name, details: { launch: id } }
    const audit = newAuditEvent(ports, context, principal, action, fields)
    const at = answer === 'agree' ? ports.clock.now() : null
    if (!(await ports.launches.agree(asked.launch.orgId, id, principal.person.id, at, audit)))
      throw new BrokerError('not_found')
    if (answer === 'withdraw') await endOfUse(ports)
  }
}

const permissive = ({ launches }: LiveLaunches, threshold: number, subjectId: string): readonly Launch[] =>
  whyStrict(launches, threshold) !== undefined
    ? []
    : launches.filter(
        ({ redaction, launchAudience }) =>
          redaction === 'permissive' &&
          launchAudience.kind === 'people' &&
          launchAudience.people.some(person => person.subjectId === subjectId),
      )
