import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import { connectorCheckAsked, type OrgId } from '@behalf/contract'
import { createCatalogue } from './catalogue/catalogue.ts'
import { lintCatalogue } from './catalogue/lint-catalogue.ts'
import type { Config } from './config/config.ts'
import { readRootKeys } from './config/secrets.ts'
import { BootError } from './domain/boot-error.ts'
import { createLiveCalls } from './domain/live-calls.ts'
import { parseWhole } from './domain/parse-whole.ts'
import { tally } from './domain/preset.ts'
import type { Secret } from './domain/secret.ts'
import { createCreateApiKey } from './flows/admin/create-api-key.ts'
import {
  type CreatedOrganization,
  createCreateOrganization,
  type NewOrganization,
} from './flows/admin/create-organization.ts'
import { newAuditEvent } from './flows/audit/new-audit-event.ts'
import { type AuditVerdict, createVerifyAudit } from './flows/audit/verify-audit.ts'
import { createCheckConnector } from './flows/check/check-connector.ts'
import { createFlows } from './flows/flows.ts'
import { viewCheck, viewPreset, viewPresetSummary } from './http/catalogue-views.ts'
import { createOperationsServer } from './http/operations.ts'
import { createPublicServer, listen } from './http/server.ts'
import { startJobs } from './jobs/jobs.ts'
import { createProviderClient } from './oauth/provider-client.ts'
import { createSignInProvider } from './oauth/sign-in-provider.ts'
import { watchClocks } from './oauth/watch-clocks.ts'
import { createOutbound } from './outbound/outbound.ts'
import { bodyDecoder } from './platform/body-decoder.ts'
import { systemClock } from './platform/clock.ts'
import { createEntropy } from './platform/entropy.ts'
import { createLog } from './platform/log.ts'
import { createMetrics } from './platform/metrics.ts'
import { createSchemas } from './platform/schemas.ts'
import { createUrls } from './platform/urls.ts'
import type { CallLog } from './ports/call-log.ts'
import type { Clock } from './ports/clock.ts'
import { moveStore } from './store/copy/move.ts'
import { restoreStore } from './store/copy/restore.ts'
import { openJournal } from './store/journal.ts'
import { copyDatabase } from './store/sqlite/backup.ts'
import { DATABASE_FILE, hasStore, makeFolder, openStore, type Store } from './store/store.ts'
import { createKeyCustody, type KeyCustody } from './vault/key-custody.ts'
import { createVault } from './vault/vault.ts'

export { told } from './platform/log.ts'

/** For tests and measurements: another clock, somewhere else for log lines, something between the calls and their log. */
export type Overrides = {
  readonly clock?: Clock
  readonly logTo?: { write(line: string): void }
  readonly callLog?: (kept: CallLog) => CallLog
}

/** A broker that serves. Disposing it lets calls and refreshes under way end, and stores what they bring. */
export type Broker = AsyncDisposable & {
  readonly port: number
  readonly metricsPort: number | null
  readonly warning: string | null
}

