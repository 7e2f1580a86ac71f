import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

export type SeenScript = {
  readonly method: string
  readonly url: string
  readonly headers: IncomingHttpHeaders
  readonly body: string
}
export type Reply = {
  readonly status?: number
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string | Buffer
}
export type ScriptedServer = AsyncDisposable & {
  readonly url: string
  readonly seen: SeenScript[]
  /** What every later request gets; a function may answer by itself and return undefined. */
  reply(next: Reply | ((request: SeenScript, response: ServerResponse) => Reply | undefined)): void
}

/** A server that answers whatever a test says, however broken. */
export async function scriptedServer(): Promise<ScriptedServer> {
  let next: Reply | ((request: SeenScript, response: ServerResponse) => Reply | undefined) = {}
  const seen: SeenScript[] = []
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk as Buffer)
    const { method = '', url = '', headers } = request
    const one = { method, url, headers, body: Buffer.concat(chunks).toString('utf8') }
    seen.push(one)
    const reply = typeof next === 'function' ? next(one, response) : next
    if (reply === undefined) return
    response.writeHead(reply.status ?? 200, reply.headers ?? { 'content-type': 'application/json' })
    response.end(reply.body ?? '')
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    seen,
    reply(wanted) {
      next = wanted
    },
    [Symbol.asyncDispose]: () =>
      new Promise<void>(resolve => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}
