import type { OrgId, PluginConnector, PluginDefinition, PluginId, PluginKeyId } from '@behalf/contract'

/** Code or a service that calls systems on people's behalf; its manifest names the connectors and scopes it needs. */
export type Plugin = {
  readonly id: PluginId
  readonly orgId: OrgId
  /** The draft, and the rights an admin gave; what is live is a published version, see {@link atVersion}. */
  readonly definition: PluginDefinition
  /** Of the draft. */
  readonly version: number
  readonly publishedVersion: number | null
  /** Changes with every launch, so that two who launch at once cannot both count without the other. */
  readonly launchEpoch: number
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

/** A published version, fixed for good. */
export type PluginVersion = {
  readonly orgId: OrgId
  readonly pluginId: PluginId
  readonly version: number
  readonly definition: PluginDefinition
  readonly publishedAt: number
  readonly publishedBy: string
}

/** A plugin as a published version describes it, with the rights of today: those are an admin's and no part of a version. */
export function atVersion(plugin: Plugin, manifest: PluginDefinition): Plugin {
  const { subject_token_audiences, subject_token_max_age, trusted, token_release } = plugin.definition
  return {
    ...plugin,
    definition: { ...manifest, subject_token_audiences, subject_token_max_age, trusted, token_release },
  }
}

/** What a plugin's manifest asks of a connector; undefined where the connector is not in it. */
export const manifestEntry = (plugin: Plugin, connectorName: string): PluginConnector | undefined =>
  plugin.definition.connectors.find(entry => entry.connector === connectorName)

/** The scopes a plugin's manifest asks of a connector; undefined where the connector is not in it. */
export const manifestScope = (plugin: Plugin, connectorName: string): readonly string[] | undefined =>
  manifestEntry(plugin, connectorName)?.scope

/** The manifest's path prefix that a gateway call falls under; undefined where its method or its path is not in the manifest. */
export function allowedPrefix(entry: PluginConnector, method: string, remainder: string): string | undefined {
  if (!entry.methods.some(allowed => allowed === method)) return undefined
  const path = `/${remainder.split('?', 1)[0]}`
  return entry.path_prefixes.find(prefix => prefix === '/' || path === prefix || path.startsWith(`${prefix}/`))
}
