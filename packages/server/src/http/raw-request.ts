import type { IncomingMessage, ServerResponse } from 'node:http'
import type { HeaderPair } from '../domain/gateway-headers.ts'
import { type AddressRange, isInRange, parseAddress } from '../domain/ip-address.ts'
import { toProblem } from './problem.ts'

/** A request's headers as they came, in pairs. */
export function headerPairs({ rawHeaders }: IncomingMessage): HeaderPair[] {
  const pairs: HeaderPair[] = []
  for (let at = 0; at < rawHeaders.length; at += 2) pairs.push([rawHeaders[at] ?? '', rawHeaders[at + 1] ?? ''])
  return pairs
}

/** A header that may come once: its value, undefined where there is none, null where it came more often. */
export function onlyHeader(headers: readonly HeaderPair[], name: string): string | undefined | null {
  let only: string | undefined
  for (const [given, value] of headers) {
    if (given.length !== name.length || given.toLowerCase() !== name) continue
    if (only !== undefined) return null
    only = value
  }
  return only
}

/** The client's address: the socket's, or, behind proxies that are believed, the last address that is not one of theirs. */
export function clientAddress(
  request: Pick<IncomingMessage, 'socket' | 'headers'>,
  trusted: readonly AddressRange[],
): string | null {
  const believed = (text: string) => {
    const address = parseAddress(text)
    return address !== undefined && trusted.some(range => isInRange(address, range))
  }
  const peer = request.socket.remoteAddress ?? null
  if (peer === null || trusted.length === 0 || !believed(peer)) return peer
  const forwarded = String(request.headers['x-forwarded-for'] ?? '')
    .split(',')
    .map(part => part.trim())
    .reverse()
  const client = forwarded.find(part => !believed(part))
  return client !== undefined && parseAddress(client) !== undefined ? client : peer
}

/** Answers a problem on a raw response and closes where the request's body was not read to its end. */
export function sendProblem(
  request: IncomingMessage,
  response: ServerResponse,
  thrown: unknown,
  where: { readonly baseUrl: string; readonly requestId: string },
): void {
  const { status, headers, body } = toProblem(thrown, where)
  const unread =
    !request.complete &&
    request.headers['content-length'] !== '0' &&
    (request.headers['content-length'] ?? request.headers['transfer-encoding']) !== undefined
  const text = JSON.stringify(body)
  response.writeHead(status, {
    ...headers,
    'content-length': Buffer.byteLength(text),
    'x-content-type-options': 'nosniff',
    'content-security-policy': "default-src 'none'; frame-ancestors 'none'; sandbox",
    'behalf-answered-by': 'behalf',
    ...(unread ? { connection: 'close' } : {}),
  })
  response.end(request.method === 'HEAD' ? undefined : text)
}
