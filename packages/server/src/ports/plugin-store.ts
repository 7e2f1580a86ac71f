import type { OrgId, PluginId, PluginKeyId } from '@behalf/contract'
import type { AuditEvent } from '../domain/audit-event.ts'
import type { Plugin, PluginKey, PluginVersion } from '../domain/plugin.ts'
import type { Page, PageRequest } from './page.ts'

/** Plugins and their keys. */
export type PluginStore = {
  /** False where the name is or was taken. */
  create(plugin: Plugin, audit: AuditEvent): Promise<boolean>
  byName(orgId: OrgId, name: string): Promise<Plugin | undefined>
  byId(orgId: OrgId, id: PluginId): Promise<Plugin | undefined>
  list(orgId: OrgId, page: PageRequest): Promise<Page<Plugin>>
  all(orgId: OrgId): Promise<readonly Plugin[]>
  update(plugin: Plugin, audit: AuditEvent): Promise<boolean>
  /** Adds a version made of the draft `version`; false where the draft was changed or published meanwhile. */
  publish(plugin: Plugin, version: PluginVersion, audit: AuditEvent): Promise<boolean>
  version(orgId: OrgId, id: PluginId, version: number): Promise<PluginVersion | undefined>
  /** Newest first. */
  listVersions(orgId: OrgId, id: PluginId, page: PageRequest): Promise<Page<PluginVersion>>
  /** Revokes its keys and ends its launches in the same transaction. */
  retire(orgId: OrgId, id: PluginId, at: number, audit: AuditEvent): Promise<boolean>
  addKey(key: PluginKey, audit: AuditEvent): Promise<void>
  /** A key by its hash with its plugin, read together. */
  byKeyHash(orgId: OrgId, hash: Uint8Array): Promise<{ readonly key: PluginKey; readonly plugin: Plugin } | undefined>
  listKeys(orgId: OrgId, id: PluginId, page: PageRequest): Promise<Page<PluginKey>>
  revokeKey(orgId: OrgId, plugin: PluginId, id: PluginKeyId, at: number, audit: AuditEvent): Promise<boolean>
  touchKey(orgId: OrgId, id: PluginKeyId, at: number): Promise<void>
}
