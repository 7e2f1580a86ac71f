import type { AuditEventId, OrgId, SubjectId } from '@behalf/contract'
import { z } from 'zod'
import type { AuditAction, AuditEvent, StoredAuditEvent } from '../domain/audit-event.ts'
import type { AuditStore } from '../ports/audit-store.ts'
import { compileOnce } from './compile-once.ts'
import { applied, type Engine, type Statement, statement } from './engine.ts'
import { createInsertRows } from './insert-rows.ts'
import { jsonColumn } from './json-column.ts'
import { pageOf } from './keyset.ts'
import type { Tables } from './tables.ts'

const details = jsonColumn(
  z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null(), z.array(z.string())])),
)

const COLUMNS = [
  'org_id',
  'event_id',
  'at',
  'action',
  'result',
  'principal',
  'on_behalf_of',
  'target',
  'address',
  'request_id',
  'details',
  'sequence',
  'mac',
] as const

/** Events that stand alone, written together with those that come meanwhile; each add resolves when its own are durable. */
function createGroupAdd(engine: Engine): AuditStore['add'] {
  const insertRows = createInsertRows(engine, 'audit_events', COLUMNS)
  let waiting: AuditEvent[] = []
  let next: Promise<void> | undefined
  let writing: Promise<unknown> = Promise.resolve()

  async function flush(): Promise<void> {
    await writing.catch(() => undefined)
    const events = waiting
    waiting = []
    next = undefined
    writing = engine.write(insertRows(events.map(toRow)))
    await writing
  }

  return async function add(added) {
    if (added.length === 0) return
    waiting.push(...added)
    next ??= flush()
    await next
  }
}

/** The insert that puts an event into the transaction of what it tells of. */
export function auditInsert(engine: Pick<Engine, 'build'>, event: AuditEvent): Statement {
  const insertRows = inserts.get(engine.build) ?? createInsertRows(engine, 'audit_events', COLUMNS)
  inserts.set(engine.build, insertRows)
  const [insert] = insertRows([toRow(event)])
  if (insert === undefined) throw new Error('one row makes one statement')
  return insert
}

/** By the builder of each engine, so that the statement is compiled once for all stores. */
const inserts = new WeakMap<object, ReturnType<typeof createInsertRows<'audit_events'>>>()

const toRow = (event: AuditEvent): Tables['audit_events'] => ({
  org_id: event.orgId,
  event_id: event.id,
  at: event.at,
  action: event.action,
  result: event.result,
  principal: event.principal,
  on_behalf_of: event.onBehalfOf,
  target: event.target,
  address: event.address,
  request_id: event.requestId,
  details: JSON.stringify(event.details),
  sequence: null,
  mac: null,
})

const toEvent = (row: Tables['audit_events']): StoredAuditEvent => ({
  id: row.event_id as AuditEventId,
  orgId: row.org_id as OrgId,
  at: row.at,
  action: row.action as AuditAction,
  result: row.result as AuditEvent['result'],
  principal: row.principal,
  onBehalfOf: row.on_behalf_of as SubjectId | null,
  target: row.target,
  address: row.address,
  requestId: row.request_id,
  details: details(row.details),
  sequence: row.sequence,
  mac: row.mac,
})

export function createAuditStore(engine: Engine): AuditStore {
  const { build } = engine
  const events = build.selectFrom('audit_events').selectAll()
  const place = compileOnce((sequence: number, mac: Uint8Array, orgId: string, eventId: string) =>
    build
      .updateTable('audit_events')
      .set({ sequence, mac })
      .where('org_id', '=', orgId)
      .where('event_id', '=', eventId)
      .where('sequence', 'is', null),
  )
  return {
    add: createGroupAdd(engine),
    async list(orgId, filter, page) {
      let query = events
        .where('org_id', '=', orgId)
        .orderBy('event_id', 'desc')
        .limit(page.limit + 1)
      if (page.after !== null) query = query.where('event_id', '<', page.after)
      if (filter.action !== undefined) query = query.where('action', '=', filter.action)
      if (filter.subject !== undefined) query = query.where('on_behalf_of', '=', filter.subject)
      if (filter.principal !== undefined) query = query.where('principal', '=', filter.principal)
      if (filter.target !== undefined) query = query.where('target', '=', filter.target)
      if (filter.result !== undefined) query = query.where('result', '=', filter.result)
      if (filter.from !== undefined) query = query.where('at', '>=', filter.from)
      if (filter.until !== undefined) query = query.where('at', '<', filter.until)
      return pageOf(await engine.readLong(query), page, row => row.event_id, toEvent)
    },
    async chain(orgId, from, limit) {
      const query = events.where('org_id', '=', orgId).where('sequence', '>=', from).orderBy('sequence').limit(limit)
      return (await engine.readLong(query)).map(toEvent)
    },
    async after(orgId, sequence, actions, limit) {
      const query = events.where('org_id', '=', orgId).where('sequence', '>', sequence).where('action', 'in', actions)
      return (await engine.read(query.orderBy('sequence').limit(limit))).map(toEvent)
    },
    async unsealed(orgId, limit) {
      const query = events.where('org_id', '=', orgId).where('sequence', 'is', null).orderBy('event_id').limit(limit)
      return (await engine.read(query)).map(toEvent)
    },
    async orgsWithUnsealed() {
      // With the first event of each: for the organizations alone SQLite reads through the index of the chain, which holds everything.
      const query = build
        .selectFrom('audit_events')
        .select(({ fn }) => ['org_id', fn.min('event_id').as('first')])
        .where('sequence', 'is', null)
        .groupBy('org_id')
      return (await engine.read(query)).map(row => row.org_id as OrgId)
    },
    async head(orgId) {
      const [row] = await engine.read(build.selectFrom('audit_heads').selectAll().where('org_id', '=', orgId))
      return row && { sequence: row.sequence, mac: row.mac }
    },
    seal(orgId, afterSequence, links) {
      const last = links.at(-1)
      if (last === undefined) return Promise.resolve(true)
      const head = { org_id: orgId, sequence: last.sequence, mac: last.mac }
      const moved =
        afterSequence === 0
          ? build
              .insertInto('audit_heads')
              .values(head)
              .onConflict(conflict => conflict.column('org_id').doNothing())
          : build.updateTable('audit_heads').set(head).where('org_id', '=', orgId).where('sequence', '=', afterSequence)
      const placed = links.map(({ event, sequence, mac }) => ({ ...place(sequence, mac, orgId, event.id), expect: 1 }))
      return applied(engine.write([statement(moved, 1), ...placed]))
    },
  }
}
