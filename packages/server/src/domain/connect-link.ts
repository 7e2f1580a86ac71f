import type { ConnectLinkId, ConnectorId, OrgId, PluginId, SubjectId } from '@behalf/contract'
import type { Values } from './template.ts'

/** A link good for one person, one connector and one use; over several connectors it leads on until each is connected or it expires. */
export type ConnectLink = {
  readonly id: ConnectLinkId
  readonly orgId: OrgId
  readonly hash: Uint8Array
  readonly subjectId: SubjectId
  readonly connectorId: ConnectorId
  /** Connectors beside the first. */
  readonly further: readonly ConnectorId[]
  readonly pluginId: PluginId | null
  readonly scope: readonly string[] | null
  /** Answers to what the person is asked, filled in beforehand. */
  readonly variables: Values
  readonly returnTo: string
  readonly createdAt: number
  readonly expiresAt: number
  readonly usedAt: number | null
}

export const isLinkLive = (link: ConnectLink, now: number): boolean => link.usedAt === null && now < link.expiresAt
