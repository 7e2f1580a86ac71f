import { z } from 'zod'

const id = <Prefix extends string>(prefix: Prefix) =>
  z
    .string()
    .regex(new RegExp(`^${prefix}_[0-9a-hjkmnp-tv-z]{26}$`))
    .brand<Prefix>()

export const orgId = id('org')
export const connectorId = id('ctr')
export const connectionId = id('con')
export const subjectId = id('sub')
export const pluginId = id('plg')
export const apiKeyId = id('key')
export const pluginKeyId = id('pky')
export const sessionId = id('ses')
export const connectLinkId = id('lnk')
export const auditEventId = id('aud')
export const callId = id('cal')
export const launchId = id('lch')
export const debugWindowId = id('dbg')
export const webhookId = id('whk')
export const deliveryId = id('whd')
export const ssoTrialId = id('sst')

export type OrgId = z.infer<typeof orgId>
export type ConnectorId = z.infer<typeof connectorId>
export type ConnectionId = z.infer<typeof connectionId>
export type SubjectId = z.infer<typeof subjectId>
export type PluginId = z.infer<typeof pluginId>
export type ApiKeyId = z.infer<typeof apiKeyId>
export type PluginKeyId = z.infer<typeof pluginKeyId>
export type SessionId = z.infer<typeof sessionId>
export type ConnectLinkId = z.infer<typeof connectLinkId>
export type AuditEventId = z.infer<typeof auditEventId>
export type CallId = z.infer<typeof callId>
export type LaunchId = z.infer<typeof launchId>
export type DebugWindowId = z.infer<typeof debugWindowId>
export type WebhookId = z.infer<typeof webhookId>
export type DeliveryId = z.infer<typeof deliveryId>
export type SsoTrialId = z.infer<typeof ssoTrialId>

/** The prefixes of ids we mint: `prefix_` and 26 Crockford base32 digits (48 bits of milliseconds, 80 random). */
export type IdPrefix =
  | 'org'
  | 'ctr'
  | 'con'
  | 'sub'
  | 'plg'
  | 'key'
  | 'pky'
  | 'ses'
  | 'lnk'
  | 'aud'
  | 'cal'
  | 'lch'
  | 'dbg'
  | 'whk'
  | 'whd'
  | 'sst'
  | 'evt'
  | 'req'
  | 'run'
