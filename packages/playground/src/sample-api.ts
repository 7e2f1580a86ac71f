import type { IncomingMessage, ServerResponse } from 'node:http'
import type Provider from 'oidc-provider'

const CONTACTS = [
  { id: 1, name: 'Mira Holt', company: 'Lumen Works' },
  { id: 2, name: 'Jonas Beck', company: 'Northwind' },
]
const MOST_BYTES = 4 * 1024 ** 3
const CHUNK = Buffer.alloc(64 * 1024, 'behalf ')

/** The sample system's API under `/api`: `GET /me`, `GET /contacts?company=`, `POST /contacts`, `ANY /echo`, `GET /stream?bytes=N`. */
export function createSampleApi(provider: Provider) {
  return async function sampleApi(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', 'http://localhost')
    const given = /^Bearer ([\w.~+/-]+=*)$/.exec(request.headers.authorization ?? '')?.[1]
    const token = given === undefined ? undefined : await provider.AccessToken.find(given)
    if (token === undefined || !token.isValid) {
      response.setHeader('www-authenticate', 'Bearer error="invalid_token"')
      return json(response, 401, { error: 'invalid_token' })
    }
    const scopes = [...token.scopes]
    const route = `${request.method} ${url.pathname.slice('/api'.length)}`
    if (route === 'GET /me') return json(response, 200, { id: token.accountId, email: token.accountId, scopes })
    if (route === 'GET /contacts') {
      const company = url.searchParams.get('company')
      const found = CONTACTS.filter(contact => company === null || contact.company === company)
      return scopes.includes('contacts.read') ? json(response, 200, found) : forbidden(response, 'contacts.read')
    }
    if (route === 'POST /contacts')
      return scopes.includes('contacts.write')
        ? json(response, 201, await readJson(request))
        : forbidden(response, 'contacts.write')
    if (route.endsWith(' /echo')) return echo(request, response)
    if (route === 'GET /stream') return stream(response, Number(url.searchParams.get('bytes') ?? 0))
    json(response, 404, { error: 'not_found' })
  }
}

const forbidden = (response: ServerResponse, scope: string): void =>
  json(response, 403, { error: 'insufficient_scope', scope })

function json(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json; charset=utf-8' }).end(JSON.stringify(body))
}

async function read(request: IncomingMessage): Promise<string> {
  let text = ''
  for await (const chunk of request) text += String(chunk)
  return text
}

async function readJson(request: IncomingMessage): Promise<unknown> {
  try {
    return JSON.parse(await read(request)) as unknown
  } catch {
    return {}
  }
}

async function echo(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { authorization: _, ...headers } = request.headers
  json(response, 200, { method: request.method, url: request.url, headers, body: await read(request) })
}

function stream(response: ServerResponse, bytes: number): void {
  let left = Math.min(Number.isFinite(bytes) ? bytes : 0, MOST_BYTES)
  response.writeHead(200, { 'content-type': 'application/octet-stream', 'content-length': left })
  const more = (): void => {
    while (left > 0 && !response.destroyed) {
      const chunk = left < CHUNK.length ? CHUNK.subarray(0, left) : CHUNK
      left -= chunk.length
      if (!response.write(chunk)) return void response.once('drain', more)
    }
    if (left === 0) response.end()
  }
  more()
}
