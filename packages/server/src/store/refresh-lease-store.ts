import type { ConnectionId, ConnectorId, OrgId } from '@behalf/contract'
import { sql } from 'kysely'
import { z } from 'zod'
import type { RefreshLease, RefreshLeaseStore } from '../ports/refresh-lease-store.ts'
import { applied, type Engine, statement } from './engine.ts'
import { jsonColumn, orNull } from './json-column.ts'

const openAttempt = jsonColumn(
  z.object({
    node: z.string(),
    attemptId: z.string(),
    generation: z.int(),
    tokenVersion: z.int(),
    startedAt: z.number(),
  }),
)

export function createRefreshLeaseStore(engine: Engine): RefreshLeaseStore {
  const { build } = engine
  const read = async (orgId: OrgId, id: ConnectionId) => {
    const query = build
      .selectFrom('refresh_leases')
      .selectAll()
      .where('org_id', '=', orgId)
      .where('connection_id', '=', id)
    return (await engine.read(query))[0]
  }
  const held = ({ orgId, connectionId, holder, epoch }: RefreshLease) =>
    build
      .updateTable('refresh_leases')
      .where('org_id', '=', orgId)
      .where('connection_id', '=', connectionId)
      .where('holder', '=', holder)
      .where('epoch', '=', epoch)

  return {
    async take(orgId, connectionId, holder, leaseMs, now, isGone = async () => false) {
      const { era, nowMs } = await engine.leaseClock()
      const row = await read(orgId, connectionId)
      const isHeld = row?.holder != null && row.boot === era && row.deadline > nowMs
      if (isHeld && !(await isGone(row.holder ?? ''))) return { kind: 'held' }
      if (row?.cool_until_at != null && row.cool_until_at > now && row.holder === null) {
        return { kind: 'cooling', untilAt: row.cool_until_at, reason: row.reason ?? 'unavailable' }
      }
      const epoch = (row?.epoch ?? 0) + 1
      const values = { holder, epoch, boot: era, deadline: nowMs + leaseMs }
      const query =
        row === undefined
          ? build
              .insertInto('refresh_leases')
              .values({
                org_id: orgId,
                connection_id: connectionId,
                ...values,
                open_attempt: null,
                retries: 0,
                failures: 0,
                cool_until_at: null,
                reason: null,
              })
              .onConflict(conflict => conflict.doNothing())
          : build
              .updateTable('refresh_leases')
              .set(values)
              .where('org_id', '=', orgId)
              .where('connection_id', '=', connectionId)
              .where('epoch', '=', row.epoch)
              .where('holder', row.holder === null ? 'is' : '=', row.holder)
      if (!(await applied(engine.write([statement(query, 1)])))) return { kind: 'held' }
      const lease = { orgId, connectionId, holder, epoch }
      return {
        kind: 'taken',
        lease,
        openAttempt: orNull(openAttempt, row?.open_attempt ?? null),
        retries: row?.retries ?? 0,
      }
    },
    openAttempt(lease, attempt, retries) {
      return applied(engine.write([statement(held(lease).set({ open_attempt: JSON.stringify(attempt), retries }), 1)]))
    },
    async release(lease, { settled, coolUntilAt, reason }) {
      const cooling = { cool_until_at: coolUntilAt, reason }
      const failed = held(lease).set(({ eb }) => ({
        holder: null,
        open_attempt: null,
        retries: 0,
        ...cooling,
        failures: eb('failures', '+', 1),
      }))
      const done = held(lease).set({ holder: null, open_attempt: null, retries: 0, ...cooling, failures: 0 })
      const left = held(lease).set({ holder: null })
      await engine.write([statement(settled ? (coolUntilAt === null ? done : failed) : left)])
    },
    async clientRejected(orgId, since) {
      const query = build
        .selectFrom('refresh_leases as l')
        .innerJoin('connections as c', join =>
          join.onRef('c.org_id', '=', 'l.org_id').onRef('c.connection_id', '=', 'l.connection_id'),
        )
        .select(({ fn }) => ['c.connector_id', fn.countAll<number>().as('count')])
        .where('l.org_id', '=', orgId)
        // A literal, so that the index of these rows alone is known to hold them.
        .where(sql<boolean>`l.reason = 'client_rejected'`)
        .where('l.cool_until_at', '>', since)
        .groupBy('c.connector_id')
      return new Map((await engine.read(query)).map(row => [row.connector_id as ConnectorId, Number(row.count)]))
    },
    async failures(orgId, connectionId) {
      return (await read(orgId, connectionId))?.failures ?? 0
    },
  }
}
