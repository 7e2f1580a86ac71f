import {
  closeSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeSync,
} from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import type { ConnectionId, OrgId } from '@behalf/contract'
import { z } from 'zod'
import { BootError } from '../domain/boot-error.ts'
import { asSealed } from '../domain/sealed.ts'
import type { JournalEntry, OpenExchange, RefreshJournal } from '../ports/refresh-journal.ts'

const LOCK = 'lock'
/** A folder that its node has not named yet. */
const UNNAMED = '.'
/** What the two kinds of entries are called. */
const REFRESH = '.json'
const EXCHANGE = '.exchange'
const KINDS = [REFRESH, EXCHANGE] as const
const isEntry = (name: string): boolean => KINDS.some(kind => name.endsWith(kind))
const sealedToken = z.object({ sealed: z.base64(), secretVersion: z.int() })
const exchange = z.object({
  attemptId: z.string().regex(/^[\w-]{16,100}$/),
  orgId: z.string(),
  stateHash: z.base64(),
  tokens: z.object({ accessToken: z.base64(), refreshToken: z.base64().nullable() }).nullable(),
})
const entry = z.object({
  attemptId: z.string().regex(/^[\w-]{16,100}$/),
  tokens: z.object({
    orgId: z.string(),
    id: z.string(),
    generation: z.int(),
    tokenVersion: z.int(),
    accessToken: sealedToken,
    refreshToken: sealedToken.nullable(),
    receivedAt: z.number(),
    expiresAt: z.number().nullable(),
    grantedScope: z.array(z.string()).nullable(),
    variables: z.record(z.string(), z.string()).default({}),
    extraTokens: sealedToken.nullable().default(null),
    refreshExpiresAt: z.number().nullable().default(null),
    refreshEpoch: z.int().default(0),
  }),
})

/**
 * The refresh journal in `journal/{node}` of the data folder: one file an entry, sealed tokens alone. The folder is held by an exclusive lock
 * (of a SQLite file, which the kernel frees with the process); folders whose lock is free are adopted. `isShared`: every node of this broker
 * keeps its journal in this data folder, so that one which is not there is gone.
 */
export function openJournal(
  dataDir: string,
  node: string,
  { isShared }: { readonly isShared: boolean },
): RefreshJournal & Disposable {
  const root = join(dataDir, 'journal')
  const own = join(root, node)
  const lock = makeLocked(root, own, dataDir)

  const adopted = new Set<string>()
  const underWay = new Set<string>()
  const put = (name: string, content: unknown): void => {
    const path = join(own, name)
    writeDurably(`${path}.new`, JSON.stringify(content))
    renameSync(`${path}.new`, path)
    syncFolder(own)
  }
  const adoptAll = (): void => {
    for (const other of readdirSync(root))
      if (other !== node && !other.startsWith(UNNAMED) && adopt(join(root, other), own)) adopted.add(other)
  }
  const held = (suffix: string): readonly string[] => readdirSync(own).filter(name => name.endsWith(suffix))
  return {
    node,
    async stage(staged) {
      underWay.add(staged.attemptId)
      put(staged.attemptId + REFRESH, toText(staged))
    },
    leave: attemptId => void underWay.delete(attemptId),
    isLeft: attemptId => !underWay.has(attemptId) && existsSync(join(own, attemptId + REFRESH)),
    stageExchange: async staged => put(staged.attemptId + EXCHANGE, exchangeText(staged)),
    async settle(attemptId) {
      for (const suffix of KINDS) rmSync(join(own, attemptId + suffix), { force: true })
      underWay.delete(attemptId)
    },
    async pending() {
      adoptAll()
      return held(REFRESH).map(name => read(join(own, name)))
    },
    async openExchanges() {
      adoptAll()
      return held(EXCHANGE).map(name => readExchange(join(own, name)))
    },
    async whereabouts(other) {
      if (other === node) return 'alive'
      if (adopted.has(other)) return 'gone'
      if (!/^[\w-]+$/.test(other) || !readdirSync(root).includes(other)) return isShared ? 'gone' : 'elsewhere'
      const taken = takeLock(join(root, other))
      taken?.close()
      return taken === undefined ? 'alive' : 'gone'
    },
    [Symbol.dispose]() {
      lock.close()
      if (readdirSync(own).every(name => name.startsWith(LOCK))) rmSync(own, { recursive: true, force: true })
    },
  }
}

