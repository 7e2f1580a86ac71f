import type { ProblemCode } from '@behalf/contract'
import { BrokerError, type Missing } from '../../domain/broker-error.ts'
import { scopeOf } from '../../domain/connection.ts'
import { type Connector, displayName, mayConnect } from '../../domain/connector.ts'
import { lacking as lackingScope } from '../../domain/granted-scope.ts'
import type { RequestContext } from '../../domain/request-context.ts'
import type { Ports } from '../../ports/index.ts'
import { createReadyConnectUrl } from '../connect/create-connect-link.ts'
import type { Spoken } from './speak-for.ts'

type Needs = Pick<Ports, 'clock' | 'connectLinks' | 'connections' | 'connectors' | 'entropy' | 'urls' | 'vault'>
type Lack = Missing & { readonly connectorOf: Connector }

/** What of the connections that a plugin needs is not there yet, and the one link that covers it. */
export function createNeededConnections(ports: Needs) {
  const readyConnectUrl = createReadyConnectUrl(ports)
  return { lacking, problemOf }

  /** Of every connector in the manifest. Throws `connector_not_found`, `connector_not_approved`. */
  async function lacking(
    { organization }: RequestContext,
    { plugin, person }: Pick<Spoken, 'plugin' | 'person'>,
  ): Promise<readonly Lack[]> {
    const lacks: Lack[] = []
    for (const { connector: name, scope } of plugin.definition.connectors) {
      const connector = await ports.connectors.byName(organization.id, name)
      if (connector === undefined || connector.retiredAt !== null) throw new BrokerError('connector_not_found')
      if (!mayConnect(connector, person.id)) throw new BrokerError('connector_not_approved')
      const connection = await ports.connections.bySubject(organization.id, person.id, connector.id)
      const about = { connector: name, displayName: displayName(connector), connectorOf: connector }
      if (connection?.status === 'reconnect_required') lacks.push({ ...about, code: 'reconnect_required', scope })
      else if (connection?.status !== 'connected') lacks.push({ ...about, code: 'connection_required', scope })
      else {
        const missing = lackingScope(connector.definition.auth, scope, scopeOf(connection))
        if (missing.length > 0) lacks.push({ ...about, code: 'scope_insufficient', scope: missing })
      }
    }
    return lacks
  }

  /** One problem that names all that is missing, with one link. */
  async function problemOf(
    context: RequestContext,
    { plugin, person }: Pick<Spoken, 'plugin' | 'person'>,
    lacks: readonly Lack[],
  ): Promise<BrokerError> {
    const connectors = lacks.map(({ connectorOf }) => connectorOf)
    const connectUrl = await readyConnectUrl(context, { subjectId: person.id, connectors, plugin })
    const [code = 'connection_required', other] = new Set<ProblemCode>(lacks.map(lack => lack.code))
    const missing = lacks.map(({ connectorOf: _, ...lack }) => lack)
    return new BrokerError(other === undefined ? code : 'connection_required', {
      detail: `Missing: ${lacks.map(lack => lack.displayName).join(', ')}.`,
      connectUrl,
      missing,
    })
  }
}
