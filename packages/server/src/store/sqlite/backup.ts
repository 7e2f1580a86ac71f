import { chmodSync, closeSync, existsSync, fsyncSync, openSync, renameSync, rmSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { backup, DatabaseSync } from 'node:sqlite'
import { BootError } from '../../domain/boot-error.ts'
import { openDatabase } from './open-database.ts'

/** Copies a database that may be in use into one file, as it was at one instant (SQLite's online backup). Throws {@link BootError}. */
export async function copyDatabase(from: string, to: string): Promise<{ readonly pages: number }> {
  if (existsSync(to)) throw new BootError(`${to} is there already`)
  const partial = join(dirname(to), `.${basename(to)}.partial`)
  try {
    closeSync(openSync(partial, 'w', 0o600))
    chmodSync(partial, 0o600)
    const source = openDatabase(from, 'read')
    const pages = await backup(source, partial).finally(() => source.close())
    assertSound(partial)
    sync(partial)
    renameSync(partial, to)
    sync(dirname(to))
    return { pages }
  } catch (error) {
    rmSync(partial, { force: true })
    if (error instanceof BootError) throw error
    throw new BootError(`${to} cannot be written: is there room, and may this user write there?`)
  }
}

/** Whether a file is a whole Behalf database, made self-contained. Throws {@link BootError} where it is not. */
export function assertSound(path: string): void {
  try {
    const database = new DatabaseSync(path)
    try {
      database.exec('PRAGMA journal_mode = DELETE')
      const verdict = database.prepare('PRAGMA integrity_check').get()?.['integrity_check']
      const known = database.prepare('SELECT COUNT(*) AS known FROM migrations').get()?.['known']
      if (verdict === 'ok' && Number(known) > 0) return
    } finally {
      database.close()
    }
  } catch {
    // Told below, whatever it was.
  }
  throw new BootError(`${path} is not a whole Behalf database`)
}

export function sync(path: string): void {
  const file = openSync(path, 'r')
  fsyncSync(file)
  closeSync(file)
}
