import type { ConnectionId, ConnectorId, OrgId, SubjectId } from '@behalf/contract'
import type { Revocation, RevocationOutcome } from '../domain/revocation.ts'
import { asSealed } from '../domain/sealed.ts'
import type { RevocationStore } from '../ports/revocation-store.ts'
import { auditInsert } from './audit-store.ts'
import { applied, type Engine, type Statement, statement } from './engine.ts'
import { orNull, values } from './json-column.ts'
import type { Tables } from './tables.ts'

const toRevocation = (row: Tables['revocations']): Revocation => ({
  id: row.revocation_id,
  orgId: row.org_id as OrgId,
  connectionId: row.connection_id as ConnectionId,
  connectorId: row.connector_id as ConnectorId,
  connectorVersion: row.connector_version,
  subjectId: row.subject_id as SubjectId,
  generation: row.generation,
  step: row.step,
  token: row.token,
  variables: orNull(values, row.variables),
  sealed: row.sealed && { sealed: asSealed(row.sealed), secretVersion: 1 },
  outcome: row.outcome as RevocationOutcome,
  attempts: row.attempts,
  nextAttemptAt: row.next_attempt_at,
  deadlineAt: row.deadline_at,
  reason: row.reason,
})

export function revocationInsert({ build }: Pick<Engine, 'build'>, revocation: Revocation): Statement {
  const row: Tables['revocations'] = {
    org_id: revocation.orgId,
    revocation_id: revocation.id,
    connection_id: revocation.connectionId,
    connector_id: revocation.connectorId,
    connector_version: revocation.connectorVersion,
    subject_id: revocation.subjectId,
    generation: revocation.generation,
    step: revocation.step,
    token: revocation.token,
    variables: revocation.variables && JSON.stringify(revocation.variables),
    sealed: revocation.sealed?.sealed ?? null,
    outcome: revocation.outcome,
    attempts: revocation.attempts,
    next_attempt_at: revocation.nextAttemptAt,
    deadline_at: revocation.deadlineAt,
    reason: revocation.reason,
  }
  return statement(
    build
      .insertInto('revocations')
      .values(row)
      .onConflict(conflict => conflict.doNothing()),
  )
}

/** Its token is erased. */
function revocationCancel({ build }: Pick<Engine, 'build'>, { orgId, id }: Revocation): Statement {
  const query = build
    .updateTable('revocations')
    .set({ outcome: 'cancelled', sealed: null })
    .where('org_id', '=', orgId)
    .where('revocation_id', '=', id)
    .where('outcome', '=', 'pending')
  return statement(query)
}

/**
 * Ends pending ones that a new grant makes void. A connection that was ended and has none pending any more is said to be unconfirmed: what was
 * asked for is not going to happen.
 */
export function revocationsCancelled(
  engine: Pick<Engine, 'build'>,
  cancelled: readonly Revocation[],
): readonly Statement[] {
  const { build } = engine
  const ids = [...new Set(cancelled.map(({ connectionId }) => connectionId))]
  const of = (id: ConnectionId) => cancelled.filter(({ connectionId }) => connectionId === id)
  return ids.flatMap(id => {
    const [first] = of(id)
    if (first === undefined) return []
    const row = build.updateTable('connections').where('org_id', '=', first.orgId).where('connection_id', '=', id)
    const isPending = build
      .selectFrom('revocations')
      .select('revocation_id')
      .where('org_id', '=', first.orgId)
      .where('connection_id', '=', id)
      .where('outcome', '=', 'pending')
    return [
      // Its turn among those that settle one of this connection's.
      statement(row.set({ connection_id: id })),
      ...of(id).map(revocation => revocationCancel(engine, revocation)),
      statement(
        row
          .set({ status: 'disconnected_unconfirmed' })
          .where('status', '=', 'disconnecting')
          .where(({ not, exists }) => not(exists(isPending))),
      ),
    ]
  })
}

const SETTLE_TRIES = 10

