import { createServer, type Server } from 'node:http'

export type Operations = {
  /** Null while all is well, else what is not, in one word. */
  readonly notReady: () => Promise<string | null>
  readonly metrics: () => Promise<string>
  readonly metricsType: string
}

/** Liveness, readiness and Prometheus metrics, on a port of their own. Answers are status words: no id, no version, no name. */
export function createOperationsServer({ notReady, metrics, metricsType }: Operations): Server {
  return createServer((request, response) => {
    const send = (status: number, body: string, type = 'text/plain; charset=utf-8') =>
      response
        .writeHead(status, { 'content-type': type, 'cache-control': 'no-store', 'x-content-type-options': 'nosniff' })
        .end(body)
    const answer = async () => {
      if (request.method !== 'GET' && request.method !== 'HEAD') return send(405, 'method not allowed\n')
      if (request.url === '/health') return send(200, 'ok\n')
      if (request.url === '/ready') {
        const reason = await notReady()
        return reason === null ? send(200, 'ready\n') : send(503, `${reason}\n`)
      }
      if (request.url === '/metrics') return send(200, await metrics(), metricsType)
      return send(404, 'not found\n')
    }
    answer().catch(() => send(500, 'error\n'))
  })
}
