import { type FlatHeaders, pairsOf } from '../../domain/flat-headers.ts'
import { parsed } from '../../domain/redaction/redact-json.ts'
import type { Ports } from '../../ports/index.ts'
import { captureBody } from '../log/capture-body.ts'

/** An answer whose body may tell the rate limit, held until that is read. */
export type HeldAnswer = {
  readonly status: number
  readonly headers: FlatHeaders
  readonly chunks: readonly Uint8Array[]
  /** Keeps a piece; false once there is more than is held. */
  take(chunk: Uint8Array): boolean
  /** What it says, as JSON; undefined where it is too long or no JSON. */
  document(): unknown
}

const MOST_HELD = 16_384

export function holdAnswer(ports: Pick<Ports, 'bodyDecoder'>, status: number, headers: FlatHeaders): HeldAnswer {
  const capture = captureBody(ports)
  const chunks: Uint8Array[] = []
  let bytes = 0
  return {
    status,
    headers,
    chunks,
    take(chunk) {
      // Copied: the chunk's memory is its giver's.
      chunks.push(Uint8Array.from(chunk))
      bytes += chunk.length
      capture.take(chunk)
      return bytes <= MOST_HELD
    },
    document() {
      const { bytes: text, isCut, isOpaque } = capture.read(pairsOf(headers))
      return isCut || isOpaque ? undefined : parsed(new TextDecoder().decode(text))?.value
    },
  }
}
