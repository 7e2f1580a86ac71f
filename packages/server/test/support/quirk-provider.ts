import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

/** What one endpoint of a provider answers, one after the other; the last one stays. */
export type QuirkAnswer = {
  readonly status?: number
  readonly headers?: Readonly<Record<string, string>>
  /** An object is sent as JSON, text as it is. */
  readonly body?: unknown
  /** Nothing comes after this much of the answer. */
  readonly stalls?: 'before_head' | 'after_body'
}
/** How a provider behaves, as data: it knows nothing of connectors. */
export type QuirkBehaviour = {
  /** What the callback carries besides state and code, and what the code is called. */
  readonly callback?: Readonly<Record<string, string>>
  readonly codeParam?: string
  readonly stateParam?: string
  /** `METHOD /path` (without the provider's own prefix and the query) -> answers. */
  readonly endpoints: Readonly<Record<string, QuirkAnswer | readonly QuirkAnswer[]>>
}
export type SeenQuirk = {
  readonly method: string
  /** Path and query, without the provider's own prefix. */
  readonly url: string
  readonly path: string
  readonly query: URLSearchParams
  readonly headers: IncomingMessage['headers']
  readonly body: string
}
export type QuirkProvider = AsyncDisposable & {
  /** `http://127.0.0.1:port/{name}` */
  origin(name: string): string
  readonly host: string
  behave(name: string, behaviour: QuirkBehaviour): void
  /** What a provider received, `METHOD /path` of each. */
  seen(name: string, endpoint: string): readonly SeenQuirk[]
}

/** Many odd providers behind one port, each under its own path, each told by data what it answers. */
export async function startQuirkProvider(): Promise<QuirkProvider> {
  const behaviours = new Map<string, QuirkBehaviour>()
  const received = new Map<string, SeenQuirk[]>()
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk as Buffer)
    const [, name = '', rest = ''] = /^\/([^/?]+)(.*)$/s.exec(request.url ?? '') ?? []
    const { method = '', headers } = request
    const [path = '', query = ''] = rest.split('?', 2)
    const seen = {
      method,
      url: rest,
      path,
      query: new URLSearchParams(query),
      headers,
      body: Buffer.concat(chunks).toString(),
    }
    received.set(name, [...(received.get(name) ?? []), seen])
    const behaviour = behaviours.get(name)
    if (behaviour === undefined) return send(response, { status: 404 })
    if (path === '/auth') return consent(response, behaviour, seen)
    const count = (received.get(name) ?? []).filter(one => one.method === method && one.path === path).length
    const answers = [
      behaviour.endpoints[`${method} ${path}`] ?? (path.startsWith('/api') ? { body: { ok: true } } : { status: 404 }),
    ].flat()
    send(response, answers[Math.min(count, answers.length) - 1] ?? {})
  })
  // A socket that is closed as it is used again fails a request that nobody made to fail.
  server.keepAliveTimeout = 0
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const host = `127.0.0.1:${(server.address() as AddressInfo).port}`
  return {
    host,
    origin: name => `http://${host}/${name}`,
    behave: (name, behaviour) => void behaviours.set(name, behaviour),
    seen: (name, endpoint) => (received.get(name) ?? []).filter(({ method, path }) => `${method} ${path}` === endpoint),
    [Symbol.asyncDispose]: () =>
      new Promise<void>(resolve => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

/** Everybody agrees at once. */
function consent(
  response: ServerResponse,
  { callback = {}, codeParam = 'code', stateParam = 'state' }: QuirkBehaviour,
  { query }: SeenQuirk,
): void {
  const back = new URL(
    query.get('redirect_uri')?.startsWith('http') ? (query.get('redirect_uri') ?? '') : 'http://nowhere.invalid',
  )
  back.searchParams.set(codeParam, 'the-code')
  back.searchParams.set('state', query.get(stateParam) ?? '')
  for (const [name, value] of Object.entries(callback)) back.searchParams.set(name, value)
  response.writeHead(302, { location: back.href }).end()
}

function send(response: ServerResponse, { status = 200, headers = {}, body, stalls }: QuirkAnswer): void {
  if (stalls === 'before_head') return
  const text = body === undefined ? '' : typeof body === 'string' ? body : JSON.stringify(body)
  const type = typeof body === 'string' || body === undefined ? {} : { 'content-type': 'application/json' }
  response.writeHead(status, { ...type, ...headers })
  if (stalls === undefined) response.end(text)
  else response.write(text)
}
