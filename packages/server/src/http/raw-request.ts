import type { IncomingMessage, ServerResponse } from 'node:http'
import { type AddressRange, isInRange, parseAddress } from '../domain/ip-address.ts'
import { toProblem } from './problem.ts'

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
