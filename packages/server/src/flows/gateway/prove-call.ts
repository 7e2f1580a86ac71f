import type { RequestContext } from '../../domain/request-context.ts'
import type { Ports } from '../../ports/index.ts'
import type { FreshToken } from '../token/fresh-token.ts'

const MOST_NONCES = 1_000
const nonces = new Map<string, string>()
const keyOf = ({ connector }: FreshToken, url: string): string => `${connector.id} ${new URL(url).origin}`

/** The DPoP header of one call, with the nonce the API gave last (RFC 9449 7 and 9). Throws `connector_misconfigured`. */
export async function proveCall(
  { clock, provider }: Pick<Ports, 'clock' | 'provider'>,
  { organization }: Pick<RequestContext, 'organization'>,
  token: FreshToken,
  { method, url }: { readonly method: string; readonly url: string },
): Promise<readonly string[]> {
  const client = {
    definition: token.connector.definition,
    credentials: token.credentials ?? { clientSecret: null },
    target: { orgSlug: organization.slug },
  }
  const nonce = nonces.get(keyOf(token, url)) ?? null
  const proof = await provider.proof(client, { method, url, accessToken: token.accessToken, nonce, now: clock.now() })
  return ['DPoP', proof]
}

/** Keeps a nonce for the next proof; true where it is new to us. */
export function noteNonce(token: FreshToken, url: string, nonce: string | undefined): boolean {
  if (nonce === undefined || !/^[\x21\x23-\x5b\x5d-\x7e]{1,500}$/.test(nonce)) return false
  const key = keyOf(token, url)
  const isNew = nonces.get(key) !== nonce
  nonces.delete(key)
  nonces.set(key, nonce)
  if (nonces.size > MOST_NONCES) nonces.delete(nonces.keys().next().value ?? key)
  return isNew
}
