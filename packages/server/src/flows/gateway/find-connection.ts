import { BrokerError } from '../../domain/broker-error.ts'
import { type Connection, scopeOf } from '../../domain/connection.ts'
import { type Connector, mayConnect } from '../../domain/connector.ts'
import { lacking } from '../../domain/granted-scope.ts'
import type { Leased } from '../../domain/leased-values.ts'
import type { Person } from '../../domain/person.ts'
import { manifestScope, type Plugin } from '../../domain/plugin.ts'
import type { RequestContext } from '../../domain/request-context.ts'
import type { Ports } from '../../ports/index.ts'
import { createReadyConnectUrl } from '../connect/create-connect-link.ts'
import type { Leases } from '../request/leases.ts'

type Needs = Pick<Ports, 'clock' | 'connectLinks' | 'connections' | 'connectors' | 'entropy' | 'urls' | 'vault'> & {
  readonly leases: Leases
}

export type FindConnection = ReturnType<typeof createFindConnection>
export type Granted = { readonly connector: Connector; readonly connection: Connection }

/** Finds what a plugin may use on a person's behalf, and turns what stands in the way into problems that lead on. */
export function createFindConnection(ports: Needs) {
  const readyConnectUrl = createReadyConnectUrl(ports)
  return { findConnector, findConnection, leadingOn }

  /** Under a cache lease. Throws `connector_not_found`, also for what is not in the plugin's manifest, and `connector_not_approved`. */
  async function findConnector(
    { organization }: RequestContext,
    plugin: Plugin,
    name: string,
    person: Person,
  ): Promise<Leased<Connector>> {
    if (manifestScope(plugin, name) === undefined) throw new BrokerError('connector_not_found')
    const { value: connector, readAt } = await ports.leases.connectors.through(`${organization.id} ${name}`, () =>
      ports.connectors.byName(organization.id, name),
    )
    if (connector === undefined || connector.retiredAt !== null) throw new BrokerError('connector_not_found')
    if (!mayConnect(connector, person.id)) throw new BrokerError('connector_not_approved')
    return { value: connector, readAt }
  }

  /** Throws `connection_required`, `reconnect_required`, `scope_insufficient`, each with a connect link. */
  async function findConnection(
    context: RequestContext,
    plugin: Plugin,
    connector: Connector,
    person: Person,
  ): Promise<Granted> {
    const connection = await ports.connections.bySubject(context.organization.id, person.id, connector.id)
    const about = { plugin, connector, person, connection }
    if (connection?.status === 'reconnect_required')
      throw await leadingOn(context, new BrokerError('reconnect_required'), about)
    if (connection?.status !== 'connected')
      throw await leadingOn(context, new BrokerError('connection_required'), about)
    const missing = lacking(connector.definition.auth, manifestScope(plugin, connector.name) ?? [], scopeOf(connection))
    if (missing.length > 0) {
      throw await leadingOn(
        context,
        new BrokerError('scope_insufficient', { detail: `Not granted: ${missing.join(' ')}.` }),
        about,
      )
    }
    return { connector, connection }
  }

  /** Adds the link with which the person can put it right. */
  async function leadingOn(
    context: RequestContext,
    error: unknown,
    about: {
      readonly plugin: Plugin
      readonly connector: Connector
      readonly person: Person
      readonly connection?: Connection | undefined
    },
  ): Promise<unknown> {
    if (!(error instanceof BrokerError) || !LEADS_ON.has(error.code)) return error
    const { plugin, connector, person, connection } = about
    const connectUrl = await readyConnectUrl(context, { subjectId: person.id, connectors: [connector], plugin })
    const connectionId = error.told.connectionId ?? connection?.id
    return new BrokerError(error.code, {
      ...error.told,
      connectUrl,
      ...(connectionId === undefined ? {} : { connectionId }),
    })
  }
}

const LEADS_ON: ReadonlySet<string> = new Set(['connection_required', 'reconnect_required', 'scope_insufficient'])
