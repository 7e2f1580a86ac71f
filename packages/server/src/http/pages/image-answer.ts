import { BrokerError } from '../../domain/broker-error.ts'
import type { Icon } from '../../domain/icon.ts'

/** An uploaded image from our own origin. Throws `not_found` where there is none. */
export function imageAnswer(image: Icon | undefined, known: string | undefined): Response {
  if (image === undefined) throw new BrokerError('not_found')
  const etag = `"${image.hash}"`
  // SECURITY: an SVG opened by itself runs nothing, whatever it holds: no script, no style from elsewhere, in no origin.
  const headers = {
    'content-type': image.mediaType,
    'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'; sandbox",
    'x-content-type-options': 'nosniff',
    'cache-control': 'private, max-age=300',
    etag,
  }
  if (known === etag) return new Response(null, { status: 304, headers })
  return new Response(new Uint8Array(image.bytes), { headers })
}
