import type { ConnectLinkId, ConnectorId, OrgId, PluginId, SubjectId } from '@behalf/contract'

/** A link made by API, good for one person, one connector and one use. */
export type ConnectLink = {
  readonly id: ConnectLinkId
  readonly orgId: OrgId
  readonly hash: Uint8Array
  readonly subjectId: SubjectId
  readonly connectorId: ConnectorId
  readonly pluginId: PluginId | null
  readonly scope: readonly string[] | null
  readonly returnTo: string
  readonly createdAt: number
  readonly expiresAt: number
  readonly usedAt: number | null
}

export const isLinkLive = (link: ConnectLink, now: number): boolean => link.usedAt === null && now < link.expiresAt
