import { createBreaker } from '../../domain/breaker.ts'
import { BrokerError } from '../../domain/broker-error.ts'
import { type Connection, type SealedToken, scopeOf } from '../../domain/connection.ts'
import type { RefreshOutcome } from '../../domain/outcome.ts'
import { tokenPlace } from '../../domain/places.ts'
import { isRenewable } from '../../domain/renewal.ts'
import type { RequestContext } from '../../domain/request-context.ts'
import { reveal, type Secret } from '../../domain/secret.ts'
import { mergeRefreshed, type TokenSet } from '../../domain/token-set.ts'
import type { RefreshedTokens } from '../../ports/connection-store.ts'
import type { Ports } from '../../ports/index.ts'
import type { RefreshLease } from '../../ports/refresh-lease-store.ts'
import { openExtraTokens, packedTokens } from './extra-tokens.ts'
import type { Held } from './load-connection.ts'
import { openClient } from './open-client.ts'
import { openToken } from './open-token.ts'
import { createRefreshFailed } from './refresh-failed.ts'
import { newRenewedEvent } from './renewed-event.ts'
import { createStoreRefreshed, type Stored } from './store-refreshed.ts'

export type SendNeeds = Pick<
  Ports,
  | 'audit'
  | 'clock'
  | 'connections'
  | 'connectors'
  | 'entropy'
  | 'journal'
  | 'log'
  | 'metrics'
  | 'organizations'
  | 'provider'
  | 'refreshLeases'
  | 'revocations'
  | 'vault'
>

/** The longest a token endpoint may take. */
export const TOKEN_DEADLINE_MS = 20_000
const LEAST_MS = 2_000
// One that answers, whatever it says, is there; an answer of the 5xx class says that what stands behind it is not.
const isUp = (outcome: RefreshOutcome): boolean =>
  outcome.kind !== 'unavailable' || !/^(http_5\d\d|provider_timeout|provider_unavailable)$/.test(outcome.reason)

type Context = Pick<RequestContext, 'organization'>
type Sending = { readonly tries: number; readonly sendBefore: number }

