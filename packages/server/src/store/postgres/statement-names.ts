import { createHash } from 'node:crypto'

const MOST = 1_000
/** "Prepared statement does not exist" and "already exists": a pooler handed us a connection on which others prepare. */
const POOLED: ReadonlySet<string> = new Set(['26000', '42P05'])

/** Names for prepared statements, until a pooler in transaction mode shows that none can be kept. */
export type StatementNames = {
  of(sql: string): string | undefined
  /** Whether an error was about names: then no more are given, and the statement may be sent again. */
  refused(code: string): boolean
}

export function createStatementNames(): StatementNames {
  const names = new Map<string, string>()
  let usable = true
  return {
    of(sql) {
      if (!usable) return undefined
      const known = names.get(sql)
      if (known !== undefined || names.size >= MOST) return known
      const name = `behalf_${createHash('sha256').update(sql).digest('base64url').slice(0, 24)}`
      names.set(sql, name)
      return name
    },
    refused(code) {
      if (!POOLED.has(code)) return false
      usable = false
      return true
    },
  }
}
