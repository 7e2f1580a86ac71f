import { BrokerError } from '../../domain/broker-error.ts'
import { type CheckResult, findingsOf } from '../../domain/check.ts'
import { type Secret, secret } from '../../domain/secret.ts'
import type { Ports } from '../../ports/index.ts'
import type { Patient } from './patient.ts'
import { wordsOf } from './provider-words.ts'

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
    const { clientSecret } = client.credentials
    const secrets = clientSecret === null ? [] : [clientSecret]
    return [judge(response, await response.text(), { sent, redirectUri, secrets })]
  } catch (error) {
    if (!(error instanceof BrokerError)) throw error
    return [
      skipped('redirect_uri', { sent, answered: error.message, advice: 'The authorization endpoint did not tell.' }),
    ]
  }
}

type Asked = { readonly sent: string; readonly redirectUri: string; readonly secrets: readonly Secret[] }

function judge(response: Response, page: string, { sent, redirectUri, secrets }: Asked): CheckResult {
  const location = response.headers.get('location') ?? ''
  if (location.startsWith(redirectUri)) return judgeReturn(response.status, location, { sent, redirectUri, secrets })
  if (response.status >= 400) {
    const answered = wordsOf(response.status, page, secrets)
    if (/redirect[_ ]?ur[il]|callback/i.test(page))
      return failed('redirect_uri', { sent, answered, advice: REGISTER(redirectUri) })
    const advice = 'The authorization endpoint refused the request: look at the client ID and the scopes.'
    return warning('redirect_uri', { sent, answered, advice })
  }
  const answered = `HTTP ${response.status}`
  if (/error|invalid_redirect|redirect_uri_mismatch/i.test(location) && /redirect/i.test(location))
    return failed('redirect_uri', { sent, answered: `${answered} to a page of errors`, advice: REGISTER(redirectUri) })
  return passed('redirect_uri', { sent, answered: `${answered}, a sign-in as far as can be told` })
}

/** OpenID Connect Core 3.1.2.6: all is well, but for a person who is there. */
const NEEDS_A_PERSON = /^(login|interaction|consent|account_selection)_required$/

/** The provider sent the browser to the redirect URI, so it knows it, whatever it says of the rest (RFC 6749 4.1.2.1). */
function judgeReturn(status: number, location: string, { sent, redirectUri, secrets }: Asked): CheckResult {
  const { searchParams } = new URL(location)
  const [error, error_description] = [searchParams.get('error'), searchParams.get('error_description')]
  if (error === null) return passed('redirect_uri', { sent, answered: `HTTP ${status} to it` })
  const answered = wordsOf(status, JSON.stringify({ error, error_description }), secrets)
  if (/redirect/i.test(error)) return failed('redirect_uri', { sent, answered, advice: REGISTER(redirectUri) })
  if (NEEDS_A_PERSON.test(error)) return passed('redirect_uri', { sent, answered })
  const advice = 'The redirect URI is registered, and the provider refuses the rest: look at the scopes and parameters.'
  return warning('redirect_uri', { sent, answered, advice })
}
