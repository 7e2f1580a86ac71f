import type { ConnectOutcome } from '../../domain/authorization-request.ts'
import { BrokerError } from '../../domain/broker-error.ts'
import { type Connector, displayName } from '../../domain/connector.ts'
import type { GrantQuestion, ParkedGrant } from '../../domain/parked-grant.ts'
import type { Principal } from '../../domain/principal.ts'
import type { RequestContext } from '../../domain/request-context.ts'
import type { Ports } from '../../ports/index.ts'
import { newAuditEvent } from '../audit/new-audit-event.ts'
import { createDropParkedGrant } from './drop-parked-grant.ts'
import { unparked } from './park-grant.ts'
import { createStoreGrant } from './store-grant.ts'

type Session = Extract<Principal, { kind: 'session' }>
type Needs = Pick<
  Ports,
  'audit' | 'clock' | 'connections' | 'connectors' | 'entropy' | 'parkedGrants' | 'revocations' | 'vault'
>

/** A person's answer: the new account instead of the one before, one of the sites, or none of it. */
export type GrantAnswer =
  | { readonly kind: 'replace' }
  | { readonly kind: 'site'; readonly index: number }
  | { readonly kind: 'keep' }

export type ParkedQuestion = {
  readonly parked: ParkedGrant
  readonly connector: Connector
  readonly displayName: string
  readonly question: GrantQuestion
}

/** What a person is asked about a grant of theirs, and what becomes of it. */
export function createAnswerParkedGrant(ports: Needs) {
  const storeGrant = createStoreGrant(ports)
  const dropParkedGrant = createDropParkedGrant(ports)

  return { readParkedGrant, answerParkedGrant }

  /** Throws `link_expired` for what is answered, over, or somebody else's. */
  async function readParkedGrant(
    { organization }: RequestContext,
    principal: Session,
    id: string,
  ): Promise<ParkedQuestion> {
    const parked = await ports.parkedGrants.byId(organization.id, id)
    if (parked === undefined || parked.subjectId !== principal.person.id || parked.expiresAt <= ports.clock.now())
      throw new BrokerError('link_expired')
    const connector = await connectorOf(parked)
    return { parked, connector, displayName: displayName(connector), question: parked.question }
  }

  /** Answers once. Throws `link_expired`, `invalid_request` for a site that is not there. */
  async function answerParkedGrant(
    context: RequestContext,
    principal: Session,
    id: string,
    answer: GrantAnswer,
  ): Promise<{ readonly outcome: ConnectOutcome; readonly returnTo: string; readonly connector: Connector }> {
    const { connector, question, parked } = await readParkedGrant(context, principal, id)
    const site = siteOf(question, answer)
    const taken = await ports.parkedGrants.take(context.organization.id, id, principal.person.id)
    if (taken === undefined) throw new BrokerError('link_expired')
    if (answer.kind === 'keep') {
      const fields = {
        result: 'refused',
        onBehalfOf: principal.person.id,
        target: connector.name,
        details: { asked: question.kind },
      } as const
      await ports.audit.add([newAuditEvent(ports, context, principal, 'connect.cancelled', fields)])
      await dropParkedGrant(taken)
      return { outcome: { kind: 'cancelled' }, returnTo: parked.returnTo, connector }
    }
    const { request, tokenSet } = await unparked(ports, taken)
    const chosen =
      site === undefined
        ? tokenSet
        : { ...tokenSet, account: { ...site, sites: null }, values: { ...tokenSet.values, ...site.values } }
    const options = { replaceAccount: answer.kind === 'replace' }
    const outcome = await storeGrant(context, principal, request, connector, chosen, options)
    return { outcome, returnTo: parked.returnTo, connector }
  }

  async function connectorOf({ orgId, connectorId, connectorVersion }: ParkedGrant): Promise<Connector> {
    const connector = await ports.connectors.atVersion(orgId, connectorId, connectorVersion)
    if (connector === undefined || connector.retiredAt !== null) throw new BrokerError('connector_not_found')
    return connector
  }
}

function siteOf(question: GrantQuestion, answer: GrantAnswer) {
  const fits = answer.kind === 'keep' || (answer.kind === 'site') === (question.kind === 'choose_site')
  const site = answer.kind === 'site' && question.kind === 'choose_site' ? question.sites[answer.index] : undefined
  if (!fits || (answer.kind === 'site' && site === undefined))
    throw new BrokerError('invalid_request', { detail: 'This is not one of the answers.' })
  return site
}