/** Sends one refresh under a lease and stores what comes back; undefined where the token is renewed, else the problem. */
export function createSendRefresh(ports: SendNeeds) {
  const storeRefreshed = createStoreRefreshed(ports)
  const refreshFailed = createRefreshFailed(ports)
  const breaker = createBreaker()

  return async function sendRefresh(
    context: Context,
    held: Held,
    lease: RefreshLease,
    { tries, sendBefore }: Sending,
  ): Promise<BrokerError | undefined> {
    const { connection } = held
    if (!isRenewable(held.connector.definition, connection, ports.clock.now()))
      return refreshFailed.nothingToRefreshWith(context, held, lease)
    const old = await openHeld(context, connection)
    const client = await openClient(ports, context, held.connector, connection.variables)

    const endpoint = `${connection.orgId} ${connection.granted.tokenEndpoint}`
    const closedMs = breaker.admit(endpoint, ports.clock.monotonic())
    if (closedMs !== null) {
      await ports.refreshLeases.release(lease, { settled: false, coolUntilAt: null, reason: null })
      return new BrokerError('provider_unavailable', {
        detail: 'The provider did not answer many times in a row; it is asked again soon.',
        retryAfterMs: closedMs,
      })
    }

    // Proves the store writable before the token is spent, and tells others not to resend blindly.
    const attemptId = ports.entropy.randomToken()
    const { generation, tokenVersion } = connection
    const attempt = { node: ports.journal.node, attemptId, generation, tokenVersion, startedAt: ports.clock.now() }
    const timeoutMs = held.connector.definition.auth.refresh.timeout_s * 1000
    const deadlineMs = Math.min(TOKEN_DEADLINE_MS, timeoutMs, sendBefore - ports.clock.monotonic())
    if (deadlineMs < LEAST_MS || !(await ports.refreshLeases.openAttempt(lease, attempt, tries))) {
      return new BrokerError('provider_unavailable', { detail: 'The renewal was taken over.' })
    }

    // Beyond this line a caller's abort no longer counts.
    const begun = ports.clock.monotonic()
    const { accessToken, refreshToken } = old
    const scope = scopeOf(connection)
    const receivedAt = () => ports.clock.now()
    const outcome = await ports.provider.refresh(
      client,
      { accessToken, refreshToken, scope },
      { deadlineMs, receivedAt },
    )
    breaker.answered(endpoint, isUp(outcome), ports.clock.monotonic())
    ports.metrics.count('refreshes', outcome.kind)
    ports.metrics.observe('refresh_seconds', (ports.clock.monotonic() - begun) / 1000)
    if (outcome.kind !== 'refreshed') return refreshFailed.told(context, held, lease, outcome)
    const { rotation, strategy } = held.connector.definition.auth.refresh
    const rotates = rotation === 'rotates' && strategy === 'refresh_token'
    await keep(context, connection, lease, attemptId, mergeRefreshed(old, outcome.tokenSet, rotates), refreshToken)
    return undefined
  }

  async function openHeld(context: Context, connection: Connection): Promise<TokenSet> {
    const { grantedScope, refreshExpiresAt, variables } = connection
    return {
      accessToken: await openToken(ports, context, connection, 'access_token'),
      refreshToken: connection.refreshToken && (await openToken(ports, context, connection, 'refresh_token')),
      expiresAt: null,
      scope: grantedScope,
      extraTokens: await openExtraTokens(ports, connection),
      refreshExpiresAt,
      values: variables,
      account: null,
    }
  }

  async function keep(
    context: Context,
    connection: Connection,
    lease: RefreshLease,
    attemptId: string,
    tokenSet: TokenSet,
    oldRefreshToken: Secret | null,
  ): Promise<void> {
    const tokens = await sealRefreshed(connection, lease, tokenSet, oldRefreshToken)
    const stored = await staged(attemptId, tokens, () =>
      storeRefreshed(context, tokens, mine => newRenewedEvent(ports, context, mine, connection)),
    )
    await ports.refreshLeases.release(lease, { settled: true, coolUntilAt: null, reason: null })
    if (stored === 'late') throw new BrokerError('connection_required')
  }

  /** What cannot be stored stays in the journal, for whoever reconciles that. */
  async function staged(attemptId: string, tokens: RefreshedTokens, store: () => Promise<Stored>): Promise<Stored> {
    try {
      await ports.journal.stage({ attemptId, tokens })
      const stored = await store()
      await ports.journal.settle(attemptId)
      return stored
    } finally {
      ports.journal.leave(attemptId)
    }
  }

  async function sealRefreshed(
    connection: Connection,
    { epoch }: RefreshLease,
    tokenSet: TokenSet,
    oldRefreshToken: Secret | null,
  ): Promise<RefreshedTokens> {
    const { orgId, id, generation } = connection
    const seal = async (
      kind: 'access_token' | 'refresh_token' | 'extra_tokens',
      value: Secret,
      old: SealedToken | null,
    ): Promise<SealedToken> => {
      const secretVersion = (old?.secretVersion ?? 0) + 1
      return { sealed: await ports.vault.seal(tokenPlace(orgId, id, kind, secretVersion), value), secretVersion }
    }
    const { refreshToken } = tokenSet
    const former = oldRefreshToken && reveal(oldRefreshToken)
    const rotated = refreshToken !== null && reveal(refreshToken) !== former
    const further = packedTokens(tokenSet.extraTokens)
    return {
      orgId,
      id,
      generation,
      tokenVersion: connection.tokenVersion + 1,
      accessToken: await seal('access_token', tokenSet.accessToken, connection.accessToken),
      refreshToken: rotated
        ? await seal('refresh_token', refreshToken, connection.refreshToken)
        : refreshToken && connection.refreshToken,
      receivedAt: ports.clock.now(),
      expiresAt: tokenSet.expiresAt,
      grantedScope: tokenSet.scope,
      variables: tokenSet.values,
      extraTokens: further && (await seal('extra_tokens', further, connection.extraTokens)),
      refreshExpiresAt: tokenSet.refreshExpiresAt,
      refreshEpoch: epoch,
    }
  }
}

export type FailedRefresh = Exclude<RefreshOutcome, { kind: 'refreshed' }>