export function createRevocationStore(engine: Engine): RevocationStore {
  const { build } = engine
  const revocations = build.selectFrom('revocations').selectAll()
  const ofConnection: RevocationStore['ofConnection'] = async (orgId, id) => {
    const rows = (await engine.read(revocations.where('org_id', '=', orgId).where('connection_id', '=', id))).map(
      toRevocation,
    )
    const newest = Math.max(...rows.map(row => row.generation))
    return rows.filter(row => row.generation === newest).sort((a, b) => a.step - b.step || (a.token > b.token ? -1 : 1))
  }
  const pending = revocations.where('outcome', '=', 'pending')

  // Claimed row by row, compare-and-set on the due time: of two nodes one gets it.
  async function claim(rows: readonly Tables['revocations'][], until: number): Promise<readonly Revocation[]> {
    const claimed: Revocation[] = []
    for (const row of rows) {
      const query = build
        .updateTable('revocations')
        .set({ next_attempt_at: until })
        .where('org_id', '=', row.org_id)
        .where('revocation_id', '=', row.revocation_id)
        .where('outcome', '=', 'pending')
        .where('next_attempt_at', '=', row.next_attempt_at)
      if (await applied(engine.write([statement(query, 1)])))
        claimed.push(toRevocation({ ...row, next_attempt_at: until }))
    }
    return claimed
  }

  return {
    ofConnection,
    async add(queued, audit) {
      const writes = [
        ...queued.map(revocation => revocationInsert(engine, revocation)),
        ...audit.map(event => auditInsert(engine, event)),
      ]
      if (writes.length > 0) await engine.write(writes)
    },
    async pendingOf(orgId, id) {
      return (await engine.read(pending.where('org_id', '=', orgId).where('connection_id', '=', id))).map(toRevocation)
    },
    async pendingOfAccount(orgId, accountId) {
      const itsConnections = build
        .selectFrom('connections')
        .select('connection_id')
        .where('org_id', '=', orgId)
        .where('account_id', '=', accountId)
      const query = pending.where('org_id', '=', orgId).where('connection_id', 'in', itsConnections)
      return (await engine.read(query)).map(toRevocation)
    },
    async reseal({ orgId, id, sealed }) {
      const query = build
        .updateTable('revocations')
        .set({ sealed: sealed?.sealed ?? null })
        .where('org_id', '=', orgId)
        .where('revocation_id', '=', id)
        .where('outcome', '=', 'pending')
      await engine.write([statement(query)])
    },
    async claimDue(now, claimMs, limit) {
      const due = pending
        .where('next_attempt_at', '<=', now)
        .orderBy('next_attempt_at')
        .orderBy('step')
        .orderBy('revocation_id', 'desc')
        .limit(limit)
      return claim(await engine.read(due), now + claimMs)
    },
    async claimOf(orgId, id, now, claimMs) {
      const due = pending
        .where('org_id', '=', orgId)
        .where('connection_id', '=', id)
        .where('next_attempt_at', '<=', now)
      return claim(await engine.read(due.orderBy('step').orderBy('revocation_id', 'desc')), now + claimMs)
    },
    async settle(revocation, whenSettled, audit) {
      const { orgId, id, connectionId } = revocation
      for (let tries = 0; tries < SETTLE_TRIES; tries += 1) {
        const others = (await ofConnection(orgId, connectionId)).filter(other => other.id !== id)
        const all = [...others, revocation].filter(other => other.generation === revocation.generation)
        const write = build
          .updateTable('revocations')
          .set({
            outcome: revocation.outcome,
            attempts: revocation.attempts,
            next_attempt_at: revocation.nextAttemptAt,
            reason: revocation.reason,
            ...(revocation.outcome === 'pending' ? {} : { sealed: null }),
          })
          .where('org_id', '=', orgId)
          .where('revocation_id', '=', id)
        const unit = [statement(write), auditInsert(engine, audit)]
        if (all.every(other => other.outcome !== 'pending')) {
          // Judged on what was read: another that settles meanwhile judges again with ours in sight.
          const status = build
            .updateTable('connections')
            .set({ status: whenSettled(all) })
            .where('org_id', '=', orgId)
            .where('connection_id', '=', connectionId)
            .where('generation', '=', revocation.generation + 1)
            .where('status', '=', 'disconnecting')
          unit.push(statement(status))
        }
        // Those of one connection settle one after the other, each with what the others said in sight.
        const turn = build
          .updateTable('connections')
          .set({ connection_id: connectionId })
          .where('org_id', '=', orgId)
          .where('connection_id', '=', connectionId)
        const unchanged = others.map(other => guard(orgId, other))
        if (await applied(engine.write([statement(turn), ...unchanged, ...unit]))) return
      }
      throw new Error('a revocation kept losing its row')
    },
  }

  function guard(orgId: OrgId, other: Revocation): Statement {
    const same = build
      .selectFrom('revocations')
      .select('revocation_id')
      .where('org_id', '=', orgId)
      .where('revocation_id', '=', other.id)
      .where('outcome', '=', other.outcome)
    return statement(same, 1)
  }
}
