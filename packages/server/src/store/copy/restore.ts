import { copyFileSync, existsSync, mkdirSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { BootError } from '../../domain/boot-error.ts'
import { isJournalHeld } from '../journal.ts'
import { assertSound, sync } from '../sqlite/backup.ts'
import { DATABASE_FILE, hasStore, makeFolder, openStore, type Store } from '../store.ts'

/** What belongs to browsers and nodes of the time of the backup, and must not come back to life with it. */
const PASSING = [
  'sessions',
  'sign_in_requests',
  'sso_trials',
  'authorization_requests',
  'connect_links',
  'job_leases',
  'kept_answers',
] as const
const ROOM = 'restoring'

/**
 * Puts a backup into the data folder. It is made ready aside and judged there (`judge` may refuse it) before anything of the folder changes; what it
 * replaces stays beside it under another name. Throws {@link BootError}.
 */
export async function restoreStore(
  backup: string,
  { dataDir, replace }: { readonly dataDir: string; readonly replace: boolean },
  judge: (store: Store) => Promise<void>,
): Promise<{ readonly replaced: string | null }> {
  makeFolder(dataDir)
  if (isJournalHeld(dataDir)) throw new BootError(`A broker runs on ${dataDir}: stop it first`)
  if (hasStore(dataDir) && !replace)
    throw new BootError(`There is a store in ${dataDir} already: give --replace to put the backup in its place`)
  if (!existsSync(backup)) throw new BootError(`${backup} is not there`)
  const aside = join(dataDir, ROOM)
  rmSync(aside, { recursive: true, force: true })
  try {
    mkdirSync(aside, { mode: 0o700 })
    const ready = join(aside, DATABASE_FILE)
    copyFileSync(backup, ready)
    assertSound(ready)
    await prepare(aside, judge)
    assertSound(ready)
    sync(ready)
    const replaced = setAside(dataDir)
    renameSync(ready, join(dataDir, DATABASE_FILE))
    sync(dataDir)
    return { replaced }
  } finally {
    rmSync(aside, { recursive: true, force: true })
  }
}

async function prepare(dataDir: string, judge: (store: Store) => Promise<void>): Promise<void> {
  await using store = await openStore({ dataDir })
  await judge(store)
  await store.engine.write([
    ...PASSING.map(table => ({ sql: `DELETE FROM ${table}`, parameters: [] })),
    // Their epochs go on: which of two answers is the newer one is told by them.
    {
      sql: 'UPDATE refresh_leases SET holder = NULL, open_attempt = NULL, retries = 0, failures = 0, cool_until_at = NULL',
      parameters: [],
    },
  ])
}

function setAside(dataDir: string): string | null {
  if (!hasStore(dataDir)) return null
  const at = new Date().toISOString().replace(/[:.]/g, '-')
  const name = `${DATABASE_FILE}.before-${at}`
  for (const suffix of ['', '-wal', '-shm']) {
    const path = join(dataDir, DATABASE_FILE + suffix)
    if (existsSync(path)) renameSync(path, join(dataDir, name + suffix))
  }
  return name
}
