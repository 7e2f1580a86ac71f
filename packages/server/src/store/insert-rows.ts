import type { Engine, Statement } from './engine.ts'
import type { Tables } from './tables.ts'

const LARGEST = 256

/**
 * Inserts many rows in as few statements as can be, of sizes that are powers of two, so that few shapes of one statement are ever prepared; each
 * shape is compiled once.
 */
export function createInsertRows<Name extends keyof Tables>(
  { build }: Pick<Engine, 'build'>,
  table: Name,
  columns: readonly (keyof Tables[Name] & string)[],
): (rows: readonly Tables[Name][]) => readonly Statement[] {
  const known = new Map<number, string>()

  return rows => {
    const statements: Statement[] = []
    for (let from = 0, size = LARGEST; from < rows.length; from += size) {
      while (size > rows.length - from) size /= 2
      // Every call's log entry passes here: an array for each row was a third of what an entry costs.
      const parameters: unknown[] = []
      for (let at = from; at < from + size; at += 1)
        for (const column of columns) parameters.push((rows[at] as Tables[Name])[column])
      statements.push({ sql: sqlFor(size), parameters })
    }
    return statements
  }

  function sqlFor(size: number): string {
    const sql = known.get(size) ?? compiled(size)
    known.set(size, sql)
    return sql
  }

  function compiled(size: number): string {
    const row = Object.fromEntries(columns.map(column => [column, 0]))
    const rows = Array.from({ length: size }, () => row)
    return build
      .insertInto(table)
      .values(rows as never)
      .compile().sql
  }
}
