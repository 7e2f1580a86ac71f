import type { ConnectionId } from '@behalf/contract'
import type { AuthorizationRequest, ConnectOutcome } from '../../domain/authorization-request.ts'
import { toHex } from '../../domain/bytes.ts'
import { type Connection, missingScope, scopeOf } from '../../domain/connection.ts'
import { type Connector, grantedHosts } from '../../domain/connector.ts'
import { tokenPlace, verifierPlace } from '../../domain/places.ts'
import type { Principal } from '../../domain/principal.ts'
import type { RequestContext } from '../../domain/request-context.ts'
import type { Secret } from '../../domain/secret.ts'
import type { TokenSet } from '../../domain/token-set.ts'
import type { Ports } from '../../ports/index.ts'
import { newAuditEvent } from '../audit/new-audit-event.ts'
import { queueRevocations } from '../revoke/queue-revocations.ts'
import { openClient } from '../token/open-client.ts'
import type { ExchangeJournal, JournaledExchange } from './journal-exchange.ts'

export type ExchangeNeeds = Pick<
  Ports,
  | 'audit'
  | 'clock'
  | 'connections'
  | 'connectors'
  | 'entropy'
  | 'log'
  | 'metrics'
  | 'provider'
  | 'revocations'
  | 'urls'
  | 'vault'
> & { readonly exchanges: ExchangeJournal }
type Session = Extract<Principal, { kind: 'session' }>
const TRIES = 5

/** Exchanges a code once and stores the connection: sealed tokens, a new grant generation and the audit in one transaction. */
export function createExchangeCode(ports: ExchangeNeeds) {
  return function exchangeCode(
    context: RequestContext,
    principal: Session,
    request: AuthorizationRequest,
    connector: Connector,
    code: Secret,
  ): Promise<ConnectOutcome> {
    return ports.exchanges.journaled(request, open => exchange(context, principal, request, connector, code, open))
  }

  async function exchange(
    context: RequestContext,
    principal: Session,
    request: AuthorizationRequest,
    connector: Connector,
    code: Secret,
    open: JournaledExchange,
  ): Promise<ConnectOutcome> {
    const verifier =
      request.verifier && (await ports.vault.open(verifierPlace(request.orgId, request.stateHash), request.verifier))
    const client = await openClient(ports, context, connector)
    const redirectUri = ports.urls.ofOrganization(context.organization.slug) + request.callbackPath
    const exchanged = await ports.provider.exchangeCode(client, {
      code,
      redirectUri,
      verifier,
      receivedAt: () => ports.clock.now(),
    })
    if (exchanged.kind === 'granted') {
      await open.answered(exchanged.tokenSet)
      return store(context, principal, request, connector, exchanged.tokenSet)
    }
    const failed: ConnectOutcome =
      exchanged.kind === 'unavailable'
        ? { kind: 'failed', error: 'provider_unavailable', description: null }
        : { kind: 'failed', error: exchanged.error.error, description: exchanged.error.description }
    if (exchanged.kind === 'client_rejected') ports.log.warn('connector.client_rejected', { connector: connector.name })
    await ports.audit.add([audit('connect.failed', { result: 'failed', details: { error: failed.error } })])
    return failed

    function audit(action: 'connect.failed' | 'connect.completed', fields: Parameters<typeof newAuditEvent>[4]) {
      return newAuditEvent(ports, context, principal, action, {
        onBehalfOf: request.subjectId,
        target: connector.name,
        ...fields,
      })
    }
  }

  async function store(
    context: RequestContext,
    principal: Session,
    request: AuthorizationRequest,
    connector: Connector,
    tokenSet: TokenSet,
  ): Promise<ConnectOutcome> {
    for (let tries = 0; tries < TRIES; tries += 1) {
      const existing = await ports.connections.bySubject(request.orgId, request.subjectId, connector.id)
      const connection = await sealed(request, connector, tokenSet, existing)
      if (existing !== undefined && isOtherAccount(existing, tokenSet)) {
        await ports.revocations.add(await queueRevocations(ports, connection, 'late'), [])
        return { kind: 'failed', error: 'account_changed', description: tokenSet.accountLabel }
      }
      const { accessToken, refreshToken, requestedScope, grantedScope } = connection
      const audit = newAuditEvent(ports, context, principal, 'connect.completed', {
        onBehalfOf: request.subjectId,
        target: connection.id,
        details: {
          connector: connector.name,
          scope: grantedScope ?? requestedScope,
          generation: connection.generation,
          before: existing?.status ?? null,
          scope_before: existing === undefined ? [] : scopeOf(existing),
          refreshable: refreshToken !== null,
          access_token_hash: hash(accessToken),
          refresh_token_hash: hash(refreshToken),
        },
      })
      // What is replaced is overwritten, never revoked: at some providers revoking it would end the new grant too.
      if (await ports.connections.connect(connection, existing?.generation ?? 0, [], [audit]))
        return connected(connection)
    }
    return { kind: 'failed', error: 'version_conflict', description: null }
  }

  async function sealed(
    request: AuthorizationRequest,
    connector: Connector,
    tokenSet: TokenSet,
    existing: Connection | undefined,
  ): Promise<Connection> {
    const { orgId, subjectId } = request
    const id = existing?.id ?? ports.entropy.newId<ConnectionId>('con')
    const generation = (existing?.generation ?? 0) + 1
    // Above every version this place ever had: generations only grow, and a refresh adds one at a time.
    const secretVersion =
      Math.max(
        existing?.accessToken?.secretVersion ?? 0,
        existing?.refreshToken?.secretVersion ?? 0,
        existing?.tokenVersion ?? 0,
      ) + 1
    const seal = async (column: 'access_token' | 'refresh_token', value: Secret) => ({
      sealed: await ports.vault.seal(tokenPlace(orgId, id, column, secretVersion), value),
      secretVersion,
    })
    const now = ports.clock.now()
    return {
      id,
      orgId,
      connectorId: connector.id,
      subjectId,
      status: 'connected',
      generation,
      tokenVersion: (existing?.tokenVersion ?? 0) + 1,
      connectorVersion: connector.version,
      accessToken: await seal('access_token', tokenSet.accessToken),
      refreshToken: tokenSet.refreshToken && (await seal('refresh_token', tokenSet.refreshToken)),
      receivedAt: now,
      expiresAt: tokenSet.expiresAt,
      grantedScope: tokenSet.scope,
      requestedScope: request.scope,
      accountLabel: tokenSet.accountLabel,
      granted: grantedHosts(connector.definition),
      connectedAt: now,
      lastUsedAt: null,
      reason: null,
    }
  }

  function hash(token: Connection['accessToken']): string | null {
    return token && toHex(ports.entropy.sha256Bytes(token.sealed))
  }
}

// Only a label that both grants carry can tell two accounts apart.
const isOtherAccount = (existing: Connection, { accountLabel }: TokenSet): boolean =>
  (existing.status === 'connected' || existing.status === 'reconnect_required') &&
  existing.accountLabel !== null &&
  accountLabel !== null &&
  existing.accountLabel !== accountLabel

function connected({ id, grantedScope, requestedScope }: Connection): ConnectOutcome {
  const granted = grantedScope ?? requestedScope
  return {
    kind: 'connected',
    connectionId: id,
    missingScope: missingScope(requestedScope, granted),
    extraScope: missingScope(granted, requestedScope),
  }
}
