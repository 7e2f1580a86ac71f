import { BrokerError } from '../../domain/broker-error.ts'
import { type CheckResult, findingsOf } from '../../domain/check.ts'
import type { Connector } from '../../domain/connector.ts'
import type { Principal } from '../../domain/principal.ts'
import type { RequestContext } from '../../domain/request-context.ts'
import type { Ports } from '../../ports/index.ts'
import { sendWholeCall } from '../gateway/send-whole-call.ts'
import type { createFreshToken, FreshToken } from '../token/fresh-token.ts'
import { wordsOf } from './provider-words.ts'

export type HealthNeeds = Pick<Ports, 'connections'> & { readonly freshToken: ReturnType<typeof createFreshToken> }

const { passed, failed, skipped } = findingsOf('health')
type Health = NonNullable<Connector['definition']['health']>
const DEADLINE_MS = 15_000
const MOST_BYTES = 1_048_576

/** Makes the connector's health call with the developer's own connection. */
export async function checkHealth(
  ports: Pick<Ports, 'clock' | 'outbound' | 'provider'> & Partial<HealthNeeds>,
  context: RequestContext,
  principal: Principal | 'system',
  { definition, id, orgId }: Connector,
): Promise<readonly CheckResult[]> {
  const { health } = definition
  if (health === undefined) return [skipped('health', { advice: 'No health call is configured.' })]
  const { connections, freshToken } = ports
  if (connections === undefined || freshToken === undefined || principal === 'system' || principal.kind !== 'session')
    return [skipped('health', { advice: 'It needs a connection of your own: check from the studio, signed in.' })]
  const connection = await connections.bySubject(orgId, principal.person.id, id)
  if (connection === undefined) return [skipped('health', { advice: 'Connect it yourself first.' })]
  const sent = `${health.method} ${health.path.split('?')[0]} under the base URL, with your own token`
  try {
    const token = await freshToken(context, connection.id)
    const response = await callHealth(ports, context, token, health)
    if (health.status.includes(response.status))
      return [passed('health', { sent, answered: `HTTP ${response.status}` })]
    const answered = wordsOf(response.status, await response.text(), [token.accessToken])
    const advice = `It should answer ${health.status.join(' or ')}: look at the base URL, the scopes and how the token is injected.`
    return [failed('health', { sent, answered, advice })]
  } catch (error) {
    if (!(error instanceof BrokerError)) throw error
    return [failed('health', { sent, answered: error.message, advice: 'Reconnect, and check again.' })]
  }
}

/** Makes a connector's health call with a token; what came back. Throws what {@link sendWholeCall} throws. */
export const callHealth = (
  ports: Pick<Ports, 'clock' | 'outbound' | 'provider'>,
  context: Pick<RequestContext, 'organization'>,
  token: FreshToken,
  { method, path }: Pick<Health, 'method' | 'path'>,
): Promise<Response> =>
  sendWholeCall(ports, context, token, {
    method,
    remainder: path,
    headers: ['accept', 'application/json'],
    deadlineMs: DEADLINE_MS,
    maxBytes: MOST_BYTES,
  })
