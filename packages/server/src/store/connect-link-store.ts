import type { ConnectLinkId, ConnectorId, OrgId, PluginId, SubjectId } from '@behalf/contract'
import { sql } from 'kysely'
import type { ConnectLink } from '../domain/connect-link.ts'
import type { ConnectLinkStore } from '../ports/connect-link-store.ts'
import { auditInsert } from './audit-store.ts'
import { applied, type Engine, statement } from './engine.ts'
import { orNull, texts, values } from './json-column.ts'
import { sweepRows } from './sweep-rows.ts'
import type { Tables } from './tables.ts'

const KEPT_MS = 86_400_000

const toLink = (row: Tables['connect_links']): ConnectLink => ({
  id: row.link_id as ConnectLinkId,
  orgId: row.org_id as OrgId,
  hash: row.link_hash,
  subjectId: row.subject_id as SubjectId,
  connectorId: row.connector_id as ConnectorId,
  further: (orNull(texts, row.further) ?? []) as readonly string[] as readonly ConnectorId[],
  pluginId: row.plugin_id as PluginId | null,
  scope: orNull(texts, row.scope),
  variables: orNull(values, row.variables) ?? {},
  returnTo: row.return_to,
  createdAt: row.created_at,
  expiresAt: row.expires_at,
  usedAt: row.used_at,
})

export function createConnectLinkStore(engine: Engine): ConnectLinkStore {
  const { build } = engine
  return {
    async add(link, audit) {
      const row: Tables['connect_links'] = {
        org_id: link.orgId,
        link_hash: link.hash,
        link_id: link.id,
        subject_id: link.subjectId,
        connector_id: link.connectorId,
        further: link.further.length === 0 ? null : JSON.stringify(link.further),
        plugin_id: link.pluginId,
        scope: link.scope && JSON.stringify(link.scope),
        variables: Object.keys(link.variables).length === 0 ? null : JSON.stringify(link.variables),
        return_to: link.returnTo,
        created_at: link.createdAt,
        expires_at: link.expiresAt,
        used_at: null,
      }
      // A ready link is derived: two callers who ask at once make the same one.
      const insert = build
        .insertInto('connect_links')
        .values(row)
        .onConflict(conflict => conflict.doNothing())
      await engine.write([statement(insert), ...(audit === null ? [] : [auditInsert(engine, audit)])])
    },
    async byHash(orgId, hash) {
      const query = build
        .selectFrom('connect_links')
        .selectAll()
        .where('org_id', '=', orgId)
        .where('link_hash', '=', hash)
      const [row] = await engine.read(query)
      return row && toLink(row)
    },
    async byId(orgId, id) {
      const query = build.selectFrom('connect_links').selectAll().where('org_id', '=', orgId).where('link_id', '=', id)
      const [row] = await engine.read(query)
      return row && toLink(row)
    },
    use(orgId, id, now) {
      const query = build
        .updateTable('connect_links')
        .set({ used_at: now })
        .where('org_id', '=', orgId)
        .where('link_id', '=', id)
        .where('used_at', 'is', null)
        .where('expires_at', '>', now)
      return applied(engine.write([statement(query, 1)]))
    },
    async sweep(now) {
      return sweepRows(engine, 'connect_links', ['org_id', 'link_hash'], sql`expires_at < ${now - KEPT_MS}`)
    },
  }
}
