import type { ConnectorCheckAsked } from '@behalf/contract'
import { type CheckResult, findingsOf, inWords } from '../../domain/check.ts'
import { endpointTemplate } from '../../domain/endpoints.ts'
import type { ExchangeOutcome, ProviderError } from '../../domain/outcome.ts'
import { secret } from '../../domain/secret.ts'
import { fillUrl } from '../../domain/template.ts'
import type { Ports } from '../../ports/index.ts'
import type { Patient } from './patient.ts'

type Method = ConnectorCheckAsked['client_authentication'][number]

const { passed, failed, warning, skipped } = findingsOf('client_authentication')
/** How providers say that a code is none of theirs: they have read it, so the client was accepted. */
const CODE_REFUSED = /^(invalid_grant|bad_verification_code|invalid_code|code_expired|invalid_authorization_code)$/i

/**
 * Exchanges a made-up code: `invalid_grant` says that the client was accepted, `invalid_client` that it was not (RFC 6749 5.2). One request for
 * the configured method and one for each that was asked for, never more: a wrong guess counts as a failed sign-in at some providers.
 */
export async function checkClientAuthentication(
  ports: Pick<Ports, 'clock' | 'entropy' | 'provider'>,
  { client, redirectUri, metadata }: Patient,
  asked: readonly Method[],
): Promise<readonly CheckResult[]> {
  const { auth, variables } = client.definition
  const template = endpointTemplate(client.definition, 'token_url') ?? ''
  if (fillUrl(template, client.values ?? {}, variables) === undefined)
    return [
      skipped('token_url', { advice: 'A variable of it has no value yet: give the check one, as a person would.' }),
    ]
  const methods = [auth.client_authentication, ...asked.filter(method => method !== auth.client_authentication)]
  const results: CheckResult[] = []
  for (const method of methods) {
    const { second_exchange: _, ...single } = auth
    const definition = { ...client.definition, auth: { ...single, client_authentication: method } }
    const outcome = await ports.provider.exchangeCode(
      { ...client, definition },
      {
        code: secret(`behalf-check-${ports.entropy.randomToken()}`),
        redirectUri,
        verifier: auth.pkce === 'none' ? null : secret(ports.entropy.randomToken(48)),
        receivedAt: ports.clock.now,
      },
    )
    results.push(
      judge(method, outcome, {
        isConfigured: method === auth.client_authentication,
        known: knownMethods(metadata),
        verb: auth.token_request.method,
        grantType: auth.token_request.grant_type ?? 'authorization_code',
      }),
    )
  }
  return results
}

type Circumstances = {
  readonly isConfigured: boolean
  readonly known: string
  readonly verb: string
  readonly grantType: string
}

function judge(
  method: Method,
  outcome: ExchangeOutcome,
  { isConfigured, known, verb, grantType }: Circumstances,
): CheckResult {
  const sent = `${verb} the token endpoint: grant_type=${grantType}, code=[made up], client by ${method}`
  const refusedAs = isConfigured ? failed : warning
  switch (outcome.kind) {
    case 'granted':
      return failed(method, {
        sent,
        answered: 'a token',
        advice: 'The provider gave a token for a made-up code: do not use it.',
      })
    case 'unavailable':
      return refusedAs(method, { sent, answered: outcome.reason, advice: 'The token endpoint gave no usable answer.' })
    case 'client_rejected': {
      const advice = `Look at the client ID and secret, or at the method.${known}`
      return refusedAs(method, { sent, answered: inWords(outcome.error), advice })
    }
    case 'rejected':
      return readRejection(method, sent, outcome.error)
  }
}

function readRejection(method: Method, sent: string, error: ProviderError): CheckResult {
  const answered = inWords(error)
  if (CODE_REFUSED.test(error.error)) return passed(method, { sent, answered })
  if (/redirect/i.test(answered))
    return warning(method, {
      sent,
      answered,
      advice: 'The redirect URI was refused before the client was judged: register it first.',
    })
  return warning(method, {
    sent,
    answered,
    advice: 'The answer does not tell whether the client was accepted: read it, and connect once yourself.',
  })
}

const knownMethods = (metadata: Patient['metadata']): string =>
  metadata === null || metadata.client_authentication_methods.length === 0
    ? ''
    : ` The provider publishes ${metadata.client_authentication_methods.slice(0, 8).join(', ')}.`
