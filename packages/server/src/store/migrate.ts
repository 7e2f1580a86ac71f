import { readdirSync, readFileSync } from 'node:fs'
import { setTimeout as delay } from 'node:timers/promises'
import { BootError } from '../domain/boot-error.ts'
import { type Engine, type Row, type Statement, statement } from './engine.ts'

const FOLDER = new URL('./migrations/', import.meta.url)
const WAIT_MS = 60_000
const POLL_MS = 100
/** A database that starts at the same time as we is waited for this long. */
const REACH_MS = 10_000

type Migration = { readonly number: number; readonly name: string; readonly statements: readonly Statement[] }

/**
 * Brings the database to this version, forward only. Each migration is one transaction with its own row, taken compare-and-set: of several
 * processes starting at once one runs it and the others find it done. Throws {@link BootError} where the database is newer than the code.
 */
export async function migrate(engine: Engine): Promise<readonly string[]> {
  const migrations = readMigrations()
  const done: string[] = []
  const until = Date.now() + WAIT_MS
  await createTable(engine, Date.now() + REACH_MS)
  for (;;) {
    const version = await versionOf(engine)
    if (version > migrations.length) {
      throw new BootError(
        `The database is at version ${version}, newer than this program (${migrations.length}): start the newer program`,
      )
    }
    const next = migrations[version]
    if (next === undefined) return done
    const row = statement(engine.build.insertInto('migrations').values({ number: next.number, name: next.name }))
    // Another process may be first: its row makes ours fail, and with it everything of this unit.
    const written = await engine.write([row, ...next.statements]).catch(error => error as unknown)
    if (written instanceof Error && (await versionOf(engine)) <= version) {
      if (Date.now() > until) throw new BootError(`Migration ${next.name} could not be run: ${String(written.cause)}`)
      await delay(POLL_MS)
    } else if (!(written instanceof Error)) done.push(next.name)
  }
}

// Of several that make it at once PostgreSQL lets one through and fails the others.
async function createTable(engine: Engine, until: number): Promise<void> {
  const table = plain('CREATE TABLE IF NOT EXISTS migrations (number BIGINT NOT NULL PRIMARY KEY, name TEXT NOT NULL)')
  for (;;) {
    const failed = await engine.write([table]).then(
      () => undefined,
      (error: unknown) => error,
    )
    const isThere = failed === undefined || (await versionOf(engine).catch(() => undefined)) !== undefined
    if (isThere) return
    if (Date.now() > until) throw failed
    await delay(POLL_MS)
  }
}

async function versionOf(engine: Engine): Promise<number> {
  const { results } = await expectDone(
    engine.write([plain('SELECT COALESCE(MAX(number), 0) AS version FROM migrations')]),
  )
  return Number(results[0]?.rows[0]?.['version'])
}

async function expectDone(
  writing: ReturnType<Engine['write']>,
): Promise<{ readonly results: readonly { readonly rows: readonly Row[] }[] }> {
  const written = await writing
  if (written.kind !== 'done') throw new BootError('The database refused to say its version')
  return written
}

function readMigrations(): readonly Migration[] {
  const names = readdirSync(FOLDER)
    .filter(name => /^\d{4}_[a-z0-9_]+\.sql$/.test(name))
    .sort()
  return names.map((name, index) => {
    if (Number(name.slice(0, 4)) !== index + 1) throw new BootError(`Migration ${name} is out of order`)
    const text = readFileSync(new URL(name, FOLDER), 'utf8')
    const statements = text
      .split(/;\s*\n/)
      .map(part => part.trim())
      .filter(part => part !== '')
    return { number: index + 1, name, statements: statements.map(plain) }
  })
}

const plain = (sql: string): Statement => ({ sql: sql.replace(/;\s*$/, ''), parameters: [] })
