import { BrokerError } from '../../domain/broker-error.ts'
import { type CheckResult, findingsOf } from '../../domain/check.ts'
import { secret } from '../../domain/secret.ts'
import type { Ports } from '../../ports/index.ts'
import type { Patient } from './patient.ts'

const { passed, failed, warning, skipped } = findingsOf('redirect_uri')
const DEADLINE_MS = 10_000
const MOST_BYTES = 262_144
const REGISTER = (redirectUri: string) => `Register exactly ${redirectUri} at the provider.`

/**
 * Asks the authorization endpoint as a browser without a session would (RFC 6749 4.1.1). A provider that knows the redirect URI shows its
 * sign-in or answers to it; one that does not must not send the browser there (RFC 6749 4.1.2.1).
 */
export async function checkRedirectUri(
  ports: Pick<Ports, 'clock' | 'entropy' | 'outbound' | 'provider'>,
  { client, redirectUri }: Patient,
): Promise<readonly CheckResult[]> {
  const { auth } = client.definition
  const sent = `GET the authorization endpoint: redirect_uri=${redirectUri}`
  try {
    const url = await ports.provider.authorizationUrl(client, {
      redirectUri,
      state: ports.entropy.randomToken(),
      verifier: auth.pkce === 'none' ? null : secret(ports.entropy.randomToken(48)),
      scope: [...new Set([...auth.scope, ...auth.refresh_scope])],
      now: ports.clock.now(),
    })
    const response = await ports.outbound.fetch({
      target: client.target,
      method: 'GET',
      url,
      headers: { accept: 'text/html,*/*', 'user-agent': 'Mozilla/5.0 (Behalf)' },
      deadlineMs: DEADLINE_MS,
      maxBytes: MOST_BYTES,
      redirects: 'refuse',
    })
    return [judge(response, await response.text(), { sent, redirectUri })]
  } catch (error) {
    if (!(error instanceof BrokerError)) throw error
    return [
      skipped('redirect_uri', { sent, answered: error.message, advice: 'The authorization endpoint did not tell.' }),
    ]
  }
}

function judge(
  response: Response,
  page: string,
  { sent, redirectUri }: { readonly sent: string; readonly redirectUri: string },
): CheckResult {
  const answered = `HTTP ${response.status}`
  const location = response.headers.get('location') ?? ''
  if (location.startsWith(redirectUri)) {
    const error = new URL(location).searchParams.get('error')
    if (error === null || !/redirect/i.test(error))
      return passed('redirect_uri', { sent, answered: `${answered} to it` })
    return failed('redirect_uri', {
      sent,
      answered: `${answered}, ${error.slice(0, 100).replace(/[^\x21-\x7e]/g, '')}`,
      advice: REGISTER(redirectUri),
    })
  }
  if (response.status >= 400) {
    const names = /redirect[_ ]?ur[il]|callback/i.test(page)
    const finding = names ? failed : warning
    return finding('redirect_uri', {
      sent,
      answered: names ? `${answered}, a page about the redirect URI` : answered,
      advice: names
        ? REGISTER(redirectUri)
        : 'The authorization endpoint refused the request: look at the client ID and the scopes.',
    })
  }
  if (/error|invalid_redirect|redirect_uri_mismatch/i.test(location) && /redirect/i.test(location))
    return failed('redirect_uri', { sent, answered: `${answered} to a page of errors`, advice: REGISTER(redirectUri) })
  return passed('redirect_uri', { sent, answered: `${answered}, a sign-in as far as can be told` })
}
