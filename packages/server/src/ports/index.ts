import type { ApiKeyStore } from './api-key-store.ts'
import type { AuditStore } from './audit-store.ts'
import type { AuthorizationRequestStore } from './authorization-request-store.ts'
import type { BodyDecoder } from './body-decoder.ts'
import type { CallLog } from './call-log.ts'
import type { Catalogue } from './catalogue.ts'
import type { Clock } from './clock.ts'
import type { ConnectLinkStore } from './connect-link-store.ts'
import type { ConnectionStore } from './connection-store.ts'
import type { ConnectorStore } from './connector-store.ts'
import type { DataKeyStore } from './data-key-store.ts'
import type { DebugWindowStore } from './debug-window-store.ts'
import type { Entropy } from './entropy.ts'
import type { IdempotencyStore } from './idempotency-store.ts'
import type { JobLeaseStore } from './job-lease-store.ts'
import type { LaunchStore } from './launch-store.ts'
import type { Log } from './log.ts'
import type { Metrics } from './metrics.ts'
import type { OrganizationStore } from './organization-store.ts'
import type { Outbound } from './outbound.ts'
import type { ParkedGrantStore } from './parked-grant-store.ts'
import type { PersonStore } from './person-store.ts'
import type { PluginStore } from './plugin-store.ts'
import type { ProviderClient } from './provider-client.ts'
import type { RefreshJournal } from './refresh-journal.ts'
import type { RefreshLeaseStore } from './refresh-lease-store.ts'
import type { RevocationStore } from './revocation-store.ts'
import type { RosterStore } from './roster-store.ts'
import type { Schemas } from './schemas.ts'
import type { SessionStore } from './session-store.ts'
import type { SignInProvider } from './sign-in-provider.ts'
import type { SsoTrialStore } from './sso-trial-store.ts'
import type { Urls } from './urls.ts'
import type { UsageStore } from './usage-store.ts'
import type { Vault } from './vault.ts'
import type { WebhookStore } from './webhook-store.ts'

/** What a store engine provides; the contract suites under `test/ports` hold it to it. */
export type Stores = {
  readonly apiKeys: ApiKeyStore
  readonly audit: AuditStore
  readonly authorizationRequests: AuthorizationRequestStore
  readonly callLog: CallLog
  readonly connectLinks: ConnectLinkStore
  readonly connections: ConnectionStore
  readonly connectors: ConnectorStore
  readonly dataKeys: DataKeyStore
  readonly debugWindows: DebugWindowStore
  readonly idempotency: IdempotencyStore
  readonly jobLeases: JobLeaseStore
  readonly launches: LaunchStore
  readonly organizations: OrganizationStore
  readonly parkedGrants: ParkedGrantStore
  readonly people: PersonStore
  readonly plugins: PluginStore
  readonly refreshLeases: RefreshLeaseStore
  readonly revocations: RevocationStore
  readonly roster: RosterStore
  readonly sessions: SessionStore
  readonly ssoTrials: SsoTrialStore
  readonly usage: UsageStore
  readonly webhooks: WebhookStore
}

/** Everything outside, by name. A flow takes a `Pick` of just what it needs. */
export type Ports = Stores & {
  readonly bodyDecoder: BodyDecoder
  readonly catalogue: Catalogue
  readonly clock: Clock
  readonly entropy: Entropy
  readonly journal: RefreshJournal
  readonly log: Log
  readonly metrics: Metrics
  readonly outbound: Outbound
  readonly provider: ProviderClient
  readonly schemas: Schemas
  readonly signIn: SignInProvider
  readonly urls: Urls
  readonly vault: Vault
}
