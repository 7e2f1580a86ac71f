import type { IncomingMessage, ServerResponse } from 'node:http'
import { type AddressRange, isInRange, parseAddress } from '../domain/ip-address.ts'
import { toProblem } from './problem.ts'

const READ_MS = 10_000

/** The whole body of a raw request, within a bound and ten seconds. */
export function readWhole(request: IncomingMessage, mostBytes: number): Promise<Buffer | 'too_large' | 'broken_off'> {
  return new Promise(resolve => {
    const late = setTimeout(() => request.destroy(), READ_MS)
    const chunks: Buffer[] = []
    let size = 0
    const end = (read: Buffer | 'too_large' | 'broken_off') => {
      clearTimeout(late)
      resolve(read)
    }
    request.on('data', (chunk: Buffer) => {
      size += chunk.length
      if (size > mostBytes) {
        request.pause()
        end('too_large')
      } else chunks.push(chunk)
    })
    request.once('end', () => end(chunks.length === 1 && chunks[0] !== undefined ? chunks[0] : Buffer.concat(chunks)))
    request.once('error', () => end('broken_off'))
  })
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
