import type { RefreshedTokens } from '../../ports/connection-store.ts'
import type { Ports } from '../../ports/index.ts'
import { newRenewedEvent } from './renewed-event.ts'
import { createStoreRefreshed } from './store-refreshed.ts'

type Needs = Pick<
  Ports,
  'clock' | 'entropy' | 'journal' | 'connections' | 'connectors' | 'revocations' | 'organizations' | 'log' | 'vault'
>

/** Writes what the journal still holds (ours, and that of nodes that are gone) into the database; how many entries were settled. */
export function createReconcileJournal(ports: Needs) {
  const storeRefreshed = createStoreRefreshed(ports)

  return async function reconcileJournal(): Promise<number> {
    let settled = 0
    for (const entry of await ports.journal.pending()) {
      const organization = await ports.organizations.byId(entry.tokens.orgId)
      const connection = await ports.connections.byId(entry.tokens.orgId, entry.tokens.id)
      if (organization !== undefined && connection !== undefined) {
        const tell = (mine: RefreshedTokens) =>
          newRenewedEvent(ports, { organization }, mine, connection, { from: 'journal' })
        // One that its own renewal has stored or is at is no late answer, however the grant ended since.
        const isLeft = () => ports.journal.isLeft(entry.attemptId)
        const stored = await storeRefreshed({ organization }, entry.tokens, tell, isLeft)
        if (stored === 'late' && !isLeft()) continue
        ports.log.info('journal.reconciled', { connection: connection.id })
      }
      await ports.journal.settle(entry.attemptId)
      settled += 1
    }
    return settled
  }
}
