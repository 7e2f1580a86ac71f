import { DatabaseSync } from 'node:sqlite'
import { BootError } from '../../domain/boot-error.ts'

const OLDEST = [3, 51, 3] as const
const BUSY_MS = 5_000

/** Opens the database file as every connection to it must be: WAL, every commit on disk, erased bytes overwritten. */
export function openDatabase(path: string, use: 'read' | 'write', busyMs = BUSY_MS): DatabaseSync {
  const database = new DatabaseSync(path, { timeout: busyMs })
  refuseOld(database)
  database.exec('PRAGMA journal_mode = WAL')
  database.exec('PRAGMA synchronous = FULL')
  database.exec('PRAGMA secure_delete = ON')
  database.exec('PRAGMA cell_size_check = ON')
  database.exec('PRAGMA trusted_schema = OFF')
  if (use === 'read') database.exec('PRAGMA query_only = ON')
  return database
}

// Earlier versions carry a WAL reset bug that can lose committed transactions.
function refuseOld(database: DatabaseSync): void {
  const version = String(database.prepare('SELECT sqlite_version() AS version').get()?.['version'])
  const parts = version.split('.').map(Number)
  const [major = 0, minor = 0, patch = 0] = parts
  const old =
    major < OLDEST[0] || (major === OLDEST[0] && (minor < OLDEST[1] || (minor === OLDEST[1] && patch < OLDEST[2])))
  if (old)
    throw new BootError(
      `SQLite ${version} is too old: ${OLDEST.join('.')} or newer is needed (use the Node this repository pins)`,
    )
}
