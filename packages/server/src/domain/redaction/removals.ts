/** What takes the place of a value of which nothing may be kept. */
export const REDACTED = '<REDACTED>'

/** Which part of a call something was removed from. */
export type CallPart = 'path' | 'request_headers' | 'request_body' | 'response_headers' | 'response_body'

/**
 * Why it was removed: a secret; an e-mail; any other value (`masked`, of which first and last character stay); a name that is not plainly one;
 * a body of which nothing is kept (`not_json`, `binary`); what lies beyond a cap (`too_large`, `too_deep`).
 */
export type RemovalKind = 'secret' | 'email' | 'masked' | 'name' | 'not_json' | 'binary' | 'too_large' | 'too_deep'

/** What was removed from one part for one reason: how often, and where first (JSON pointers into a body, names of headers and parameters). */
export type Removal = {
  readonly part: CallPart
  readonly kind: RemovalKind
  readonly count: number
  readonly paths: readonly string[]
}

/** Notes removals while an entry is made. */
export type Removals = {
  note(part: CallPart, kind: RemovalKind, path: string): void
  all(): readonly Removal[]
}

const MOST_PATHS = 10

export function createRemovals(): Removals {
  const noted = new Map<string, { part: CallPart; kind: RemovalKind; count: number; paths: string[] }>()
  return {
    note(part, kind, path) {
      const key = `${part} ${kind}`
      const removal = noted.get(key) ?? { part, kind, count: 0, paths: [] }
      removal.count += 1
      if (removal.paths.length < MOST_PATHS) removal.paths.push(path)
      noted.set(key, removal)
    },
    all: () => [...noted.values()],
  }
}
