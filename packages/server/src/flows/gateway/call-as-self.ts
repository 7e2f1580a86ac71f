import { BrokerError } from '../../domain/broker-error.ts'
import type { HeaderPair } from '../../domain/gateway-headers.ts'
import type { Principal } from '../../domain/principal.ts'
import type { RequestContext } from '../../domain/request-context.ts'
import type { Ports } from '../../ports/index.ts'
import { readConnectorByName } from '../admin/read-connector.ts'
import { newAuditEvent } from '../audit/new-audit-event.ts'
import { createFreshToken } from '../token/fresh-token.ts'
import type { RefreshNeeds } from '../token/refresh-under-lease.ts'
import { sendWholeCall } from './send-whole-call.ts'

/** A call as somebody tries it by hand: `path` under the connector's base URL, query and all. */
export type OwnCall = {
  readonly connectorName: string
  readonly method: string
  readonly path: string
  readonly headers: readonly HeaderPair[]
  readonly body: string | undefined
}
export type OwnAnswer = {
  readonly status: number
  readonly headers: readonly HeaderPair[]
  readonly body: string
}

const DEADLINE_MS = 20_000
const MOST_BYTES = 262_144
/** What an answer sets for a browser is not shown to one. */
const UNSHOWN: ReadonlySet<string> = new Set(['set-cookie', 'www-authenticate'])

/**
 * Sends one call with the asking person's own connection, to see whether a connector works. Throws `forbidden` for a key, which is nobody,
 * `connection_required`, `target_not_allowed`, and what a fresh token and an outbound request throw.
 */
export function createCallAsSelf(
  ports: RefreshNeeds & Pick<Ports, 'audit' | 'connections' | 'connectors' | 'outbound'>,
) {
  const freshToken = createFreshToken(ports)

  return async function callAsSelf(context: RequestContext, principal: Principal, call: OwnCall): Promise<OwnAnswer> {
    if (principal.kind !== 'session')
      throw new BrokerError('forbidden', { detail: 'People try calls with their own connection; a key has none.' })
    const connector = await readConnectorByName(ports, context, call.connectorName)
    const { orgId, id, name } = connector
    const connection = await ports.connections.bySubject(orgId, principal.person.id, id)
    if (connection === undefined) throw new BrokerError('connection_required')
    const token = await freshToken(context, connection.id)
    const remainder = call.path.replace(/^\//, '')
    await ports.audit.add([
      newAuditEvent(ports, context, principal, 'gateway.called', {
        onBehalfOf: principal.person.id,
        target: name,
        details: { method: call.method, by: 'console' },
      }),
    ])
    const response = await sendWholeCall(ports, context, token, {
      method: call.method,
      remainder,
      headers: call.headers.flat(),
      body: call.body,
      deadlineMs: DEADLINE_MS,
      maxBytes: MOST_BYTES,
    })
    const headers = [...response.headers].filter(([header]) => !UNSHOWN.has(header.toLowerCase()))
    return { status: response.status, headers, body: await response.text() }
  }
}
