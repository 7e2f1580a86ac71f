import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { BootError } from '../../domain/boot-error.ts'
import { hasJournalEntries, isJournalHeld } from '../journal.ts'
import { bootId } from './lease-clock.ts'
import { isWalWhole } from './wal.ts'

/** A file up to this size is read whole at a start; the pages of a larger one tell when they are first touched. */
const READ_WHOLE_BYTES = 64 * 1024 * 1024
const LOOKS = 3
const PAUSE_MS = 50
/** Names the boot in which the file was last open: the shared-memory file tells the truth as long as the machine runs. */
const BOOT = 'boot'

const looked = new Set<string>()

/**
 * Refuses a database whose files are damaged or gone, before anything is opened for writing: SQLite would silently drop what follows a damaged
 * place of its write-ahead log, acknowledged commits among it. Throws {@link BootError}; changes none of the files.
 */
export function assertUndamaged(path: string): void {
  const dataDir = dirname(path)
  // Closing a file that this process has open through SQLite would end its locks; and others at work have looked.
  if (looked.has(path) || isJournalHeld(dataDir)) return
  looked.add(path)
  if (existsSync(path)) {
    if (isOfThisBoot(dataDir) && !seemsWhole(path))
      throw damaged(path, 'its write-ahead log is shorter than what was committed')
    assertReadable(path)
  } else if (existsSync(`${path}-wal`) || hasJournalEntries(dataDir)) throw damaged(path, 'the file itself is gone')
  writeFileSync(join(dataDir, BOOT), bootId(), { mode: 0o600 })
}

function assertReadable(path: string): void {
  let verdict: unknown
  try {
    // Read-only, so that closing it does not write the log back.
    const database = new DatabaseSync(path, { readOnly: true })
    try {
      const check = statSync(path).size <= READ_WHOLE_BYTES ? 'quick_check(1)' : 'schema_version'
      const row = database.prepare(`PRAGMA ${check}`).get() ?? {}
      verdict = check === 'schema_version' ? 'ok' : row['quick_check']
    } finally {
      database.close()
    }
  } catch (error) {
    // Somebody else may hold it for a moment; that is no damage.
    verdict = isCorrupt(error) ? 'not a database' : 'ok'
  }
  if (verdict !== 'ok') throw damaged(path, 'its pages do not fit together')
}

const isCorrupt = (error: unknown): boolean =>
  error instanceof Error && 'errcode' in error && [11, 26].includes(Number(error.errcode) & 0xff)

const isOfThisBoot = (dataDir: string): boolean => {
  try {
    return readFileSync(join(dataDir, BOOT), 'utf8') === bootId()
  } catch {
    return false
  }
}

// A command that ends just now takes the log away in steps: what is damaged stays so.
function seemsWhole(path: string): boolean {
  for (let look = 0; look < LOOKS; look += 1) {
    if (isWalWhole(path)) return true
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, PAUSE_MS)
  }
  return false
}

const damaged = (path: string, why: string): BootError =>
  new BootError(
    `The database ${path} is damaged: ${why}. Nothing was changed. Copy the whole data folder aside, then see "Damaged files" in docs/guides/operations.md`,
  )
