import type { Compilable, Kysely } from 'kysely'
import type { Tables } from './tables.ts'

/** One statement of a write; where `expect` is given and another number of rows changed, the whole unit is undone. */
export type Statement = {
  readonly sql: string
  readonly parameters: readonly unknown[]
  readonly expect?: number
}

/** What a unit did, statement by statement, or which statement's expectation failed. */
export type Written =
  | { readonly kind: 'done'; readonly results: readonly { readonly changes: number; readonly rows: readonly Row[] }[] }
  | { readonly kind: 'refused'; readonly at: number }

export type Row = Readonly<Record<string, unknown>>

/** A clock that leases can be judged by on every node of this store: `era` changes when the clock starts over. */
export type LeaseClock = () => Promise<{ readonly era: string; readonly nowMs: number }>

/** A database as the stores use it: reads, and atomic units of writes that are durable when they resolve. */
export type Engine = {
  /** Builds queries; nothing is executed through it. */
  readonly build: Kysely<Tables>
  read<Output>(query: Compilable<Output>): Promise<readonly Output[]>
  /** The same for reads that may take long: they keep nobody waiting, and may see a write a moment later. */
  readLong<Output>(query: Compilable<Output>): Promise<readonly Output[]>
  write(unit: readonly Statement[]): Promise<Written>
  readonly leaseClock: LeaseClock
  /** The collation that orders text by its bytes. */
  readonly bytewise: string
}

/** Makes a statement of a built query. */
export function statement(query: Compilable<unknown>, expect?: number): Statement {
  const { sql, parameters } = query.compile()
  return expect === undefined ? { sql, parameters } : { sql, parameters, expect }
}

/** Whether a unit was done; for writes whose refusal is an expected alternative. */
export async function applied(written: Promise<Written>): Promise<boolean> {
  return (await written).kind === 'done'
}
