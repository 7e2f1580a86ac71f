import type { HeaderPair } from '../../domain/gateway-headers.ts'
import type { CapturedBody } from '../../domain/redaction/redact-body.ts'
import type { Ports } from '../../ports/index.ts'

/** How much of a body is looked at, each way. */
const MOST_BYTES = 16_384
/** How much of it may come out of decompressing that. */
const MOST_DECODED = 1_048_576

/** Keeps the beginning of a body while it passes. */
export type BodyCapture = { take(chunk: Uint8Array): void; read(headers: readonly HeaderPair[]): CapturedBody }

export function captureBody({ bodyDecoder }: Pick<Ports, 'bodyDecoder'>): BodyCapture {
  const chunks: Uint8Array[] = []
  let [kept, isCut] = [0, false]
  return {
    take(chunk) {
      const room = MOST_BYTES - kept
      if (chunk.length > room) isCut = true
      if (room <= 0) return
      // Copied: the chunk's memory is its giver's.
      chunks.push(Uint8Array.from(chunk.subarray(0, room)))
      kept += Math.min(room, chunk.length)
    },
    read(headers) {
      const whole = new Uint8Array(kept)
      let at = 0
      for (const chunk of chunks) {
        whole.set(chunk, at)
        at += chunk.length
      }
      const decoded = bodyDecoder.decode(whole, header(headers, 'content-encoding') ?? '', MOST_DECODED)
      return {
        bytes: (decoded ?? new Uint8Array()).subarray(0, MOST_BYTES),
        isCut: isCut || (decoded?.length ?? 0) > MOST_BYTES,
        contentType: header(headers, 'content-type'),
        isOpaque: decoded === undefined,
      }
    },
  }
}

const header = (headers: readonly HeaderPair[], wanted: string): string | null =>
  headers.find(([name]) => name.toLowerCase() === wanted)?.[1] ?? null
