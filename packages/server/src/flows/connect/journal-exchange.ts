import type { AuthorizationRequest, ConnectOutcome } from '../../domain/authorization-request.ts'
import type { Connection } from '../../domain/connection.ts'
import { grantedHosts } from '../../domain/connector.ts'
import { exchangePlace, tokenPlace } from '../../domain/places.ts'
import type { RequestContext } from '../../domain/request-context.ts'
import type { Secret } from '../../domain/secret.ts'
import type { TokenSet } from '../../domain/token-set.ts'
import type { Ports } from '../../ports/index.ts'
import type { OpenExchange } from '../../ports/refresh-journal.ts'
import { newAuditEvent } from '../audit/new-audit-event.ts'
import { queueRevocations } from '../revoke/queue-revocations.ts'

type Needs = Pick<
  Ports,
  | 'audit'
  | 'authorizationRequests'
  | 'clock'
  | 'connections'
  | 'connectors'
  | 'entropy'
  | 'journal'
  | 'log'
  | 'organizations'
  | 'revocations'
  | 'vault'
>
type Tokens = Pick<TokenSet, 'accessToken' | 'refreshToken'>
type Staged = NonNullable<OpenExchange['tokens']>
type Request = Pick<AuthorizationRequest, 'orgId' | 'stateHash'>

/** What a code exchange does in the journal: `answered` once the tokens are there, before anything else is done with them. */
export type JournaledExchange = { readonly answered: (tokens: Tokens) => Promise<void> }
export type ExchangeJournal = ReturnType<typeof createExchangeJournal>

/**
 * Keeps code exchanges in the journal. A code is spent with its first use, so that an exchange whose node ended before the connection was stored
 * cannot be done again: the person is told to try again, and tokens that came are revoked, where no connection of theirs stands that the
 * provider could end with them.
 */
export function createExchangeJournal(ports: Needs) {
  const underWay = new Set<string>()
  return { journaled, settleLeft }

  /** Runs one exchange. What it leaves behind where it throws is settled later. */
  async function journaled<Result>(
    { orgId, stateHash }: Request,
    exchange: (open: JournaledExchange) => Promise<Result>,
  ): Promise<Result> {
    const attemptId = ports.entropy.randomToken()
    underWay.add(attemptId)
    try {
      await ports.journal.stageExchange({ attemptId, orgId, stateHash, tokens: null })
      const result = await exchange({
        async answered({ accessToken, refreshToken }) {
          const seal = (column: 'access_token' | 'refresh_token', token: Secret) =>
            ports.vault.seal(exchangePlace(orgId, stateHash, column), token)
          const tokens = {
            accessToken: await seal('access_token', accessToken),
            refreshToken: refreshToken && (await seal('refresh_token', refreshToken)),
          }
          await ports.journal.stageExchange({ attemptId, orgId, stateHash, tokens })
        },
      })
      await ports.journal.settle(attemptId)
      return result
    } finally {
      underWay.delete(attemptId)
    }
  }

  /** Settles exchanges that nobody is at any more; how many. */
  async function settleLeft(): Promise<number> {
    let settled = 0
    for (const exchange of await ports.journal.openExchanges()) {
      if (underWay.has(exchange.attemptId)) continue
      const organization = await ports.organizations.byId(exchange.orgId)
      const request = await ports.authorizationRequests.byState(exchange.orgId, exchange.stateHash)
      if (organization !== undefined && request !== undefined) await settle({ organization }, request, exchange)
      await ports.journal.settle(exchange.attemptId)
      settled += 1
    }
    return settled
  }

  async function settle(
    context: Pick<RequestContext, 'organization'>,
    request: AuthorizationRequest,
    { tokens }: OpenExchange,
  ): Promise<void> {
    // Told already: the connection was stored, or the failure, and just the journal was not.
    if (request.outcome !== null) return
    const { orgId, subjectId, connectorId } = request
    const there = await ports.connections.bySubject(orgId, subjectId, connectorId)
    if (there?.status === 'connected' && there.connectedAt >= request.createdAt)
      return finish(request, { kind: 'connected', connectionId: there.id, missingScope: [], extraScope: [] })
    const stands = there?.status === 'connected' || there?.status === 'reconnect_required'
    const queued = tokens === null || stands ? [] : await orphaned(request, there, tokens)
    const audit = newAuditEvent(ports, context, 'system', 'connect.failed', {
      result: 'failed',
      onBehalfOf: subjectId,
      target: connectorId,
      details: { error: 'interrupted', revoked: queued.map(({ token }) => token) },
    })
    await ports.revocations.add(queued, [audit])
    await finish(request, { kind: 'failed', error: 'interrupted', description: null })
    ports.log.info('connect.interrupted', { connector: connectorId })
  }

  /** The revocations of tokens that no connection holds. */
  async function orphaned(request: AuthorizationRequest, there: Connection | undefined, tokens: Staged) {
    const { orgId, subjectId, connectorId, connectorVersion } = request
    const connector = await ports.connectors.atVersion(orgId, connectorId, connectorVersion)
    if (connector === undefined) return []
    const id = there?.id ?? ports.entropy.newId<Connection['id']>('con')
    const moved = async (kind: 'access_token' | 'refresh_token', sealed: Staged['accessToken']) => {
      const token = await ports.vault.open(exchangePlace(orgId, request.stateHash, kind), sealed)
      return { sealed: await ports.vault.seal(tokenPlace(orgId, id, kind, 1), token), secretVersion: 1 }
    }
    const now = ports.clock.now()
    const orphan: Connection = {
      id,
      orgId,
      connectorId,
      subjectId,
      status: 'disconnecting',
      generation: (there?.generation ?? 0) + 1,
      tokenVersion: 1,
      connectorVersion,
      accessToken: await moved('access_token', tokens.accessToken),
      refreshToken: tokens.refreshToken && (await moved('refresh_token', tokens.refreshToken)),
      receivedAt: now,
      expiresAt: null,
      grantedScope: null,
      requestedScope: request.scope,
      accountLabel: null,
      accountId: null,
      accountIcon: null,
      variables: request.variables,
      extraTokens: null,
      refreshExpiresAt: null,
      refreshEpoch: 0,
      granted: grantedHosts(connector.definition),
      connectedAt: now,
      lastUsedAt: null,
      dismissedGeneration: null,
      reason: null,
    }
    return queueRevocations(ports, orphan, 'late')
  }

  function finish({ orgId, stateHash }: Request, outcome: ConnectOutcome): Promise<void> {
    return ports.authorizationRequests.finish(orgId, stateHash, outcome)
  }
}