const foldersOf = (dataDir: string): readonly string[] => {
  const root = join(dataDir, 'journal')
  return existsSync(root) ? readdirSync(root).map(name => join(root, name)) : []
}

/** Whether a broker runs on this data folder. */
export const isJournalHeld = (dataDir: string): boolean =>
  foldersOf(dataDir).some(folder => {
    const lock = takeLock(folder)
    lock?.close()
    return lock === undefined
  })

/** Whether there are answers that no broker has written into the store yet. */
export const hasJournalEntries = (dataDir: string): boolean =>
  foldersOf(dataDir).some(folder => readdirSync(folder).some(isEntry))

// Locked before it has its name: a folder that others can see without a lock is one that they adopt.
function makeLocked(root: string, own: string, dataDir: string): DatabaseSync {
  try {
    mkdirSync(root, { recursive: true, mode: 0o700 })
    const unnamed = mkdtempSync(join(root, UNNAMED))
    const lock = takeLock(unnamed)
    if (lock === undefined) throw new Error('no lock')
    renameSync(unnamed, own)
    syncFolder(root)
    return lock
  } catch {
    throw new BootError(`The data folder ${dataDir} cannot be written`)
  }
}

function takeLock(folder: string): DatabaseSync | undefined {
  try {
    const held = new DatabaseSync(join(folder, LOCK), { timeout: 0 })
    try {
      held.exec('PRAGMA locking_mode = EXCLUSIVE')
      held.exec('BEGIN EXCLUSIVE')
      return held
    } catch {
      held.close()
      return undefined
    }
  } catch {
    return undefined
  }
}

function adopt(folder: string, own: string): boolean {
  const lock = takeLock(folder)
  if (lock === undefined) return false
  for (const name of readdirSync(folder)) if (isEntry(name)) renameSync(join(folder, name), join(own, name))
  syncFolder(own)
  lock.close()
  rmSync(folder, { recursive: true, force: true })
  return true
}

function writeDurably(path: string, text: string): void {
  const file = openSync(path, 'w', 0o600)
  writeSync(file, text)
  fsyncSync(file)
  closeSync(file)
}

function syncFolder(path: string): void {
  const folder = openSync(path, 'r')
  fsyncSync(folder)
  closeSync(folder)
}

const base64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64')
const toText = ({ attemptId, tokens }: JournalEntry) => ({
  attemptId,
  tokens: {
    ...tokens,
    accessToken: { ...tokens.accessToken, sealed: base64(tokens.accessToken.sealed) },
    refreshToken: tokens.refreshToken && { ...tokens.refreshToken, sealed: base64(tokens.refreshToken.sealed) },
    extraTokens: tokens.extraTokens && { ...tokens.extraTokens, sealed: base64(tokens.extraTokens.sealed) },
  },
})

function read(path: string): JournalEntry {
  const { attemptId, tokens } = entry.parse(JSON.parse(readFileSync(path, 'utf8')))
  const bytes = (token: { sealed: string; secretVersion: number }) => ({
    ...token,
    sealed: asSealed(new Uint8Array(Buffer.from(token.sealed, 'base64'))),
  })
  return {
    attemptId,
    tokens: {
      ...tokens,
      orgId: tokens.orgId as OrgId,
      id: tokens.id as ConnectionId,
      accessToken: bytes(tokens.accessToken),
      refreshToken: tokens.refreshToken && bytes(tokens.refreshToken),
      extraTokens: tokens.extraTokens && bytes(tokens.extraTokens),
    },
  }
}

const exchangeText = ({ attemptId, orgId, stateHash, tokens }: OpenExchange) => ({
  attemptId,
  orgId,
  stateHash: base64(stateHash),
  tokens: tokens && {
    accessToken: base64(tokens.accessToken),
    refreshToken: tokens.refreshToken && base64(tokens.refreshToken),
  },
})

function readExchange(path: string): OpenExchange {
  const { attemptId, orgId, stateHash, tokens } = exchange.parse(JSON.parse(readFileSync(path, 'utf8')))
  const bytes = (text: string) => new Uint8Array(Buffer.from(text, 'base64'))
  return {
    attemptId,
    orgId: orgId as OrgId,
    stateHash: bytes(stateHash),
    tokens: tokens && {
      accessToken: asSealed(bytes(tokens.accessToken)),
      refreshToken: tokens.refreshToken === null ? null : asSealed(bytes(tokens.refreshToken)),
    },
  }
}
