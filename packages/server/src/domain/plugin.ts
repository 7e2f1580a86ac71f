import type { OrgId, PluginDefinition, PluginId, PluginKeyId } from '@behalf/contract'

/** Code or a service that calls systems on people's behalf; its manifest names the connectors and scopes it needs. */
export type Plugin = {
  readonly id: PluginId
  readonly orgId: OrgId
  readonly definition: PluginDefinition
  readonly version: number
  readonly author: string
  readonly createdAt: number
  readonly updatedAt: number
  readonly retiredAt: number | null
}

/** What a key is known by; the key itself is kept as a SHA-256 alone. */
export type KeyRecord<Id extends string> = {
  readonly id: Id
  readonly orgId: OrgId
  readonly hash: Uint8Array
  readonly label: string
  readonly start: string
  readonly createdAt: number
  readonly expiresAt: number | null
  readonly revokedAt: number | null
  readonly lastUsedAt: number | null
}
export type PluginKey = KeyRecord<PluginKeyId> & { readonly pluginId: PluginId }

export const isKeyLive = (key: KeyRecord<string>, now: number): boolean =>
  key.revokedAt === null && (key.expiresAt === null || now < key.expiresAt)

/** The scopes a plugin's manifest asks of a connector; undefined where the connector is not in it. */
export const manifestScope = (plugin: Plugin, connectorName: string): readonly string[] | undefined =>
  plugin.definition.connectors.find(entry => entry.connector === connectorName)?.scope

/** Whether `Behalf-Subject` is believed for this person. Until launches exist the launch audience is everyone. */
export function isTrustedFor(plugin: Plugin, subjectId: string): boolean {
  const { trusted } = plugin.definition
  if (trusted === 'nobody') return false
  return trusted === 'launch_audience' || trusted.subjects.some(id => id === subjectId)
}
