import type { ConnectionId } from '@behalf/contract'
import { BrokerError } from '../../domain/broker-error.ts'
import type { Connection } from '../../domain/connection.ts'
import type { RequestContext } from '../../domain/request-context.ts'
import type { Ports } from '../../ports/index.ts'
import type { OpenAttempt } from '../../ports/refresh-lease-store.ts'
import { createReconcileJournal } from './reconcile-journal.ts'

/** How long a living owner of an open attempt is waited for before the refresh is tried once more. */
const GRACE_MS = 45_000

type Needs = Pick<
  Ports,
  'clock' | 'entropy' | 'journal' | 'connections' | 'connectors' | 'revocations' | 'organizations' | 'log' | 'vault'
>

/**
 * Deals with a refresh another holder began and did not end: its answer may lie in a journal. Undefined where one may go on,
 * else the problem to tell while its owner is waited for.
 */
export function createSettleOpenAttempt(ports: Needs) {
  const reconcileJournal = createReconcileJournal(ports)

  return async function settleOpenAttempt(
    { organization }: Pick<RequestContext, 'organization'>,
    id: ConnectionId,
    attempt: OpenAttempt,
  ): Promise<BrokerError | undefined> {
    await reconcileJournal()
    const connection = await ports.connections.byId(organization.id, id)
    const hasEnded = connection?.generation !== attempt.generation || connection.tokenVersion !== attempt.tokenVersion
    if (hasEnded || attempt.node === ports.journal.node) return undefined
    if ((await ports.journal.whereabouts(attempt.node)) === 'gone') return undefined
    const graceMs = await patience(connection)
    const leftMs = graceMs - (ports.clock.now() - attempt.startedAt)
    if (leftMs <= 0 || leftMs > graceMs) return undefined
    return new BrokerError('provider_unavailable', {
      detail: 'A renewal is still under way elsewhere.',
      retryAfterMs: leftMs,
    })
  }

  // A token that a refresh does not spend may be sent again at once; one that is taken for a while after, within that while.
  async function patience({ orgId, connectorId }: Connection): Promise<number> {
    const connector = await ports.connectors.byId(orgId, connectorId)
    const { rotation, reuse_grace_s } = connector?.definition.auth.refresh ?? {}
    if (rotation === 'kept') return 0
    return reuse_grace_s === undefined ? GRACE_MS : Math.min(GRACE_MS, reuse_grace_s * 500)
  }
}
