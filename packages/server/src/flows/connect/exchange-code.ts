import type { AuthorizationRequest, ConnectOutcome } from '../../domain/authorization-request.ts'
import type { Connector } from '../../domain/connector.ts'
import { verifierPlace } from '../../domain/places.ts'
import type { Principal } from '../../domain/principal.ts'
import type { RequestContext } from '../../domain/request-context.ts'
import type { Secret } from '../../domain/secret.ts'
import type { Values } from '../../domain/template.ts'
import { captured } from '../../domain/variables.ts'
import type { Ports } from '../../ports/index.ts'
import { newAuditEvent } from '../audit/new-audit-event.ts'
import { openClient } from '../token/open-client.ts'
import type { ExchangeJournal, JournaledExchange } from './journal-exchange.ts'
import { createStoreGrant } from './store-grant.ts'

export type ExchangeNeeds = Pick<
  Ports,
  | 'audit'
  | 'clock'
  | 'connections'
  | 'connectors'
  | 'entropy'
  | 'log'
  | 'metrics'
  | 'parkedGrants'
  | 'provider'
  | 'revocations'
  | 'urls'
  | 'vault'
> & { readonly exchanges: ExchangeJournal }
type CodeCallback = { readonly code: Secret; readonly query: URLSearchParams }
type Session = Extract<Principal, { kind: 'session' }>

/** Exchanges a code once, with what the callback brought for the connector's variables, and stores the grant. */
export function createExchangeCode(ports: ExchangeNeeds) {
  const storeGrant = createStoreGrant(ports)

  return function exchangeCode(
    context: RequestContext,
    principal: Session,
    request: AuthorizationRequest,
    connector: Connector,
    callback: CodeCallback,
  ): Promise<ConnectOutcome> {
    return ports.exchanges.journaled(request, open => exchange(context, principal, request, connector, callback, open))
  }

  async function exchange(
    context: RequestContext,
    principal: Session,
    request: AuthorizationRequest,
    connector: Connector,
    { code, query }: CodeCallback,
    open: JournaledExchange,
  ): Promise<ConnectOutcome> {
    const verifier =
      request.verifier && (await ports.vault.open(verifierPlace(request.orgId, request.stateHash), request.verifier))
    const client = await openClient(ports, context, connector, request.variables)
    if (!ports.provider.provesCallback(client, query)) return refusedCallback()
    const brought = { ...request, variables: { ...request.variables, ...callbackValues(connector, query) } }
    const redirectUri = ports.urls.ofOrganization(context.organization.slug) + request.callbackPath
    const exchanged = await ports.provider.exchangeCode(
      { ...client, values: brought.variables },
      { code, redirectUri, verifier, scope: request.scope, receivedAt: () => ports.clock.now() },
    )
    if (exchanged.kind === 'granted') {
      await open.answered(exchanged.tokenSet)
      return storeGrant(context, principal, brought, connector, exchanged.tokenSet)
    }
    const failed: ConnectOutcome =
      exchanged.kind === 'unavailable'
        ? { kind: 'failed', error: 'provider_unavailable', description: null }
        : { kind: 'failed', error: exchanged.error.error, description: exchanged.error.description }
    if (exchanged.kind === 'client_rejected') ports.log.warn('connector.client_rejected', { connector: connector.name })
    await ports.audit.add([audit('connect.failed', { result: 'failed', details: { error: failed.error } })])
    return failed

    async function refusedCallback(): Promise<ConnectOutcome> {
      await ports.audit.add([audit('connect.refused', { result: 'refused', details: { error: 'callback_unproven' } })])
      return { kind: 'failed', error: 'callback_unproven', description: null }
    }

    function audit(action: 'connect.failed' | 'connect.refused', fields: Parameters<typeof newAuditEvent>[4]) {
      return newAuditEvent(ports, context, principal, action, {
        onBehalfOf: request.subjectId,
        target: connector.name,
        ...fields,
      })
    }
  }
}

const callbackValues = ({ definition }: Connector, query: URLSearchParams): Values =>
  captured(definition, 'callback', name => query.get(name))
