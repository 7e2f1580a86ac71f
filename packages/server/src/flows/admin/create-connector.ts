import type { ConnectorDefinition, ConnectorId } from '@behalf/contract'
import { BrokerError } from '../../domain/broker-error.ts'
import { type Connector, hostsOf } from '../../domain/connector.ts'
import { may } from '../../domain/permission.ts'
import { type Principal, principalName } from '../../domain/principal.ts'
import type { RequestContext } from '../../domain/request-context.ts'
import type { Ports } from '../../ports/index.ts'
import { newAuditEvent } from '../audit/new-audit-event.ts'
import { prepareDefinition } from './prepare-definition.ts'
import { sealClientSecret } from './seal-client-secret.ts'
import { sealConnectorSecrets } from './seal-connector-secrets.ts'

type Needs = Pick<Ports, 'clock' | 'connectors' | 'entropy' | 'outbound' | 'provider' | 'vault'>

/** Creates a connector; with `approve` an admin approves its hosts in the same call. Throws `already_exists`, `forbidden`, `invalid_request`. */
export function createCreateConnector(ports: Needs) {
  return async function createConnector(
    context: RequestContext,
    principal: Principal,
    { approve, ...definition }: ConnectorDefinition & { readonly approve: boolean },
  ): Promise<Connector> {
    refuseAdminFields(principal, { approve, openToAll: definition.open_to_all })
    const { client_secret, secrets } = definition.auth
    const plain = await prepareDefinition(ports, context, definition)
    const id = ports.entropy.newId<ConnectorId>('ctr')
    const now = ports.clock.now()
    const connector: Connector = {
      id,
      orgId: context.organization.id,
      name: definition.name,
      definition: plain,
      clientSecret: await sealClientSecret(ports, context, id, client_secret, null),
      secrets: await sealConnectorSecrets(ports, context, id, { definition: plain, patch: secrets, before: null }),
      version: 1,
      approvedHosts: approve ? hostsOf(plain) : [],
      observedIssuer: null,
      author: principalName(principal),
      createdAt: now,
      updatedAt: now,
      health: null,
      retiredAt: null,
    }
    const event = (action: 'connector.created' | 'connector.secret_set' | 'connector.approved') =>
      newAuditEvent(ports, context, principal, action, { target: connector.name, details: { hosts: hostsOf(plain) } })
    const audit = [
      event('connector.created'),
      ...(connector.clientSecret === null && connector.secrets === null ? [] : [event('connector.secret_set')]),
      ...(approve ? [event('connector.approved')] : []),
    ]
    if (!(await ports.connectors.create(connector, audit))) throw new BrokerError('already_exists')
    return connector
  }
}

/** What an admin alone may say of a connector. */
export function refuseAdminFields(
  principal: Principal,
  { approve, openToAll }: { readonly approve: boolean; readonly openToAll: boolean },
): void {
  if (may(principal.roles, 'connector.approve')) return
  if (approve) throw new BrokerError('forbidden', { errors: [{ pointer: '/approve', reason: 'admins alone' }] })
  if (openToAll) throw new BrokerError('forbidden', { errors: [{ pointer: '/open_to_all', reason: 'admins alone' }] })
}
