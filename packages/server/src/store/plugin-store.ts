import { type OrgId, type PluginId, type PluginKeyId, pluginDefinition } from '@behalf/contract'
import type { Plugin, PluginKey, PluginVersion } from '../domain/plugin.ts'
import type { PluginStore } from '../ports/plugin-store.ts'
import { auditInsert } from './audit-store.ts'
import { applied, type Engine, statement } from './engine.ts'
import { jsonColumn } from './json-column.ts'
import { fromKeyRecord, toKeyRecord } from './key-row.ts'
import { pageOf } from './keyset.ts'
import type { Tables } from './tables.ts'
import type { Touches } from './touches.ts'

const definition = jsonColumn(pluginDefinition)
/** A published version as it stands in its row. */
export const manifest = definition

const toPlugin = (row: Tables['plugins']): Plugin => ({
  id: row.plugin_id as PluginId,
  orgId: row.org_id as OrgId,
  definition: definition(row.definition),
  version: row.version,
  author: row.author,
  createdAt: row.created_at,
  updatedAt: row.updated_at,
  retiredAt: row.retired_at,
  publishedVersion: row.published_version,
  launchEpoch: row.launch_epoch,
})

const toVersion = (row: Tables['plugin_versions']): PluginVersion => ({
  orgId: row.org_id as OrgId,
  pluginId: row.plugin_id as PluginId,
  version: row.version,
  definition: manifest(row.definition),
  publishedAt: row.published_at,
  publishedBy: row.published_by,
})

const toKey = (row: Tables['plugin_keys']): PluginKey => ({
  ...toKeyRecord<PluginKeyId>(row),
  pluginId: row.plugin_id as PluginId,
})

