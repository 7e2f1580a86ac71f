import { BrokerError } from '../../domain/broker-error.ts'
import { type CheckName, type CheckResult, findingsOf } from '../../domain/check.ts'
import { ENDPOINTS, endpointTemplate } from '../../domain/endpoints.ts'
import { revocationSteps } from '../../domain/revocation-steps.ts'
import { fillUrl } from '../../domain/template.ts'
import type { Ports } from '../../ports/index.ts'
import type { Client } from '../../ports/provider-client.ts'
import type { Patient } from './patient.ts'

const DEADLINE_MS = 10_000
const MOST_BYTES = 262_144

/** Whether each endpoint can be reached over TLS that we trust. What it answers does not matter: nothing but a bare GET is sent. */
export async function checkEndpoints(
  ports: Pick<Ports, 'outbound'>,
  { client }: Patient,
): Promise<readonly CheckResult[]> {
  const { definition, values = {} } = client
  const filled = (template: string, all = values) => fillUrl(template, all, definition.variables) ?? null
  const named = ENDPOINTS.flatMap(endpoint => {
    const template = endpointTemplate(definition, endpoint)
    return template === undefined ? [] : [[endpoint, filled(template)] as const]
  })
  const steps = revocationSteps(definition).map(({ url }) => filled(url, placed(values)))
  const found = await Promise.all([
    ...named.map(([endpoint, url]) => reach(ports, client, 'reachability', endpoint, url)),
    reach(ports, client, 'reachability', 'base_url', filled(definition.base_url)),
    ...[...new Set(steps)].map(url => reach(ports, client, 'revocation', 'revocation', url)),
  ])
  return [...found, ...judgeRevocation(client)]
}

const placed = (values: Readonly<Record<string, string>>) => ({ ...values, token: 'made-up', client_id: 'made-up' })

async function reach(
  { outbound }: Pick<Ports, 'outbound'>,
  { target }: Client,
  check: CheckName,
  subject: string,
  url: string | null,
): Promise<CheckResult> {
  const { passed, failed, skipped } = findingsOf(check)
  if (url === null) return skipped(subject, { advice: NEEDS_VARIABLES })
  const { origin, pathname } = new URL(url)
  const sent = `GET ${origin}${check === 'revocation' ? '' : pathname}`
  try {
    const response = await outbound.fetch({
      target,
      method: 'GET',
      url: check === 'revocation' ? origin : `${origin}${pathname}`,
      headers: { accept: '*/*', 'user-agent': 'Behalf' },
      deadlineMs: DEADLINE_MS,
      maxBytes: MOST_BYTES,
      redirects: 'refuse',
    })
    return passed(subject, { sent, answered: `HTTP ${response.status}` })
  } catch (error) {
    if (!(error instanceof BrokerError)) throw error
    // A page that is larger than we read was reached all the same.
    if (error.code === 'provider_invalid_response') return passed(subject, { sent, answered: error.message })
    return failed(subject, { sent, answered: faultOf(error), advice: ADVICE[error.code] ?? 'Look at the address.' })
  }
}

const NEEDS_VARIABLES = 'A variable of it has no value yet: give the check one, as a person would.'
const ADVICE: Readonly<Record<string, string>> = {
  outbound_refused:
    'The address is not public. Correct it, or have the operator let it through with BEHALF_OUTBOUND_ALLOW.',
  provider_timeout: 'Nothing answered in time: a wrong host or port, or a firewall between here and there.',
  provider_unavailable:
    'Look at the host name. For a certificate of a private CA, have the operator set NODE_EXTRA_CA_CERTS.',
}

/** Phase and code of what broke, such as `connect: CERT_HAS_EXPIRED`; never an address. */
const faultOf = (error: BrokerError): string =>
  error.code !== 'outbound_refused' && error.cause instanceof Error ? error.cause.message : error.message

function judgeRevocation({ definition: { auth } }: Client): readonly CheckResult[] {
  const { skipped, warning } = findingsOf('revocation')
  if (auth.revocation?.unsupported === true)
    return auth.instructions_url === undefined
      ? [
          warning('instructions_url', {
            advice: 'Say where people remove access themselves: nobody else can end a grant.',
          }),
        ]
      : [skipped('revocation', { advice: 'The provider offers none; people are sent to the instructions URL.' })]
  const known =
    auth.revocation !== undefined || auth.revoke_url !== undefined || auth.discovered?.revoke_url !== undefined
  if (known) return []
  return [
    warning('revocation', {
      advice: 'A disconnect ends our use alone: tokens live on at the provider. Configure how they are revoked.',
    }),
  ]
}
