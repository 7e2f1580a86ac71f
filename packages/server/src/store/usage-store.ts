import type { ConnectionId, ConnectorId, OrgId, PluginId, SubjectId } from '@behalf/contract'
import { sql } from 'kysely'
import { type CountedUse, type DailyUsage, dayOf, type Usage } from '../domain/usage.ts'
import type { UsageFilter, UsageStore } from '../ports/usage-store.ts'
import { auditInsert } from './audit-store.ts'
import { compileOnce } from './compile-once.ts'
import { applied, type Engine, type Statement, statement } from './engine.ts'
import { pageOf } from './keyset.ts'
import type { Tables } from './tables.ts'

type UseColumns = 'org_id' | 'connection_id' | 'plugin_id' | 'connector_id' | 'subject_id'

const toUse = (row: Pick<Tables['connection_uses'], UseColumns>) => ({
  orgId: row.org_id as OrgId,
  connectionId: row.connection_id as ConnectionId,
  connectorId: row.connector_id as ConnectorId,
  subjectId: row.subject_id as SubjectId,
  pluginId: row.plugin_id as PluginId,
})
const toUsage = (row: Tables['connection_uses']): Usage => ({
  ...toUse(row),
  firstUsedAt: row.first_used_at,
  lastUsedAt: row.last_used_at,
  calls: row.calls,
  failures: row.failures,
  seenAt: row.seen_at,
})
const toDay = (row: Tables['usage_days']): DailyUsage => ({
  ...toUse(row),
  day: row.day,
  calls: row.calls,
  failures: row.failures,
})
const columns = (use: CountedUse) => ({
  org_id: use.orgId,
  connection_id: use.connectionId,
  plugin_id: use.pluginId,
  connector_id: use.connectorId,
  subject_id: use.subjectId,
})
const keyOf = (use: CountedUse): string => `${use.orgId} ${use.connectionId} ${use.pluginId}`

