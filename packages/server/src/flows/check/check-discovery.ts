import type { Discovered } from '@behalf/contract'
import { type CheckResult, findingsOf } from '../../domain/check.ts'
import type { Ports } from '../../ports/index.ts'
import type { Client } from '../../ports/provider-client.ts'

const { passed, failed, skipped } = findingsOf('discovery')

/** Whether the issuer's metadata can be read and names that issuer (RFC 8414 3.3); and what it says, for the checks that rest on it. */
export async function checkDiscovery(
  ports: Pick<Ports, 'provider'>,
  client: Client,
): Promise<{ readonly result: CheckResult; readonly metadata: Discovered | null }> {
  const { issuer, discovery, discovered: kept = null } = client.definition.auth
  const advised = 'No issuer is configured: answers are not bound to one (RFC 9207).'
  if (issuer === undefined) return { result: skipped('issuer', { advice: advised }), metadata: null }
  const sent = `GET the metadata of ${issuer}`
  const outcome = await ports.provider.discover(client.target, issuer, discovery)
  if (outcome.kind === 'discovered') {
    const answered = `issuer ${outcome.discovered.issuer}`
    return { result: passed('issuer', { sent, answered }), metadata: outcome.discovered }
  }
  const advice = 'Write the issuer exactly as the provider publishes it, or give the endpoints instead.'
  return { result: failed('issuer', { sent, answered: outcome.reason, advice }), metadata: kept }
}
