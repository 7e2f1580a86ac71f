import type { Ports } from '../../ports/index.ts'
import { newAuditEvent } from '../audit/new-audit-event.ts'
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
      if (organization !== undefined) {
        const connection = await ports.connections.byId(entry.tokens.orgId, entry.tokens.id)
        const audit = newAuditEvent(ports, { organization }, 'system', 'token.refreshed', {
          onBehalfOf: connection?.subjectId ?? null,
          target: entry.tokens.id,
          details: { from: 'journal', token_version: entry.tokens.tokenVersion },
        })
        await storeRefreshed({ organization }, entry.tokens, audit)
        ports.log.info('journal.reconciled', { connection: entry.tokens.id })
      }
      await ports.journal.settle(entry.attemptId)
      settled += 1
    }
    return settled
  }
}
