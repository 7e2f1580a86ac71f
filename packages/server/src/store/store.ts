import { accessSync, chmodSync, constants, existsSync, mkdirSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { BootError } from '../domain/boot-error.ts'
import { BrokerError } from '../domain/broker-error.ts'
import type { Stores } from '../ports/index.ts'
import { createApiKeyStore } from './api-key-store.ts'
import { createAuditStore } from './audit-store.ts'
import { createAuthorizationRequestStore } from './authorization-request-store.ts'
import { createCallLog } from './call-log-store.ts'
import { createConnectLinkStore } from './connect-link-store.ts'
import { createConnectionStore } from './connection-store.ts'
import { createConnectorStore } from './connector-store.ts'
import { createDebugWindowStore } from './debug-window-store.ts'
import type { Engine } from './engine.ts'
import { createIdempotencyStore } from './idempotency-store.ts'
import { createJobLeaseStore } from './job-lease-store.ts'
import { createLaunchStore } from './launch-store.ts'
import { migrate } from './migrate.ts'
import { createDataKeyStore, createOrganizationStore } from './organization-store.ts'
import { createParkedGrantStore } from './parked-grant-store.ts'
import { createPersonStore } from './person-store.ts'
import { createPluginStore } from './plugin-store.ts'
import { createRefreshLeaseStore } from './refresh-lease-store.ts'
import { createRevocationStore } from './revocation-store.ts'
import { createRosterStore } from './roster-store.ts'
import { createSessionStore } from './session-store.ts'
import { assertUndamaged } from './sqlite/assert-undamaged.ts'
import { createSqliteEngine, type SqliteEngine } from './sqlite/engine.ts'
import { createSsoTrialStore } from './sso-trial-store.ts'
import { createTouches } from './touches.ts'
import { createUsageStore } from './usage-store.ts'
import { createWebhookStore } from './webhook-store.ts'

export type Store = Stores &
  AsyncDisposable & {
    /** Migrations that this start ran. */
    readonly migrated: readonly string[]
    /** Whether a write would be durable now; for readiness. */
    isWritable(): Promise<boolean>
    /** For measurements and tests. */
    readonly engine: Engine
  }

/** Where a store is: the data folder, or a PostgreSQL database. */
export type StorePlace = { readonly dataDir: string; readonly databaseUrl?: string | undefined }

export const DATABASE_FILE = 'behalf.db'

/** Connections of one node to PostgreSQL; a transaction never waits for a provider, so few serve many. */
const CONNECTIONS = 10

/** Whether the data folder holds a store already. */
export const hasStore = (dataDir: string): boolean => existsSync(join(dataDir, DATABASE_FILE))

/** Opens the store, migrating it. Throws `BootError`. */
export async function openStore({ dataDir, databaseUrl }: StorePlace): Promise<Store> {
  makeFolder(dataDir)
  if (databaseUrl === undefined) return openStoreOn(openEngine(dataDir))
  // Its driver is for those who use it.
  const { createPostgresEngine } = await import('./postgres/engine.ts')
  return openStoreOn(createPostgresEngine({ url: databaseUrl, connections: CONNECTIONS }))
}

/** The stores on an engine, which they close with themselves. */
export async function openStoreOn(engine: Engine & AsyncDisposable): Promise<Store> {
  try {
    const migrated = await migrate(engine)
    return { ...createStores(engine), migrated, engine }
  } catch (error) {
    await engine[Symbol.asyncDispose]()
    if (error instanceof BrokerError) throw new BootError(`DATABASE_URL: the database cannot be used (${cause(error)})`)
    throw error
  }
}

const cause = ({ cause: why }: BrokerError): string => (why instanceof Error ? why.message : 'unknown')

/** Makes the data folder, for its owner alone. Throws `BootError` where it cannot be written. */
export function makeFolder(path: string): void {
  try {
    for (const folder of missingFolders(path)) mkdirSync(folder, { mode: 0o700 })
    if (!statSync(path).isDirectory()) throw new Error('not a folder')
    chmodSync(path, 0o700)
    accessSync(path, constants.W_OK)
  } catch {
    throw new BootError(`The data folder ${path} cannot be written`)
  }
}

// Made one by one: Node's recursive form never returns where a file system refuses with ENOENT.
function missingFolders(path: string): readonly string[] {
  return existsSync(path) ? [] : [...missingFolders(dirname(path)), path]
}

function openEngine(dataDir: string): SqliteEngine {
  try {
    assertUndamaged(join(dataDir, DATABASE_FILE))
    return createSqliteEngine(join(dataDir, DATABASE_FILE))
  } catch (error) {
    if (error instanceof BootError) throw error
    throw new BootError(
      `The database ${join(dataDir, DATABASE_FILE)} cannot be opened: is the folder writable, and the file a Behalf database?`,
    )
  }
}

function createStores(engine: Engine & AsyncDisposable): Omit<Store, 'migrated' | 'engine'> {
  const touches = createTouches(engine)
  const callLog = createCallLog(engine)
  return {
    apiKeys: createApiKeyStore(engine, touches),
    audit: createAuditStore(engine),
    authorizationRequests: createAuthorizationRequestStore(engine),
    callLog,
    connectLinks: createConnectLinkStore(engine),
    connections: createConnectionStore(engine, touches),
    connectors: createConnectorStore(engine),
    dataKeys: createDataKeyStore(engine),
    debugWindows: createDebugWindowStore(engine),
    idempotency: createIdempotencyStore(engine),
    jobLeases: createJobLeaseStore(engine),
    launches: createLaunchStore(engine),
    organizations: createOrganizationStore(engine),
    parkedGrants: createParkedGrantStore(engine),
    people: createPersonStore(engine, touches),
    plugins: createPluginStore(engine, touches),
    refreshLeases: createRefreshLeaseStore(engine),
    revocations: createRevocationStore(engine),
    roster: createRosterStore(engine),
    sessions: createSessionStore(engine),
    ssoTrials: createSsoTrialStore(engine),
    usage: createUsageStore(engine),
    webhooks: createWebhookStore(engine),
    isWritable: () => isWritable(engine),
    async [Symbol.asyncDispose]() {
      await callLog[Symbol.asyncDispose]()
      await touches[Symbol.asyncDispose]()
      await engine[Symbol.asyncDispose]()
    },
  }
}

async function isWritable(engine: Engine): Promise<boolean> {
  const touched = { sql: 'UPDATE migrations SET number = number WHERE number = 1', parameters: [] }
  return engine.write([touched]).then(
    ({ kind }) => kind === 'done',
    () => false,
  )
}
