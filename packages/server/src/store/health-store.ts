import type { Connector, ConnectorHealth } from '../domain/connector.ts'
import type { ConnectorStore } from '../ports/connector-store.ts'
import { auditInsert } from './audit-store.ts'
import { applied, type Engine, statement } from './engine.ts'
import type { Tables } from './tables.ts'

type HealthRow = Pick<Tables['connectors'], 'health_at' | 'health_result' | 'health_answered'>
type Due = { readonly connector: Connector; readonly dueAt: number | null }

export const healthOf = ({ health_at, health_result, health_answered }: HealthRow): ConnectorHealth | null =>
  health_at === null
    ? null
    : { at: health_at, result: health_result as ConnectorHealth['result'], answered: health_answered }

/** A new version is looked at as soon as it is there; null where no interval is named. */
export const healthDueAt = ({ definition, updatedAt }: Connector): number | null =>
  definition.health?.interval_s === undefined ? null : updatedAt

/** The health calls of connectors that name an interval: a claim is compare-and-set on when the call is due. */
export function createHealthStore(
  engine: Engine,
  due: (now: number, limit: number) => Promise<readonly Due[]>,
): Pick<ConnectorStore, 'claimHealthDue' | 'recordHealth'> {
  const row = ({ orgId, id, version }: Connector) =>
    engine.build
      .updateTable('connectors')
      .where('org_id', '=', orgId)
      .where('connector_id', '=', id)
      .where('version', '=', version)
  return {
    async claimHealthDue(now, claimMs, limit) {
      const claimed: Connector[] = []
      for (const { connector, dueAt } of await due(now, limit)) {
        const query = row(connector)
          .set({ health_due_at: now + claimMs })
          .where('health_due_at', '=', dueAt)
        if (await applied(engine.write([statement(query, 1)]))) claimed.push(connector)
      }
      return claimed
    },
    async recordHealth(connector, { at, result, answered }, nextAt, audit) {
      const query = row(connector)
        .set({ health_at: at, health_result: result, health_answered: answered, health_due_at: nextAt })
        .where('health_due_at', 'is not', null)
      await applied(engine.write([statement(query, 1), ...audit.map(event => auditInsert(engine, event))]))
    },
  }
}
