import {
  type Compilable,
  DummyDriver,
  Kysely,
  PostgresAdapter,
  PostgresIntrospector,
  PostgresQueryCompiler,
} from 'kysely'
import { DatabaseError, Pool, type PoolClient, type QueryResult, types } from 'pg'
import { BrokerError } from '../../domain/broker-error.ts'
import type { Engine, Row, Statement, Written } from '../engine.ts'
import type { Tables } from '../tables.ts'
import { createLeaseClock } from './lease-clock.ts'
import { createStatementNames } from './statement-names.ts'

export type PostgresEngine = Engine & AsyncDisposable

export type PostgresOptions = {
  readonly url: string
  /** Connections of this node at most. */
  readonly connections: number
}

const CONNECT_MS = 5_000
const STATEMENT_MS = 15_000
const IDLE_MS = 30_000
const TRIES = 12
const BIGINT = 20
const BYTEA = 17
/** Serialization failure and deadlock: the unit was undone whole, and may be run again (SQL standard class 40). */
const AGAIN: ReadonlySet<string> = new Set(['40001', '40P01'])
/** A connection that was cut, or a server that is going or coming: class 08, 57P, and what sockets say. */
const CUT = /^(08\w{3}|57P0\d|ECONNRESET|EPIPE|connection_lost)$/
const CUT_TRIES = 3
/** The server has no connection to spare: nothing was begun, and one of ours comes free as likely as one of others'. */
const TURNED_AWAY = '53300'

/** Any PostgreSQL-compatible database: reads in one round trip, each unit of writes in one transaction on one connection. */
export function createPostgresEngine({ url, connections }: PostgresOptions): PostgresEngine {
  const pool = new Pool({
    connectionString: url,
    max: connections,
    connectionTimeoutMillis: CONNECT_MS,
    idleTimeoutMillis: IDLE_MS,
    query_timeout: STATEMENT_MS,
    application_name: 'behalf',
    types: { getTypeParser: parserOf as typeof types.getTypeParser },
  })
  const names = createStatementNames()
  let closed = false
  // A connection that breaks while idle is replaced by the next use.
  pool.on('error', () => undefined)
  // One that breaks in use fails what it was used for; the event besides must not end the process.
  pool.on('connect', client => void client.on('error', () => undefined))

  return {
    build: new Kysely<Tables>({
      dialect: {
        createAdapter: () => new PostgresAdapter(),
        createDriver: () => new DummyDriver(),
        createIntrospector: db => new PostgresIntrospector(db),
        createQueryCompiler: () => new PostgresQueryCompiler(),
      },
    }),
    read,
    readLong: read,
    async write(unit: readonly Statement[]): Promise<Written> {
      const [only] = unit
      return unit.length === 1 && only?.expect === undefined && only !== undefined
        ? {
            kind: 'done',
            results: [
              toResult(
                await attempt(
                  () => send(pool, only),
                  () => false,
                ),
              ),
            ],
          }
        : transaction(unit)
    },
    leaseClock: createLeaseClock(async () => {
      const { rows } = await attempt(
        () => send(pool, { sql: NOW, parameters: [] }),
        () => true,
      )
      return Number((rows[0] as Row | undefined)?.['now_ms'])
    }),
    bytewise: '"C"',
    async [Symbol.asyncDispose]() {
      if (closed) return
      closed = true
      await pool.end()
    },
  }

  async function read<Output>(query: Compilable<Output>): Promise<readonly Output[]> {
    const { sql, parameters } = query.compile()
    return (
      await attempt(
        () => send(pool, { sql, parameters }),
        () => true,
      )
    ).rows as Output[]
  }

  function transaction(unit: readonly Statement[]): Promise<Written> {
    let begun = false
    return attempt(
      async () => {
        const client = await pool.connect()
        let broken: Error | undefined
        try {
          await client.query('BEGIN')
          begun = true
          const written = await runUnit(client, unit)
          await client.query(written.kind === 'done' ? 'COMMIT' : 'ROLLBACK')
          return written
        } catch (error) {
          broken = await undone(client, error)
          throw error
        } finally {
          client.release(broken)
        }
      },
      () => !begun,
    )
  }

  async function runUnit(client: PoolClient, unit: readonly Statement[]): Promise<Written> {
    const results: { changes: number; rows: readonly Row[] }[] = []
    for (const [at, asked] of unit.entries()) {
      const result = toResult(await send(client, asked))
      if (asked.expect !== undefined && result.changes !== asked.expect) return { kind: 'refused', at }
      results.push(result)
    }
    return { kind: 'done', results }
  }

  function send(on: Pick<Pool, 'query'> | PoolClient, asked: Statement) {
    const name = names.of(asked.sql)
    return on.query<Row>({ text: asked.sql, values: [...asked.parameters], ...(name === undefined ? {} : { name }) })
  }

  /** `changedNothing`: whether the work, having lost its connection, is known to have left nothing behind. */
  async function attempt<Result>(work: () => Promise<Result>, changedNothing: () => boolean): Promise<Result> {
    if (closed) throw new BrokerError('shutting_down')
    const begunAt = performance.now()
    for (let tries = 1; ; tries += 1) {
      try {
        return await work()
      } catch (error) {
        const code = codeOf(error)
        const wasUndone = AGAIN.has(code) || names.refused(code)
        const wasCut = CUT.test(code) && changedNothing() && tries <= CUT_TRIES
        const wasTurnedAway = code === TURNED_AWAY && performance.now() - begunAt < CONNECT_MS
        if (!(wasUndone && tries < TRIES) && !wasCut && !wasTurnedAway)
          throw new BrokerError('store_unavailable', { cause: new Error(`database ${code}`) })
        await new Promise(resolve => setTimeout(resolve, Math.random() * 2 ** Math.min(tries, 7)))
      }
    }
  }
}

const NOW = 'SELECT CAST(EXTRACT(EPOCH FROM CLOCK_TIMESTAMP()) * 1000 AS BIGINT) AS now_ms'

const toResult = ({ rowCount, rows }: QueryResult<Row>) => ({ changes: rowCount ?? 0, rows })

/** Rolls back; the reason to drop the connection where that cannot be done. */
async function undone(client: PoolClient, error: unknown): Promise<Error | undefined> {
  if (!(error instanceof DatabaseError)) return error instanceof Error ? error : new Error('broken')
  try {
    await client.query('ROLLBACK')
    return undefined
  } catch (failed) {
    return failed instanceof Error ? failed : new Error('broken')
  }
}

// SECURITY: messages of a database can hold values of rows; the code tells enough.
function codeOf(error: unknown): string {
  if (error instanceof Error && 'code' in error && typeof error.code === 'string') return error.code
  return error instanceof Error && /terminated|closed|ended/.test(error.message) ? 'connection_lost' : 'failed'
}

const parserOf = (oid: number, format?: 'text' | 'binary'): ((value: string) => unknown) => {
  if (oid === BIGINT) return Number
  if (oid === BYTEA) return text => Uint8Array.from(Buffer.from(text.slice(2), 'hex'))
  return types.getTypeParser(oid, format as 'text')
}
