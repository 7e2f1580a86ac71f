import type { ConnectLink } from '../../domain/connect-link.ts'
import { displayName } from '../../domain/connector.ts'
import type { Plugin } from '../../domain/plugin.ts'
import type { Principal } from '../../domain/principal.ts'
import type { RequestContext } from '../../domain/request-context.ts'
import type { Values } from '../../domain/template.ts'
import { askedVariables } from '../../domain/variables.ts'
import type { Ports } from '../../ports/index.ts'
import { createLaunched } from '../launch/launched.ts'
import { createFindOffer, nextHost, type Offer } from './find-offer.ts'
import type { VisibleNeeds } from './visible-connectors.ts'

type Session = Extract<Principal, { kind: 'session' }>

/** What a person is told before leaving for the provider. */
export type ConnectDescription = Offer & {
  readonly displayName: string
  /** Hash of an uploaded icon, where there is one. */
  readonly iconHash: string | null
  readonly description: string | null
  /** Since when the one plugin that asks is launched to this person; null where several or none ask. */
  readonly launchedAt: number | null
  readonly nextHost: string
  /** What the person is asked before leaving. */
  readonly asked: ReturnType<typeof askedVariables>
  /** What a link filled in beforehand. */
  readonly prefilled: Values
}

/** Describes one connect for its confirmation page. Throws what finding it throws. */
export function createDescribeConnect(ports: Pick<Ports, 'connections'> & VisibleNeeds) {
  const findOffer = createFindOffer(ports)
  const { launchedTo } = createLaunched(ports)

  return async function describeConnect(
    context: RequestContext,
    principal: Session,
    connectorName: string,
    what: { readonly pluginName?: string | undefined; readonly link?: ConnectLink | undefined } = {},
  ): Promise<ConnectDescription> {
    const offer = await findOffer(context, principal, connectorName, what)
    const { connector, plugin, plugins } = offer
    return {
      ...offer,
      displayName: displayName(connector),
      iconHash: (await ports.connectors.iconHashes(context.organization.id)).get(connector.id) ?? null,
      description: connector.definition.display_description ?? null,
      launchedAt: await launchedAt(context, principal, plugin === null ? plugins : [plugin]),
      nextHost: nextHost(connector),
      asked: askedVariables(connector.definition),
      prefilled: what.link?.variables ?? {},
    }
  }

  async function launchedAt(
    context: RequestContext,
    { person }: Session,
    [only, ...others]: readonly Plugin[],
  ): Promise<number | null> {
    if (only === undefined || others.length > 0) return null
    return (await launchedTo(context, only, person)).value.launchedAt
  }
}