export function createPluginStore(engine: Engine, touches: Touches): PluginStore {
  const { build } = engine
  const plugins = build.selectFrom('plugins').selectAll()
  const keys = build.selectFrom('plugin_keys').selectAll()
  const versions = build.selectFrom('plugin_versions').selectAll()
  const one = async (query: typeof plugins): Promise<Plugin | undefined> => {
    const [row] = await engine.read(query)
    return row && toPlugin(row)
  }
  return {
    create(plugin, audit) {
      const row = {
        org_id: plugin.orgId,
        plugin_id: plugin.id,
        name: plugin.definition.name,
        definition: JSON.stringify(plugin.definition),
        version: plugin.version,
        author: plugin.author,
        created_at: plugin.createdAt,
        updated_at: plugin.updatedAt,
        retired_at: null,
        published_version: null,
        launch_epoch: 0,
      }
      const insert = build
        .insertInto('plugins')
        .values(row)
        .onConflict(conflict => conflict.doNothing())
      return applied(engine.write([statement(insert, 1), auditInsert(engine, audit)]))
    },
    byName: (orgId, name) => one(plugins.where('org_id', '=', orgId).where('name', '=', name)),
    byId: (orgId, id) => one(plugins.where('org_id', '=', orgId).where('plugin_id', '=', id)),
    async list(orgId, page) {
      let query = plugins
        .where('org_id', '=', orgId)
        .where('retired_at', 'is', null)
        .orderBy('name')
        .limit(page.limit + 1)
      if (page.after !== null) query = query.where('name', '>', page.after)
      return pageOf(await engine.read(query), page, row => row.name, toPlugin)
    },
    async all(orgId) {
      return (
        await engine.read(plugins.where('org_id', '=', orgId).where('retired_at', 'is', null).orderBy('name'))
      ).map(toPlugin)
    },
    update(plugin, audit) {
      const query = build
        .updateTable('plugins')
        .set({ definition: JSON.stringify(plugin.definition), version: plugin.version, updated_at: plugin.updatedAt })
        .where('org_id', '=', plugin.orgId)
        .where('plugin_id', '=', plugin.id)
        .where('version', '=', plugin.version - 1)
        .where('retired_at', 'is', null)
      return applied(engine.write([statement(query, 1), auditInsert(engine, audit)]))
    },
    publish(plugin, version, audit) {
      const insert = build.insertInto('plugin_versions').values({
        org_id: version.orgId,
        plugin_id: version.pluginId,
        version: version.version,
        definition: JSON.stringify(version.definition),
        published_at: version.publishedAt,
        published_by: version.publishedBy,
      })
      const latest = build
        .updateTable('plugins')
        .set({ published_version: version.version })
        .where('org_id', '=', plugin.orgId)
        .where('plugin_id', '=', plugin.id)
        .where('version', '=', plugin.version)
        .where('published_version', plugin.publishedVersion === null ? 'is' : '=', plugin.publishedVersion)
        .where('retired_at', 'is', null)
      return applied(engine.write([statement(latest, 1), statement(insert, 1), auditInsert(engine, audit)]))
    },
    async version(orgId, id, version) {
      const query = versions.where('org_id', '=', orgId).where('plugin_id', '=', id).where('version', '=', version)
      const [row] = await engine.read(query)
      return row && toVersion(row)
    },
    async listVersions(orgId, id, page) {
      let query = versions
        .where('org_id', '=', orgId)
        .where('plugin_id', '=', id)
        .orderBy('version', 'desc')
        .limit(page.limit + 1)
      if (page.after !== null) query = query.where('version', '<', Number(page.after) || 0)
      return pageOf(await engine.read(query), page, row => String(row.version), toVersion)
    },
    retire(orgId, id, at, audit) {
      const row = build
        .updateTable('plugins')
        .set({ retired_at: at })
        .where('org_id', '=', orgId)
        .where('plugin_id', '=', id)
      const itsKeys = build
        .updateTable('plugin_keys')
        .set({ revoked_at: at })
        .where('org_id', '=', orgId)
        .where('plugin_id', '=', id)
      const launches = build
        .updateTable('launches')
        .set({ ended_at: at, ended_by: audit.principal, end_reason: 'The plugin was retired.' })
        .where('org_id', '=', orgId)
        .where('plugin_id', '=', id)
      const unit = [
        statement(row.where('retired_at', 'is', null), 1),
        statement(itsKeys.where('revoked_at', 'is', null)),
        statement(launches.where('ended_at', 'is', null)),
        auditInsert(engine, audit),
      ]
      return applied(engine.write(unit))
    },
    async addKey(key, audit) {
      const row = { ...fromKeyRecord(key), plugin_id: key.pluginId }
      await engine.write([statement(build.insertInto('plugin_keys').values(row)), auditInsert(engine, audit)])
    },
    async byKeyHash(orgId, hash) {
      const [row] = await engine.read(keys.where('org_id', '=', orgId).where('key_hash', '=', hash))
      if (row === undefined) return undefined
      const plugin = await one(plugins.where('org_id', '=', orgId).where('plugin_id', '=', row.plugin_id))
      return plugin && { key: toKey(row), plugin }
    },
    async listKeys(orgId, id, page) {
      let query = keys
        .where('org_id', '=', orgId)
        .where('plugin_id', '=', id)
        .orderBy('key_id')
        .limit(page.limit + 1)
      if (page.after !== null) query = query.where('key_id', '>', page.after)
      return pageOf(await engine.read(query), page, row => row.key_id, toKey)
    },
    revokeKey(orgId, plugin, id, at, audit) {
      const query = build
        .updateTable('plugin_keys')
        .set({ revoked_at: at })
        .where('org_id', '=', orgId)
        .where('plugin_id', '=', plugin)
        .where('key_id', '=', id)
        .where('revoked_at', 'is', null)
      return applied(engine.write([statement(query, 1), auditInsert(engine, audit)]))
    },
    async touchKey(orgId, id, at) {
      const query = () =>
        build.updateTable('plugin_keys').set({ last_used_at: at }).where('org_id', '=', orgId).where('key_id', '=', id)
      touches.note(`plugin_keys/${id}`, () => statement(query()))
    },
  }
}
