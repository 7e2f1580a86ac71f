import type { IncomingMessage } from 'node:http'

/** One request that a sample server saw; for tests that count them. Bodies and credentials are not kept. */
export type SeenRequest = {
  readonly number: number
  readonly at: number
  readonly method: string
  readonly path: string
  readonly grantType: string | null
}

export type RequestLog = {
  note(request: IncomingMessage, grantType?: string | null): void
  all(): readonly SeenRequest[]
}

export function createRequestLog(): RequestLog {
  const seen: SeenRequest[] = []
  return {
    note(request, grantType = null) {
      const path = (request.url ?? '/').split('?')[0] ?? '/'
      seen.push({ number: seen.length + 1, at: Date.now(), method: request.method ?? 'GET', path, grantType })
      if (seen.length > 50_000) seen.shift()
    },
    all: () => [...seen],
  }
}