export function createUsageStore(engine: Engine): UsageStore {
  const { build } = engine
  const uses = build.selectFrom('connection_uses').selectAll()
  const days = build.selectFrom('usage_days').selectAll()

  // Every connection in use is counted each second: these two are built once.
  const addTotal = compileOnce(
    (calls: number, failures: number, lastAt: number, orgId: OrgId, connection: ConnectionId, plugin: PluginId) =>
      build
        .updateTable('connection_uses')
        .set(({ eb }) => ({
          calls: eb('calls', '+', calls),
          failures: eb('failures', '+', failures),
          last_used_at: sql<number>`CASE WHEN last_used_at < ${lastAt} THEN ${lastAt} ELSE last_used_at END`,
        }))
        .where('org_id', '=', orgId)
        .where('connection_id', '=', connection)
        .where('plugin_id', '=', plugin),
  )
  const addToDay = compileOnce(
    (
      calls: number,
      failures: number,
      day: number,
      orgId: OrgId,
      connection: ConnectionId,
      plugin: PluginId,
      connector: ConnectorId,
      subject: SubjectId,
    ) =>
      build
        .insertInto('usage_days')
        .values({
          org_id: orgId,
          connection_id: connection,
          plugin_id: plugin,
          connector_id: connector,
          subject_id: subject,
          day,
          calls,
          failures,
        })
        .onConflict(conflict =>
          conflict.columns(['org_id', 'day', 'connection_id', 'plugin_id']).doUpdateSet({
            calls: sql<number>`usage_days.calls + ${calls}`,
            failures: sql<number>`usage_days.failures + ${failures}`,
          }),
        ),
  )

  const total = ({ calls, failures, lastAt, orgId, connectionId, pluginId }: CountedUse): Statement =>
    addTotal(calls, failures, lastAt, orgId, connectionId, pluginId)
  const ofDay = ({ calls, failures, lastAt, ...use }: CountedUse): Statement =>
    addToDay(calls, failures, dayOf(lastAt), use.orgId, use.connectionId, use.pluginId, use.connectorId, use.subjectId)

  return {
    begin(use, audit) {
      const begun = { first_used_at: use.firstAt, last_used_at: use.lastAt, calls: 0, failures: 0, seen_at: null }
      const insert = build
        .insertInto('connection_uses')
        .values({ ...columns(use), ...begun })
        .onConflict(conflict => conflict.doNothing())
      return applied(engine.write([statement(insert, 1), auditInsert(engine, audit)]))
    },
    async add(counted) {
      // In one order everywhere: two nodes that count the same connection never wait for each other.
      const sorted = counted.toSorted((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1))
      if (sorted.length > 0) await engine.write(sorted.flatMap(use => [total(use), ofDay(use)]))
    },
    async list(orgId, filter, page) {
      let query = uses.where('org_id', '=', orgId)
      if (filter.subject !== undefined) query = query.where('subject_id', '=', filter.subject)
      if (filter.connection !== undefined) query = query.where('connection_id', '=', filter.connection)
      if (filter.plugin !== undefined) query = query.where('plugin_id', '=', filter.plugin)
      if (page.after !== null) {
        const [connection = '', plugin = ''] = page.after.split(':')
        query = query.where(({ eb, or, and }) =>
          or([
            eb('connection_id', '>', connection),
            and([eb('connection_id', '=', connection), eb('plugin_id', '>', plugin)]),
          ]),
        )
      }
      const rows = await engine.read(
        query
          .orderBy('connection_id')
          .orderBy('plugin_id')
          .limit(page.limit + 1),
      )
      return pageOf(rows, page, row => `${row.connection_id}:${row.plugin_id}`, toUsage)
    },
    async days(orgId, filter: UsageFilter, fromDay, page) {
      let query = days.where('org_id', '=', orgId).where('day', '>=', fromDay)
      if (filter.subject !== undefined) query = query.where('subject_id', '=', filter.subject)
      if (filter.connection !== undefined) query = query.where('connection_id', '=', filter.connection)
      if (filter.plugin !== undefined) query = query.where('plugin_id', '=', filter.plugin)
      if (page.after !== null) {
        const [day = '', connection = '', plugin = ''] = page.after.split(':')
        query = query.where(({ eb, or, and }) =>
          or([
            eb('day', '>', Number(day)),
            and([eb('day', '=', Number(day)), eb('connection_id', '>', connection)]),
            and([eb('day', '=', Number(day)), eb('connection_id', '=', connection), eb('plugin_id', '>', plugin)]),
          ]),
        )
      }
      const ordered = query.orderBy('day').orderBy('connection_id').orderBy('plugin_id')
      const rows = await engine.read(ordered.limit(page.limit + 1))
      return pageOf(rows, page, row => `${row.day}:${row.connection_id}:${row.plugin_id}`, toDay)
    },
    async byConnector(orgId, fromDay) {
      const sums = build
        .selectFrom('usage_days')
        .select(({ fn }) => [
          'connector_id',
          fn.sum<number>('calls').as('calls'),
          fn.sum<number>('failures').as('failures'),
        ])
        .where('org_id', '=', orgId)
        .where('day', '>=', fromDay)
        .groupBy('connector_id')
      return (await engine.read(sums)).map(({ connector_id, calls, failures }) => ({
        connectorId: connector_id as ConnectorId,
        calls: Number(calls),
        failures: Number(failures),
      }))
    },
    async unseen(orgId, subject) {
      const query = uses.where('org_id', '=', orgId).where('subject_id', '=', subject).where('seen_at', 'is', null)
      return (await engine.read(query.orderBy('first_used_at'))).map(toUsage)
    },
    async see(orgId, subject, connection, at) {
      const seen = build
        .updateTable('connection_uses')
        .set({ seen_at: at })
        .where('org_id', '=', orgId)
        .where('subject_id', '=', subject)
        .where('connection_id', '=', connection)
        .where('seen_at', 'is', null)
      await engine.write([statement(seen)])
    },
    async sweep(day) {
      const written = await engine.write([statement(build.deleteFrom('usage_days').where('day', '<', day))])
      return written.kind === 'done' ? (written.results[0]?.changes ?? 0) : 0
    },
  }
}
