/** Work that a node which stops waits for: a refresh token or a code was spent for it, and what comes is not stored yet. */
export type UnderWay = {
  add<Made>(work: Promise<Made>): Promise<Made>
  /** Resolves once none is under way, however each of them ended. */
  ended(): Promise<void>
}

export function createUnderWay(): UnderWay {
  const open = new Set<Promise<unknown>>()
  return {
    add(work) {
      open.add(work)
      const remove = () => void open.delete(work)
      work.then(remove, remove)
      return work
    },
    async ended() {
      while (open.size > 0) await Promise.allSettled(open)
    },
  }
}