/** Starts the broker as its configuration says. Throws `BootError` with one line for the operator. */
export async function start(config: Config, overrides: Overrides = {}): Promise<Broker> {
  await using resources = new AsyncDisposableStack()
  const base = await openBase(config, overrides, resources)
  const { clock, entropy, store, outbound, urls, vault, custody } = base
  await custody.verify()
  const log = createLog({
    level: config.logLevel,
    ...(overrides.logTo === undefined ? {} : { destination: overrides.logTo }),
  })
  resources.defer(() => log.flush())
  const liveCalls = createLiveCalls()
  const metrics = createMetrics({ droppedCalls: store.callLog.dropped, openCalls: () => liveCalls.all().length })
  const journal = resources.use(
    openJournal(config.dataDir, randomBytes(8).toString('hex'), { isShared: config.databaseUrl === undefined }),
  )
  const provider = createProviderClient({ outbound: watchClocks(outbound, { clock, log }) })
  const signIn = createSignInProvider({ outbound, clock })
  const ports = {
    ...store,
    callLog: overrides.callLog?.(store.callLog) ?? store.callLog,
    bodyDecoder,
    catalogue: createCatalogue(),
    clock,
    entropy,
    journal,
    liveCalls,
    log,
    metrics,
    outbound,
    provider,
    schemas: createSchemas(),
    signIn,
    urls,
    vault,
  }
  const flows = createFlows(ports)
  await flows.reconcileJournal()

  const state = { stopping: false }
  const onBug = (error: unknown, requestId: string) => log.error('request.failed', error, { request_id: requestId })
  const onAnswer = (seconds: number) => metrics.observe('http_seconds', seconds)
  // What is on its way ends within its deadline.
  resources.defer(() => flows.messagesUnderWay())
  resources.defer(() => flows.spendingEnded())
  // What was counted last is written once nothing runs any more.
  resources.defer(
    async () => void (await flows.writeUsage().catch(error => log.error('job.failed', error, { job: 'writeUsage' }))),
  )
  const jobFlows = { ...flows, retryRevocations: flows.attemptRevocations.due }
  resources.use(
    startJobs(jobFlows, {
      sleep: clock.sleep,
      onError: (job, error) => log.error('job.failed', error, { job }),
      onLeft: job => log.warn('job.left', { job }),
    }),
  )
  const operations = createOperationsServer({
    notReady: async () => (state.stopping ? 'stopping' : (await store.isWritable()) ? null : 'store'),
    metrics: metrics.text,
    metricsType: metrics.contentType,
  })
  const metricsAt =
    config.metricsListen && resources.use(await listen(operations, config.metricsListen, 'BEHALF_METRICS_LISTEN'))
  const server = createPublicServer({ flows, trustedProxies: config.trustedProxies, onBug, onAnswer })
  const running = resources.use(await listen(server, config.listen, 'BEHALF_LISTEN'))
  log.info('started', { url: config.url, node: journal.node })
  if (base.warning !== null) log.warn('root_key.in_data_folder', { warning: base.warning })

  const kept = resources.move()
  return {
    port: running.port,
    metricsPort: metricsAt?.port ?? null,
    warning: base.warning,
    async [Symbol.asyncDispose]() {
      state.stopping = true
      flows.endWaitingRuns()
      await kept.disposeAsync()
    },
  }
}

/** The broker's data without its servers: what the command line works on. */
export type Desk = AsyncDisposable & {
  readonly migrated: readonly string[]
  readonly urls: ReturnType<typeof createUrls>
  readonly custody: KeyCustody
  createOrganization(asked: NewOrganization): Promise<CreatedOrganization>
  /** Undefined where there is no such organization. */
  verifyAudit(
    slug: string,
    anchor?: { readonly sequence: number; readonly mac: string },
  ): Promise<AuditVerdict | undefined>
  createAdminKey(slug: string, label: string): Promise<Secret | undefined>
  /** Of the organization that is named, else of the only one; undefined where there is none. Throws `BrokerError`. */
  checkConnector(
    slug: string | undefined,
    name: string,
    asked: { readonly client_authentication: readonly string[]; readonly variables: Readonly<Record<string, string>> },
  ): Promise<ReturnType<typeof viewCheck> | undefined>
}

/** Opens the data folder for one command. Throws `BootError`. */
export async function openDesk(config: Config): Promise<Desk> {
  await using resources = new AsyncDisposableStack()
  const base = await openBase(config, {}, resources)
  const { clock, entropy, store, outbound, urls, vault, custody, rootKeys } = base
  await custody.verify()
  const vaultOver = (dataKeys: { read: Store['dataKeys']['read'] }) =>
    createVault({ rootKeys, dataKeys: { ...store.dataKeys, ...dataKeys } })
  const createDataKey = (id: OrgId) => vault.createDataKey(id)
  const verify = createVerifyAudit({ audit: store.audit, entropy, vault })
  const createApiKey = createCreateApiKey({ ...store, clock, entropy })
  const provider = createProviderClient({ outbound })
  const checkConnector = createCheckConnector({
    ...store,
    catalogue: createCatalogue(),
    clock,
    entropy,
    outbound,
    provider,
    urls,
    vault,
  })
  const kept = resources.move()
  return {
    migrated: store.migrated,
    urls,
    custody: {
      ...custody,
      async rotate() {
        const done = await custody.rotate()
        if (done.rewrapped > 0) await told(store, rootKeys, 'key.rotated')
        return done
      },
    },
    createOrganization: createCreateOrganization({ ...store, clock, entropy, outbound, vaultOver, createDataKey }),
    async verifyAudit(slug, anchor) {
      const organization = await store.organizations.bySlug(slug)
      return organization && verify(organization.id, anchor)
    },
    async createAdminKey(slug, label) {
      const organization = await store.organizations.bySlug(slug)
      return (
        organization &&
        (await createApiKey({ organization }, 'system', { label, expiresAt: null, roles: ['admin'] })).key
      )
    },
    async checkConnector(slug, name, asked) {
      const [only, second] = await store.organizations.all()
      const organization = slug === undefined ? second === undefined && only : await store.organizations.bySlug(slug)
      if (organization === undefined || organization === false) return undefined
      const context = { organization, requestId: entropy.newId<string>('req'), address: null }
      return viewCheck(await checkConnector(context, 'system', name, parseWhole(connectorCheckAsked, asked)))
    },
    [Symbol.asyncDispose]: () => kept.disposeAsync(),
  }
}

