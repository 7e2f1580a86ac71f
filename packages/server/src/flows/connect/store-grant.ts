import type { ConnectionId } from '@behalf/contract'
import type { ConnectOutcome } from '../../domain/authorization-request.ts'
import { toHex } from '../../domain/bytes.ts'
import { type Connection, scopeOf } from '../../domain/connection.ts'
import { type Connector, grantedHosts } from '../../domain/connector.ts'
import { missed, unasked } from '../../domain/granted-scope.ts'
import { tokenPlace } from '../../domain/places.ts'
import type { Principal } from '../../domain/principal.ts'
import type { RequestContext } from '../../domain/request-context.ts'
import type { Secret } from '../../domain/secret.ts'
import type { TokenSet } from '../../domain/token-set.ts'
import type { Ports } from '../../ports/index.ts'
import { newAuditEvent } from '../audit/new-audit-event.ts'
import { packedTokens } from '../token/extra-tokens.ts'
import { type GrantRequest, parkGrant } from './park-grant.ts'
import { revocationsMadeVoid } from './revocations-made-void.ts'

type Needs = Pick<Ports, 'clock' | 'connections' | 'connectors' | 'entropy' | 'parkedGrants' | 'revocations' | 'vault'>
type Session = Extract<Principal, { kind: 'session' }>
const TRIES = 5

/**
 * Stores a grant: sealed tokens, a new grant generation and the audit in one transaction. A grant that its person must be asked about is parked:
 * one for another account than before, and one for several sites.
 */
export function createStoreGrant(ports: Needs) {
  return async function storeGrant(
    context: RequestContext,
    principal: Session,
    request: GrantRequest,
    connector: Connector,
    tokenSet: TokenSet,
    options: { readonly replaceAccount: boolean } = { replaceAccount: false },
  ): Promise<ConnectOutcome> {
    const sites = tokenSet.account?.sites ?? null
    if (sites !== null && sites.length === 0) return { kind: 'failed', error: 'no_sites', description: null }
    if (sites !== null) return parkGrant(ports, request, connector, tokenSet, { kind: 'choose_site', sites })
    for (let tries = 0; tries < TRIES; tries += 1) {
      const existing = await ports.connections.bySubject(request.orgId, request.subjectId, connector.id)
      const connection = await sealed(request, connector, tokenSet, existing)
      if (existing !== undefined && !options.replaceAccount && isOtherAccount(existing, connection)) {
        const question = {
          kind: 'other_account',
          before: existing.accountLabel,
          after: connection.accountLabel,
        } as const
        return parkGrant(ports, request, connector, tokenSet, question)
      }
      if (await isTaken(connector, connection)) return { kind: 'failed', error: 'account_taken', description: null }
      const { accessToken, refreshToken, requestedScope, grantedScope } = connection
      const audit = newAuditEvent(ports, context, principal, 'connect.completed', {
        onBehalfOf: request.subjectId,
        target: connection.id,
        details: {
          connector: connector.name,
          scope: grantedScope ?? requestedScope,
          account: connection.accountId,
          generation: connection.generation,
          before: existing?.status ?? null,
          scope_before: existing === undefined ? [] : scopeOf(existing),
          refreshable: refreshToken !== null,
          access_token_hash: hash(accessToken),
          refresh_token_hash: hash(refreshToken),
        },
      })
      const voided = await revocationsMadeVoid(ports, connector, existing, connection)
      const cancelled = voided.map(({ connectionId, step, subjectId, token }) =>
        newAuditEvent(ports, context, principal, 'revocation.cancelled', {
          onBehalfOf: subjectId,
          target: connectionId,
          details: { token, step, connected: connection.id },
        }),
      )
      // What is replaced is overwritten, never revoked: at some providers revoking it would end the new grant too.
      const events = [audit, ...cancelled]
      if (await ports.connections.connect(connection, existing?.generation ?? 0, [], events, voided))
        return connected(connector, connection)
    }
    return { kind: 'failed', error: 'version_conflict', description: null }
  }

  // Nothing is revoked: at many providers that would end the grant of whom the account is already connected for.
  async function isTaken({ definition }: Connector, connection: Connection): Promise<boolean> {
    const { orgId, connectorId, accountId, subjectId } = connection
    if (definition.account.duplicates === 'allow' || accountId === null) return false
    const there = await ports.connections.ofAccount(orgId, connectorId, accountId)
    return there.some(other => other.subjectId !== subjectId)
  }

  async function sealed(
    request: GrantRequest,
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
        existing?.extraTokens?.secretVersion ?? 0,
        existing?.tokenVersion ?? 0,
      ) + 1
    const seal = async (column: 'access_token' | 'refresh_token' | 'extra_tokens', value: Secret) => ({
      sealed: await ports.vault.seal(tokenPlace(orgId, id, column, secretVersion), value),
      secretVersion,
    })
    const now = ports.clock.now()
    const further = packedTokens(tokenSet.extraTokens)
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
      accountLabel: tokenSet.account?.label ?? null,
      accountId: tokenSet.account?.id ?? null,
      accountIcon: tokenSet.account?.icon ?? null,
      variables: { ...request.variables, ...tokenSet.values },
      extraTokens: further && (await seal('extra_tokens', further)),
      refreshExpiresAt: tokenSet.refreshExpiresAt,
      refreshEpoch: 0,
      granted: grantedHosts(connector.definition),
      connectedAt: now,
      lastUsedAt: null,
      dismissedGeneration: null,
      reason: null,
    }
  }

  function hash(token: Connection['accessToken']): string | null {
    return token && toHex(ports.entropy.sha256Bytes(token.sealed))
  }
}

// Ids tell accounts apart; labels where one grant carries no id.
function isOtherAccount(existing: Connection, { accountId, accountLabel }: Connection): boolean {
  if (existing.status !== 'connected' && existing.status !== 'reconnect_required') return false
  if (existing.accountId !== null && accountId !== null) return existing.accountId !== accountId
  return existing.accountLabel !== null && accountLabel !== null && existing.accountLabel !== accountLabel
}

function connected({ definition }: Connector, { id, grantedScope, requestedScope }: Connection): ConnectOutcome {
  const granted = grantedScope ?? requestedScope
  return {
    kind: 'connected',
    connectionId: id,
    missingScope: missed(definition.auth, requestedScope, granted),
    extraScope: unasked(definition.auth, requestedScope, granted),
  }
}
