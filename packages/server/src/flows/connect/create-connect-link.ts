import type { ConnectLinkId, SubjectId } from '@behalf/contract'
import { BrokerError } from '../../domain/broker-error.ts'
import { toHex } from '../../domain/bytes.ts'
import { type ConnectLink, isLinkLive } from '../../domain/connect-link.ts'
import type { Connector } from '../../domain/connector.ts'
import type { Plugin } from '../../domain/plugin.ts'
import type { Principal } from '../../domain/principal.ts'
import type { RequestContext } from '../../domain/request-context.ts'
import { safeReturnTo } from '../../domain/return-to.ts'
import type { Values } from '../../domain/template.ts'
import { admitted, askedVariables } from '../../domain/variables.ts'
import type { Ports } from '../../ports/index.ts'
import { newAuditEvent } from '../audit/new-audit-event.ts'
import { createLaunched, type LaunchedNeeds } from '../launch/launched.ts'

export type NewConnectLink = {
  readonly subjectId: SubjectId
  readonly connectorName: string
  readonly pluginName?: string | undefined
  readonly scope?: readonly string[] | undefined
  readonly expiresInMs: number
  readonly variables?: Values | undefined
  readonly returnTo?: string | undefined
}

type Needs = Pick<Ports, 'clock' | 'connectLinks' | 'connectors' | 'entropy' | 'people' | 'plugins' | 'urls'> &
  LaunchedNeeds

/**
 * Makes a link that lets one person connect one system. Throws `connector_not_found`, `plugin_not_found`, `plugin_not_launched`,
 * `not_in_launch_audience`, `invalid_request`.
 */
export function createCreateConnectLink(ports: Needs) {
  const { launchedTo } = createLaunched(ports)

  return async function createConnectLink(
    context: RequestContext,
    principal: Principal,
    asked: NewConnectLink,
  ): Promise<{ readonly link: ConnectLink; readonly url: string }> {
    const { id: orgId, slug } = context.organization
    const connector = await ports.connectors.byName(orgId, asked.connectorName)
    if (connector === undefined || connector.retiredAt !== null) throw new BrokerError('connector_not_found')
    const plugin = asked.pluginName === undefined ? undefined : await ports.plugins.byName(orgId, asked.pluginName)
    if (asked.pluginName !== undefined && (plugin === undefined || plugin.retiredAt !== null))
      throw new BrokerError('plugin_not_found')
    const person = await ports.people.byId(orgId, asked.subjectId)
    if (person === undefined)
      throw new BrokerError('invalid_request', { errors: [{ pointer: '/subject', reason: 'no such person' }] })
    if (plugin !== undefined) await launchedTo(context, plugin, person)
    const now = ports.clock.now()
    const token = ports.entropy.randomToken(32)
    const link: ConnectLink = {
      id: ports.entropy.newId<ConnectLinkId>('lnk'),
      orgId,
      hash: ports.entropy.sha256(token),
      subjectId: asked.subjectId,
      connectorId: connector.id,
      further: [],
      pluginId: plugin?.id ?? null,
      scope: asked.scope ?? null,
      variables: prefilled(connector, asked.variables ?? {}),
      returnTo: safeReturnTo(asked.returnTo),
      createdAt: now,
      expiresAt: now + asked.expiresInMs,
      usedAt: null,
    }
    const fields = { onBehalfOf: asked.subjectId, target: connector.name, details: { link: link.id } }
    await ports.connectLinks.add(link, newAuditEvent(ports, context, principal, 'connect_link.created', fields))
    return { link, url: `${ports.urls.ofOrganization(slug)}/connect/${token}` }
  }
}

/** Answers for what the connector asks, as its variables take them. Throws `invalid_request` with a pointer to each that does not fit. */
function prefilled({ definition }: Connector, given: Values): Values {
  const asked = new Map(askedVariables(definition))
  const values: Record<string, string> = {}
  const errors = []
  for (const [name, raw] of Object.entries(given)) {
    const variable = asked.get(name)
    const value = variable && admitted(variable, raw)
    if (value !== undefined) values[name] = value
    else
      errors.push({
        pointer: `/variables/${name}`,
        reason: variable === undefined ? 'is not asked of people' : 'not a value that is taken here',
      })
  }
  if (errors.length > 0) throw new BrokerError('invalid_request', { detail: 'An answer does not fit.', errors })
  return values
}

const READY_MS = 3_600_000

/**
 * The connect link that a problem carries, for one connector or for several. One and the same for an hour, person, connectors and plugin, derived
 * rather than drawn, so that a caller who asks in a loop makes no rows; a used one gives way to the next.
 */
export function createReadyConnectUrl(ports: Pick<Ports, 'clock' | 'connectLinks' | 'entropy' | 'urls' | 'vault'>) {
  return async function readyConnectUrl(
    context: Pick<RequestContext, 'organization'>,
    {
      subjectId,
      connectors,
      plugin,
    }: { readonly subjectId: SubjectId; readonly connectors: readonly Connector[]; readonly plugin: Plugin | null },
  ): Promise<string> {
    const { id: orgId, slug } = context.organization
    const [first, ...further] = connectors.map(({ id }) => id)
    if (first === undefined) throw new RangeError('a link leads to at least one connector')
    const now = ports.clock.now()
    const bucket = Math.floor(now / READY_MS)
    for (let turn = 0; ; turn += 1) {
      const name = [subjectId, [first, ...further].join('+'), plugin?.id ?? '', bucket, turn].join('|')
      const token = toHex(
        (await ports.vault.mac(orgId, 'connect-link', new TextEncoder().encode(name))).subarray(0, 20),
      )
      const hash = ports.entropy.sha256(token)
      const there = await ports.connectLinks.byHash(orgId, hash)
      if (there !== undefined && !isLinkLive(there, now)) continue
      if (there === undefined) {
        const expiresAt = (bucket + 2) * READY_MS
        const about = {
          subjectId,
          connectorId: first,
          further,
          pluginId: plugin?.id ?? null,
          scope: null,
          variables: {},
        }
        const id = ports.entropy.newId<ConnectLinkId>('lnk')
        const link = { id, orgId, hash, ...about, returnTo: '/connections', createdAt: now, expiresAt, usedAt: null }
        await ports.connectLinks.add(link, null)
      }
      return `${ports.urls.ofOrganization(slug)}/connect/${token}`
    }
  }
}
