import type { Transform } from 'node:stream'
import { createBrotliDecompress, createGunzip, createInflate } from 'node:zlib'
import { BrokerError } from '../domain/broker-error.ts'
import { pairsOf } from '../domain/flat-headers.ts'
import type { Outbound, OutboundRequest } from '../ports/outbound.ts'
import { failed, OutboundFault, refused } from './refusal.ts'

const MAX_HOPS = 3
const LONGEST_MS = 30_000
const MOST_BYTES = 1_048_576
const DECODERS: Readonly<Record<string, () => Transform>> = {
  gzip: createGunzip,
  'x-gzip': createGunzip,
  deflate: createInflate,
  br: createBrotliDecompress,
}

type Answer = { readonly status: number; readonly headers: Headers; readonly body: Buffer }

/** Whole requests and whole answers: bounded in time from name to last byte, and in decoded bytes. */
export function createFetch(stream: Outbound['stream']): Outbound['fetch'] {
  return async function fetch(request) {
    const until = performance.now() + Math.min(request.deadlineMs, LONGEST_MS)
    let url = request.url
    for (let hops = 0; ; hops += 1) {
      const answer = await once(request, url, until)
      const next = request.redirects === 'same-origin' ? sameOriginRedirect(answer, url) : undefined
      if (next === undefined || hops === MAX_HOPS || request.method !== 'GET') return toResponse(answer)
      url = next
    }
  }

  function once(request: OutboundRequest, url: string, until: number): Promise<Answer> {
    const { promise, resolve, reject } = Promise.withResolvers<Answer>()
    let head: { status: number; headers: Headers } | undefined
    let sizeLeft = Math.min(request.maxBytes, MOST_BYTES)
    let decoders: readonly Transform[] = []
    const chunks: Buffer[] = []
    const leftMs = Math.max(1, until - performance.now())
    const headers = ['accept-encoding', 'gzip, br', ...Object.entries(request.headers).flat()]
    const body = request.body === undefined ? {} : { body: Buffer.from(request.body, 'utf8') }
    const call = stream(
      {
        target: request.target,
        method: request.method,
        url,
        headers,
        ...body,
        headDeadlineMs: leftMs,
        idleMs: LONGEST_MS,
        mayWrite: () => true,
      },
      {
        onHead(status, raw) {
          head = { status, headers: new Headers(pairsOf(raw).map(pair => [...pair])) }
          const codings = (head.headers.get('content-encoding') ?? '').split(',').map(part => part.trim().toLowerCase())
          const named = codings.filter(coding => coding !== '' && coding !== 'identity')
          // Counted before any is made: thousands of stacked encodings cost nothing.
          if (named.length > 1) return stop(unusable('content_encoding'))
          const made = named.map(coding => DECODERS[coding]?.())
          if (made.includes(undefined)) return stop(unusable('content_encoding'))
          decoders = made.filter(decoder => decoder !== undefined)
          for (const decoder of decoders)
            decoder
              .on('data', keep)
              .on('error', () => stop(unusable('content_encoding')))
              .on('end', done)
        },
        onData(chunk) {
          const [decoder] = decoders
          if (decoder === undefined) keep(chunk)
          else if (!decoder.write(chunk)) {
            decoder.once('drain', () => call.resume())
            return false
          }
          return true
        },
        onEnd: () => (decoders[0] === undefined ? done() : decoders[0].end()),
        onError: stop,
      },
    )
    // The whole exchange has one deadline, a trickle of bytes included.
    const timer = setTimeout(
      () => call.abort(failed('body', Object.assign(new Error('late'), { code: 'TIMEOUT' }))),
      leftMs,
    )
    return promise.finally(() => clearTimeout(timer))

    function keep(chunk: Uint8Array): void {
      sizeLeft -= chunk.length
      if (sizeLeft < 0) stop(unusable('too_large'))
      else chunks.push(Buffer.from(chunk))
    }
    function stop(error: unknown): void {
      for (const decoder of decoders) decoder.destroy()
      reject(failed('body', error))
      call?.abort(error)
    }
    function done(): void {
      if (head === undefined) reject(unusable('no_head'))
      else resolve({ ...head, body: Buffer.concat(chunks) })
    }
  }
}

const unusable = (code: string): BrokerError =>
  new BrokerError('provider_invalid_response', {
    detail: 'The provider answered something unusable.',
    cause: new OutboundFault('body', code),
  })

function sameOriginRedirect({ status, headers }: Answer, from: string): string | undefined {
  const location = headers.get('location')
  if (![301, 302, 303, 307, 308].includes(status) || location === null) return undefined
  const next = URL.parse(location, from)
  if (next === null || next.origin !== new URL(from).origin) throw refused('redirect elsewhere')
  return next.href
}

function toResponse({ status, headers, body }: Answer): Response {
  const plain = new Headers(headers)
  plain.delete('content-encoding')
  plain.delete('content-length')
  if (status < 200 || status > 599) throw unusable('status')
  const empty = status === 204 || status === 205 || status === 304
  return new Response(empty ? null : new Uint8Array(body), { status, headers: plain })
}
