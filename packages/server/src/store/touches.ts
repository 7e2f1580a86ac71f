import type { Engine, Statement } from './engine.ts'

const FLUSH_MS = 1_000

/** "Last used" marks: kept back, one per row, and written together, so that no call on a hot path waits for one. */
export type Touches = AsyncDisposable & {
  note(row: string, write: () => Statement): void
  flush(): Promise<void>
}

export function createTouches(engine: Pick<Engine, 'write'>): Touches {
  let noted = new Map<string, () => Statement>()
  const timer = setInterval(() => void flush(), FLUSH_MS).unref()

  async function flush(): Promise<void> {
    if (noted.size === 0) return
    // In one order everywhere: two nodes that mark the same rows never wait for each other.
    const writes = [...noted].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, write]) => write())
    noted = new Map()
    // A lost mark is made again by the next use.
    await engine.write(writes).catch(() => undefined)
  }

  return {
    note: (row, write) => void noted.set(row, write),
    flush,
    async [Symbol.asyncDispose]() {
      clearInterval(timer)
      await flush()
    },
  }
}
