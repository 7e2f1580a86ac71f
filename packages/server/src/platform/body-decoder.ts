import { brotliDecompressSync, constants, gunzipSync, inflateSync } from 'node:zlib'
import type { BodyDecoder } from '../ports/body-decoder.ts'

const ZLIB: Readonly<Record<string, typeof gunzipSync>> = {
  gzip: gunzipSync,
  'x-gzip': gunzipSync,
  deflate: inflateSync,
}

/** Decompresses with node:zlib; a beginning that was cut gives what it holds. */
export const bodyDecoder: BodyDecoder = {
  decode(bytes, contentEncoding, mostBytes) {
    const coding = contentEncoding.trim().toLowerCase()
    if (coding === '' || coding === 'identity') return bytes
    try {
      if (coding === 'br')
        return brotliDecompressSync(bytes, {
          maxOutputLength: mostBytes,
          finishFlush: constants.BROTLI_OPERATION_FLUSH,
        })
      return ZLIB[coding]?.(bytes, { maxOutputLength: mostBytes, finishFlush: constants.Z_SYNC_FLUSH })
    } catch {
      return undefined
    }
  },
}