/** The catalogue as the command line shows it: in the words of REST, and judged. */
export function openCatalogue() {
  const catalogue = createCatalogue()
  return {
    list: async () => (await catalogue.all()).map(viewPresetSummary),
    async show(name: string) {
      const preset = await catalogue.byName(name)
      return preset && viewPreset(preset)
    },
    async lint() {
      const { presets, faults } = await lintCatalogue()
      return { ...tally(presets), faults }
    },
  }
}

/** Copies the embedded store into one file, online. Throws `BootError`. */
export async function backup({ dataDir, databaseUrl }: Config, to: string): Promise<{ readonly pages: number }> {
  if (databaseUrl !== undefined)
    throw new BootError('DATABASE_URL is set: back PostgreSQL up with its own tools (pg_dump)')
  if (!hasStore(dataDir)) throw new BootError(`There is no store in ${dataDir}`)
  return copyDatabase(join(dataDir, DATABASE_FILE), to)
}

/** Puts a backup into the data folder, once its root key is known to open it. Throws `BootError`. */
export function restore(config: Config, from: string, replace: boolean): Promise<{ readonly replaced: string | null }> {
  const { keys } = readRootKeys(config.rootKey, config.dataDir, () => true)
  return restoreStore(from, { dataDir: config.dataDir, replace }, store => told(store, keys, 'store.restored'))
}

/** Copies the embedded store into the empty PostgreSQL database of the configuration. Throws `BootError`. */
export function move(config: Config): Promise<{ readonly rows: number }> {
  const { dataDir, databaseUrl, rootKey } = config
  if (databaseUrl === undefined) throw new BootError('DATABASE_URL must name the database to move to')
  const { keys } = readRootKeys(rootKey, dataDir, () => true)
  return moveStore({ dataDir, databaseUrl }, store => told(store, keys, 'store.moved'))
}

async function told(
  store: Store,
  rootKeys: readonly Secret[],
  action: 'store.restored' | 'store.moved' | 'key.rotated',
): Promise<void> {
  await createKeyCustody({ rootKeys, dataKeys: store.dataKeys }).verify()
  const ports = { clock: systemClock, entropy: createEntropy(systemClock) }
  const organizations = await store.organizations.all()
  await store.audit.add(organizations.map(organization => newAuditEvent(ports, { organization }, 'system', action)))
}

async function openBase(config: Config, overrides: Overrides, resources: AsyncDisposableStack) {
  makeFolder(config.dataDir)
  const existing = hasStore(config.dataDir)
  const { keys: rootKeys, warning } = readRootKeys(config.rootKey, config.dataDir, () => existing)
  const clock = overrides.clock ?? systemClock
  const store = resources.use(await openStore(config))
  const outbound = resources.use(createOutbound({ allow: config.outboundAllow, proxyUrl: config.proxyUrl }))
  return {
    clock,
    entropy: createEntropy(clock),
    store,
    outbound,
    urls: createUrls(config.url),
    rootKeys,
    warning,
    vault: createVault({ rootKeys, dataKeys: store.dataKeys }),
    custody: createKeyCustody({ rootKeys, dataKeys: store.dataKeys }),
  }
}
