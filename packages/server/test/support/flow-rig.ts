import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type ConnectionId, type ConnectorId, connectorDefinition, type OrgId, type SubjectId } from '@behalf/contract'
import type { Connection } from '../../src/domain/connection.ts'
import type { Connector } from '../../src/domain/connector.ts'
import { grantedHosts } from '../../src/domain/connector.ts'
import { createLiveCalls } from '../../src/domain/live-calls.ts'
import type { Organization } from '../../src/domain/organization.ts'
import type { RefreshOutcome, RevokeOutcome } from '../../src/domain/outcome.ts'
import { tokenPlace } from '../../src/domain/places.ts'
import { asSealed } from '../../src/domain/sealed.ts'
import { reveal, secret } from '../../src/domain/secret.ts'
import { newAuditEvent } from '../../src/flows/audit/new-audit-event.ts'
import { createUnderWay } from '../../src/flows/request/under-way.ts'
import { systemClock } from '../../src/platform/clock.ts'
import { createEntropy } from '../../src/platform/entropy.ts'
import type { Clock } from '../../src/ports/clock.ts'
import type { Log } from '../../src/ports/log.ts'
import type { Metrics } from '../../src/ports/metrics.ts'
import type { ProviderClient } from '../../src/ports/provider-client.ts'
import type { WrappedDataKey } from '../../src/ports/vault.ts'
import { openJournal } from '../../src/store/journal.ts'
import { createPostgresEngine } from '../../src/store/postgres/engine.ts'
import { openStore, openStoreOn } from '../../src/store/store.ts'
import { createVault } from '../../src/vault/vault.ts'
import { ANY_ENGINE, type EngineName, underneath } from './engines.ts'

/** A provider that answers as told, and counts what it was sent. */
export type ScriptedProvider = ProviderClient & {
  readonly sent: string[]
  answer: (refreshToken: string) => Promise<RefreshOutcome>
  revoked: string[]
  revokeAnswer: () => RevokeOutcome
}

export const tokens = (
  name: string,
  expiresAt: number | null,
  refreshToken: string | null = `refresh-${name}`,
): RefreshOutcome => ({
  kind: 'refreshed',
  tokenSet: {
    accessToken: secret(`access-${name}`),
    refreshToken: refreshToken === null ? null : secret(refreshToken),
    expiresAt,
    scope: null,
    extraTokens: {},
    refreshExpiresAt: null,
    values: {},
    account: null,
  },
})

