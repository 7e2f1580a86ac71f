import { connect, createServer, type Socket } from 'node:net'

/** A wire that a test can cut. Bytes are counted over all connections since the last change. */
export type TcpProxy = AsyncDisposable & {
  readonly port: number
  /** Ends every connection and takes no other, until `restore`. */
  cut(how?: 'reset' | 'half-close' | 'silence'): void
  restore(): void
  /** Every chunk towards the caller waits this long. */
  delay(ms: number): void
  /** Where connections from now on lead to. */
  aim(port: number): void
  /** Ends some of the connections that are open now, and takes others. */
  cutOpen(which?: (at: number) => boolean): number
  /** Ends the connections that are open now in order; resolves once every caller has let go of its own. */
  closeOpen(): Promise<void>
  /** Cuts once so many bytes have gone in one direction. */
  cutAfter(bytes: number, direction: 'to server' | 'to caller'): void
}

type Pair = { readonly caller: Socket; readonly server: Socket }

/** A TCP proxy on loopback that drops, delays, half-closes and cuts at chosen bytes. */
export async function startTcpProxy(target: { readonly host: string; readonly port: number }): Promise<TcpProxy> {
  const pairs = new Set<Pair>()
  let state: 'open' | 'refusing' | 'silent' = 'open'
  let delayMs = 0
  let { port } = target
  let limit: { left: number; direction: 'to server' | 'to caller' } | undefined

  const listener = createServer({ allowHalfOpen: true }, caller => {
    if (state === 'refusing') return void caller.resetAndDestroy()
    const server = connect({ host: target.host, port, allowHalfOpen: true })
    const pair = { caller, server }
    pairs.add(pair)
    carry(caller, server, 'to server', () => 0)
    carry(server, caller, 'to caller', () => delayMs)
    const gone = () => {
      pairs.delete(pair)
      caller.destroy()
      server.destroy()
    }
    for (const socket of [caller, server]) socket.on('error', gone).on('close', gone)
  })
  await new Promise<void>(resolve => listener.listen(0, '127.0.0.1', resolve))

  function carry(from: Socket, to: Socket, direction: 'to server' | 'to caller', wait: () => number): void {
    from.on('data', (chunk: Buffer) => {
      if (state === 'silent') return
      const ms = wait()
      const part = within(chunk, direction)
      if (ms === 0) to.write(part)
      else setTimeout(() => to.write(part), ms)
      if (limit?.left === 0) cut('reset')
    })
    from.on('end', () => void (state === 'silent' || to.end()))
  }

  function within(chunk: Buffer, direction: 'to server' | 'to caller'): Buffer {
    if (limit?.direction !== direction) return chunk
    const part = chunk.subarray(0, limit.left)
    limit.left -= part.length
    return part
  }

  function cut(how: 'reset' | 'half-close' | 'silence' = 'reset'): void {
    state = how === 'silence' ? 'silent' : 'refusing'
    limit = undefined
    for (const { caller, server } of pairs) {
      if (how === 'half-close') caller.end()
      if (how === 'reset') {
        caller.resetAndDestroy()
        server.resetAndDestroy()
      }
    }
  }

  return {
    port: (listener.address() as { port: number }).port,
    cut,
    restore() {
      state = 'open'
      limit = undefined
      // What was held back or half closed is of no use any more.
      for (const { caller, server } of pairs) {
        caller.destroy()
        server.destroy()
      }
    },
    delay(ms) {
      delayMs = ms
    },
    aim(wanted) {
      port = wanted
    },
    cutOpen(which = () => true) {
      const chosen = [...pairs].filter((_, at) => which(at))
      for (const { caller, server } of chosen) {
        caller.resetAndDestroy()
        server.resetAndDestroy()
      }
      return chosen.length
    },
    async closeOpen() {
      const closed = [...pairs].map(({ caller }) => new Promise(resolve => caller.once('close', resolve).end()))
      await Promise.all(closed)
    },
    cutAfter(bytes, direction) {
      limit = { left: bytes, direction }
    },
    [Symbol.asyncDispose]: () =>
      new Promise<void>(resolve => {
        listener.close(() => resolve())
        for (const { caller, server } of pairs) {
          caller.destroy()
          server.destroy()
        }
      }),
  }
}
