import type { FlatHeaders } from '../../domain/flat-headers.ts'
import type { RequestContext } from '../../domain/request-context.ts'
import type { Ports } from '../../ports/index.ts'
import type { FreshToken } from '../token/fresh-token.ts'
import { targetOf } from '../token/open-client.ts'
import { type Aimed, aim } from './aim-call.ts'
import { noteNonce, proveCall } from './prove-call.ts'

export type WholeCall = {
  readonly method: string
  /** Under the base URL, without the slash in front, query and all. */
  readonly remainder: string
  readonly headers: FlatHeaders
  readonly body?: string | undefined
  readonly deadlineMs: number
  readonly maxBytes: number
}

/**
 * Sends one call with one connection's token and reads its answer whole: with the client certificate, and with a proof where the token is bound
 * (RFC 9449), sent once more where the API wants its nonce. Throws `target_not_allowed` and what an outbound request throws.
 */
export async function sendWholeCall(
  ports: Pick<Ports, 'clock' | 'outbound' | 'provider'>,
  context: Pick<RequestContext, 'organization'>,
  token: FreshToken,
  call: WholeCall,
): Promise<Response> {
  const target = aim(token, call)
  const first = await send(target)
  const nonce = first.headers.get('dpop-nonce') ?? undefined
  const isNewNonce = isBound(token) && noteNonce(token, target.url, nonce)
  return isNewNonce && first.status === 401 ? send(target) : first

  async function send({ url, headers }: Aimed): Promise<Response> {
    const proof = isBound(token) ? await proveCall(ports, context, token, { method: call.method, url }) : []
    const { credentials, connector } = token
    return ports.outbound.fetch({
      target:
        credentials === null
          ? { orgSlug: context.organization.slug }
          : targetOf(context, connector, credentials, 'api'),
      method: call.method,
      url,
      headers: record([...headers, ...proof]),
      ...(call.body === undefined ? {} : { body: call.body }),
      deadlineMs: call.deadlineMs,
      maxBytes: call.maxBytes,
      redirects: 'refuse',
    })
  }
}

const isBound = ({ connector }: FreshToken): boolean => connector.definition.auth.dpop !== undefined

/** Of a flat list. Answers are decoded on the way, so that the caller names no encoding. */
function record(flat: readonly string[]): Record<string, string> {
  const headers: Record<string, string> = {}
  for (let at = 0; at < flat.length; at += 2) {
    const name = flat[at] ?? ''
    if (name.toLowerCase() !== 'accept-encoding') headers[name] = flat[at + 1] ?? ''
  }
  return headers
}