/** The real store, vault and journal in a folder of their own, one expired connection, and a scripted provider. */
export async function flowRig(
  engine: EngineName = ANY_ENGINE,
  {
    connections,
    auth: more = {},
  }: { readonly connections?: number; readonly auth?: Readonly<Record<string, unknown>> } = {},
) {
  const dataDir = mkdtempSync(join(tmpdir(), 'behalf-rig-'))
  let offset = 0
  const clock: Clock = { ...systemClock, now: () => Date.now() + offset }
  const entropy = createEntropy(clock)
  const database = await underneath(engine, dataDir)
  const store =
    connections === undefined
      ? await openStore({ dataDir, databaseUrl: database.databaseUrl })
      : await openStoreOn(createPostgresEngine({ url: database.databaseUrl ?? '', connections }))
  const rootKeys = [secret(randomBytes(32).toString('base64'))]
  const vault = createVault({ rootKeys, dataKeys: store.dataKeys })
  const journal = openJournal(dataDir, randomBytes(8).toString('hex'), { isShared: false })
  const log: Log = { info: () => {}, warn: () => {}, error: () => {} }
  const metrics: Metrics = { count: () => {}, observe: () => {} }
  const orgId = entropy.newId<OrgId>('org')
  const organization: Organization = {
    id: orgId,
    slug: 'acme',
    name: 'Acme',
    sso: {
      issuer: 'https://sso.example',
      clientId: 'behalf',
      clientSecret: asSealed(new Uint8Array(40)),
      secretVersion: 1,
    },
    callbackPolicy: 'safe',
    subjectIdleDays: null,
    debugWindows: false,
    roleMapping: null,
    rosterClaims: null,
    strictAbove: 10,
    callLogDays: 90,
    logo: null,
    adminClaimHash: null,
    createdAt: 0,
    version: 1,
  }
  const dataKey: WrappedDataKey = await vault.createDataKey(orgId)
  const audit = (action: 'organization.created' | 'connector.created' | 'connect.completed') =>
    newAuditEvent({ clock, entropy }, { organization }, 'system', action)
  await store.organizations.create(organization, dataKey, audit('organization.created'))
  const { auth, ...rest } = connectorDefinition.parse({
    name: 'crm',
    base_url: 'https://api.example',
    auth: {
      authorization_url: 'https://as.example/a',
      token_url: 'https://as.example/t',
      client_id: 'c',
      scope: [],
      client_authentication: 'none',
      revoke_url: 'https://as.example/r',
      ...more,
    },
  })
  const { client_secret: _, secrets: __, ...plainAuth } = auth
  const connector: Connector = {
    id: entropy.newId<ConnectorId>('ctr'),
    orgId,
    name: 'crm',
    definition: { ...rest, auth: plainAuth },
    clientSecret: null,
    secrets: null,
    version: 1,
    approvedHosts: [],
    observedIssuer: null,
    author: 'system',
    createdAt: 0,
    updatedAt: 0,
    health: null,
    retiredAt: null,
  }
  await store.connectors.create(connector, [audit('connector.created')])
  const id = entropy.newId<ConnectionId>('con')
  const seal = async (column: 'access_token' | 'refresh_token', value: string) => ({
    sealed: await vault.seal(tokenPlace(orgId, id, column, 1), secret(value)),
    secretVersion: 1,
  })
  const connection: Connection = {
    id,
    orgId,
    connectorId: connector.id,
    subjectId: entropy.newId<SubjectId>('sub'),
    status: 'connected',
    generation: 1,
    tokenVersion: 1,
    connectorVersion: 1,
    accessToken: await seal('access_token', 'access-0'),
    refreshToken: await seal('refresh_token', 'refresh-0'),
    receivedAt: clock.now() - 10_000,
    expiresAt: clock.now() - 1_000,
    grantedScope: null,
    requestedScope: [],
    accountLabel: null,
    accountId: null,
    accountIcon: null,
    variables: {},
    extraTokens: null,
    refreshExpiresAt: null,
    refreshEpoch: 0,
    granted: grantedHosts(connector.definition),
    connectedAt: clock.now(),
    lastUsedAt: null,
    dismissedGeneration: null,
    reason: null,
  }
  await store.connections.connect(connection, 0, [], [audit('connect.completed')])
  const sent: string[] = []
  const provider: ScriptedProvider = {
    sent,
    revoked: [],
    revokeAnswer: () => ({ kind: 'revoked' }),
    answer: async () => tokens(String(sent.length), clock.now() + 3_600_000),
    authorizationUrl: async () => 'https://as.example/a',
    exchangeCode: async () => ({ kind: 'unavailable', reason: 'not scripted', retryAfterMs: null }),
    async refresh(_, { refreshToken }) {
      if (refreshToken === null) throw new Error('there is no refresh token')
      sent.push(reveal(refreshToken))
      return provider.answer(reveal(refreshToken))
    },
    async revoke(_, __, { token }) {
      provider.revoked.push(token === null ? '' : reveal(token))
      return provider.revokeAnswer()
    },
    discover: async () => ({ kind: 'failed', reason: 'not scripted' }),
    provesCallback: () => true,
    proof: async () => 'proof',
    preview: async () => [],
  }
  const [liveCalls, underWay] = [createLiveCalls(), createUnderWay()]
  const ports = { ...store, clock, entropy, journal, liveCalls, log, metrics, provider, underWay, vault }
  return {
    dataDir,
    database,
    store,
    ports,
    context: { organization },
    connection,
    connector,
    provider,
    advance(ms: number) {
      offset += ms
    },
    read: async () => (await store.connections.byId(orgId, id)) ?? Promise.reject(new Error('gone')),
    async [Symbol.asyncDispose]() {
      journal[Symbol.dispose]()
      await store[Symbol.asyncDispose]()
      await database[Symbol.asyncDispose]()
      rmSync(dataDir, { recursive: true, force: true })
    },
  }
}
