import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

/** A receiver of webhooks that answers as it is told. */
export type Receiver = AsyncDisposable & {
  readonly url: string
  /** What lets Behalf call it. */
  readonly allow: string
  answers(status: number): void
  /** `webhook-id` of every message that came. */
  ids(): readonly string[]
}

export async function startReceiver(): Promise<Receiver> {
  let status = 204
  const ids: string[] = []
  const server = createServer((request, response) => {
    ids.push(String(request.headers['webhook-id']))
    request.resume().on('end', () => response.writeHead(status).end())
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}/hooks`,
    allow: `127.0.0.1/32:${port}`,
    answers: next => {
      status = next
    },
    ids: () => ids,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      await new Promise(resolve => server.close(resolve))
    },
  }
}
