import { BrokerError } from '../../domain/broker-error.ts'
import type { Connector } from '../../domain/connector.ts'
import { requestHeaders } from '../../domain/gateway-headers.ts'
import { gatewayTarget } from '../../domain/gateway-target.ts'
import { reveal, type Secret } from '../../domain/secret.ts'
import type { OutgoingCall } from './call-provider.ts'

/** The URL and the headers of a call, credential last. Throws `target_not_allowed`. */
export function aim(
  connector: Connector,
  call: Pick<OutgoingCall, 'remainder' | 'headers'>,
  accessToken: Secret,
): { readonly url: string; readonly headers: string[] } {
  const { base_url, auth } = connector.definition
  const { injection } = auth
  const dropped = ['access_token', ...('query' in injection ? [injection.query] : [])]
  const target = gatewayTarget(base_url, call.remainder, dropped)
  if (target.kind === 'refused')
    throw new BrokerError('target_not_allowed', { detail: 'The path leaves what the connector was granted for.' })
  if ('query' in injection) {
    const mark = target.url.includes('?') ? '&' : '?'
    // SECURITY: the connector chose the query; this URL is never logged.
    const url = `${target.url}${mark}${injection.query}=${encodeURIComponent(reveal(accessToken))}`
    return { url, headers: requestHeaders(call.headers, null) }
  }
  const credential = { name: injection.header, value: injection.value.replace('%s', () => reveal(accessToken)) }
  return { url: target.url, headers: requestHeaders(call.headers, credential) }
}
