import { type CheckResult, findingsOf } from '../../domain/check.ts'
import type { Ports } from '../../ports/index.ts'
import type { Patient } from './patient.ts'

const { passed, failed, skipped } = findingsOf('discovery')

/** Whether the issuer's metadata can be read and names that issuer (RFC 8414 3.3). */
export async function checkDiscovery(
  ports: Pick<Ports, 'provider'>,
  { client }: Patient,
): Promise<readonly CheckResult[]> {
  const { issuer, discovery } = client.definition.auth
  if (issuer === undefined)
    return [skipped('issuer', { advice: 'No issuer is configured: answers are not bound to one (RFC 9207).' })]
  const sent = `GET the metadata of ${issuer}`
  const outcome = await ports.provider.discover(client.target, issuer, discovery)
  if (outcome.kind === 'discovered')
    return [passed('issuer', { sent, answered: `issuer ${outcome.discovered.issuer}` })]
  const advice = 'Write the issuer exactly as the provider publishes it, or give the endpoints instead.'
  return [failed('issuer', { sent, answered: outcome.reason, advice })]
}
