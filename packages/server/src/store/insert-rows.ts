import type { Engine, Statement } from './engine.ts'
import type { Tables } from './tables.ts'

const LARGEST = 256

/**
 * Inserts many rows in as few statements as can be, of sizes that are powers of two, so that few shapes of one statement are ever prepared; each
 * shape is compiled once.
 */
export function createInsertRows<Name extends keyof Tables>(
  engine: Pick<Engine, 'build'>,
  table: Name,
  columns: readonly (keyof Tables[Name] & string)[],
): (rows: readonly Tables[Name][]) => readonly Statement[] {
  const sqlFor = createInsertOf(engine, table, columns)
  return rows =>
    inPowers(rows, part => {
      const parameters: unknown[] = []
      for (const row of part) for (const column of columns) parameters.push(row[column])
      return { sql: sqlFor(part.length), parameters }
    })
}

function inPowers<Row>(rows: readonly Row[], make: (part: readonly Row[]) => Statement): readonly Statement[] {
  const statements: Statement[] = []
  for (let from = 0, size = LARGEST; from < rows.length; from += size) {
    while (size > rows.length - from) size /= 2
    statements.push(make(rows.slice(from, from + size)))
  }
  return statements
}

function createInsertOf<Name extends keyof Tables>(
  { build }: Pick<Engine, 'build'>,
  table: Name,
  columns: readonly (keyof Tables[Name] & string)[],
): (size: number) => string {
  const known = new Map<number, string>()
  return size => {
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
