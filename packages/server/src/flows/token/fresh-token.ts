import type { ConnectionId } from '@behalf/contract'
import type { BrokerError } from '../../domain/broker-error.ts'
import { needsCredentials } from '../../domain/call-plan.ts'
import type { ClientCredentials } from '../../domain/outcome.ts'
import { isGood, isRenewable } from '../../domain/renewal.ts'
import type { RequestContext } from '../../domain/request-context.ts'
import type { Secret } from '../../domain/secret.ts'
import { isAlive } from '../../domain/token-set.ts'
import type { Ports } from '../../ports/index.ts'
import { type Held, judgeHeld, loadConnection } from './load-connection.ts'
import { openCredentials } from './open-client.ts'
import { openToken } from './open-token.ts'
import { createRefreshUnderLease, type RefreshNeeds } from './refresh-under-lease.ts'

export type FreshToken = Held & {
  readonly accessToken: Secret
  readonly expiresAt: number | null
  /** The connector's secrets, where its calls need them; else null. */
  readonly credentials: ClientCredentials | null
}

export type FreshTokenOptions = {
  /** Ends waiting for somebody else's refresh; never a refresh of our own. */
  readonly signal?: AbortSignal
  /** The API refused the token of this version: refresh although it looks fresh, unless one was forced in the last minute. */
  readonly forceIf?: { readonly tokenVersion: number }
  /** The connection and its connector, where the caller read them for this. */
  readonly justRead?: Held
}

type Context = Pick<RequestContext, 'organization'>
type Refreshed = { readonly problem: BrokerError | undefined; readonly now: Held }
const FORCED_APART_MS = 60_000

/**
 * Returns an access token that is good for a call, refreshing at most once however many ask (RFC 6749 6).
 * Throws `connection_required`, `reconnect_required`, `connector_misconfigured`, `provider_unavailable`, `provider_timeout`, `store_unavailable`.
 */
export function createFreshToken(ports: RefreshNeeds & Pick<Ports, 'connections'>) {
  const inFlight = new Map<ConnectionId, Promise<Refreshed>>()
  const forcedAt = new Map<ConnectionId, number>()
  const refreshUnderLease = createRefreshUnderLease(ports)

  return async function freshToken(
    context: Context,
    id: ConnectionId,
    options: FreshTokenOptions = {},
  ): Promise<FreshToken> {
    const { justRead } = options
    const held =
      justRead === undefined
        ? await loadConnection(ports, context, id)
        : judgeHeld(justRead.connection, justRead.connector)
    const forced = mayForce(held, options)
    if (!forced && isGood(held.connector.definition, held.connection, ports.clock.now())) return opened(context, held)

    let refreshing = inFlight.get(id)
    if (refreshing === undefined) {
      refreshing = refreshed(context, id, forced ? held.connection.tokenVersion : null)
      inFlight.set(id, refreshing)
    }
    const { problem, now } = await untilAborted(refreshing, options.signal)
    if (problem !== undefined && !isAlive(now.connection, ports.clock.now())) throw problem
    return opened(context, now)
  }

  // Read once for all who wait: hundreds of them would queue for the store. Whoever comes after the read began is not among them.
  async function refreshed(context: Context, id: ConnectionId, rejectedVersion: number | null): Promise<Refreshed> {
    const begun = ports.clock.monotonic()
    const problem = await refreshUnderLease(context, id, rejectedVersion).finally(() => inFlight.delete(id))
    const now = await loadConnection(ports, context, id)
    ports.metrics.observe('renewal_wait_seconds', (ports.clock.monotonic() - begun) / 1000)
    return { problem, now }
  }

  function mayForce({ connection, connector }: Held, { forceIf }: FreshTokenOptions): boolean {
    if (forceIf?.tokenVersion !== connection.tokenVersion) return false
    if (!isRenewable(connector.definition, connection, ports.clock.now())) return false
    const now = ports.clock.monotonic()
    const last = forcedAt.get(connection.id)
    if (last !== undefined && now - last < FORCED_APART_MS) return false
    for (const [id, at] of forcedAt) if (now - at >= FORCED_APART_MS) forcedAt.delete(id)
    forcedAt.set(connection.id, now)
    return true
  }

  async function opened(context: Context, held: Held): Promise<FreshToken> {
    const accessToken = await openToken(ports, context, held.connection, 'access_token')
    const credentials = needsCredentials(held.connector.definition)
      ? await openCredentials(ports, held.connector)
      : null
    return { ...held, accessToken, expiresAt: held.connection.expiresAt, credentials }
  }
}

function untilAborted<T>(work: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (signal === undefined) return work
  return new Promise((resolve, reject) => {
    const abort = () => reject(signal.reason)
    if (signal.aborted) return abort()
    signal.addEventListener('abort', abort, { once: true })
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort))
  })
}
