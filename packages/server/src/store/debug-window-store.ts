import type { DebugWindowId, OrgId, PluginId, SubjectId } from '@behalf/contract'
import type { DebugWindow } from '../domain/debug-window.ts'
import type { DebugWindowStore } from '../ports/debug-window-store.ts'
import { auditInsert } from './audit-store.ts'
import { applied, type Engine, statement } from './engine.ts'
import { pageOf } from './keyset.ts'
import type { Tables } from './tables.ts'

const toWindow = (row: Tables['debug_windows']): DebugWindow => ({
  id: row.window_id as DebugWindowId,
  orgId: row.org_id as OrgId,
  pluginId: row.plugin_id as PluginId,
  subjectId: row.subject_id as SubjectId,
  askedBy: row.asked_by as SubjectId,
  reason: row.reason,
  redaction: row.redaction === 'permissive' ? 'permissive' : 'standard',
  minutes: row.minutes,
  status: row.status as DebugWindow['status'],
  askedAt: row.asked_at,
  answeredAt: row.answered_at,
  endsAt: row.ends_at,
  endedAt: row.ended_at,
  endedBy: row.ended_by,
})
const toRow = (window: DebugWindow): Tables['debug_windows'] => ({
  org_id: window.orgId,
  window_id: window.id,
  plugin_id: window.pluginId,
  subject_id: window.subjectId,
  asked_by: window.askedBy,
  reason: window.reason,
  redaction: window.redaction,
  minutes: window.minutes,
  status: window.status,
  asked_at: window.askedAt,
  answered_at: window.answeredAt,
  ends_at: window.endsAt,
  ended_at: window.endedAt,
  ended_by: window.endedBy,
})

export function createDebugWindowStore(engine: Engine): DebugWindowStore {
  const { build } = engine
  const windows = build.selectFrom('debug_windows').selectAll()
  return {
    async add(window, audit) {
      await engine.write([
        statement(build.insertInto('debug_windows').values(toRow(window))),
        auditInsert(engine, audit),
      ])
    },
    async byId(orgId, id) {
      const [row] = await engine.read(windows.where('org_id', '=', orgId).where('window_id', '=', id))
      return row && toWindow(row)
    },
    async list(orgId, subject, page) {
      let query = windows.where('org_id', '=', orgId)
      if (subject !== null) query = query.where('subject_id', '=', subject)
      if (page.after !== null) query = query.where('window_id', '<', page.after)
      const rows = await engine.read(query.orderBy('window_id', 'desc').limit(page.limit + 1))
      return pageOf(rows, page, row => row.window_id, toWindow)
    },
    async agreed(orgId, now) {
      const query = windows.where('org_id', '=', orgId).where('status', '=', 'agreed').where('ends_at', '>', now)
      return (await engine.read(query)).map(toWindow)
    },
    change(window, from, audit) {
      const { org_id, window_id, ...changed } = toRow(window)
      const write = build
        .updateTable('debug_windows')
        .set(changed)
        .where('org_id', '=', org_id)
        .where('window_id', '=', window_id)
        .where('status', '=', from)
      return applied(engine.write([statement(write, 1), auditInsert(engine, audit)]))
    },
    async endAll(orgId, at, by, audit) {
      const write = build
        .updateTable('debug_windows')
        .set({ status: 'ended', ended_at: at, ended_by: by })
        .where('org_id', '=', orgId)
        .where('status', 'in', ['asked', 'agreed'])
      await engine.write([statement(write), auditInsert(engine, audit)])
    },
  }
}
