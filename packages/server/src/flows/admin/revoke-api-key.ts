import type { ApiKeyId } from '@behalf/contract'
import { BrokerError } from '../../domain/broker-error.ts'
import type { Principal } from '../../domain/principal.ts'
import type { RequestContext } from '../../domain/request-context.ts'
import type { Ports } from '../../ports/index.ts'
import { newAuditEvent } from '../audit/new-audit-event.ts'
import { endOfUse } from '../revoke/end-of-use.ts'

/** Revokes an API key; when it returns no node takes it any more. Throws `not_found`. */
export function createRevokeApiKey(ports: Pick<Ports, 'apiKeys' | 'clock' | 'entropy'>) {
  return async function revokeApiKey(context: RequestContext, principal: Principal, id: ApiKeyId): Promise<void> {
    const audit = newAuditEvent(ports, context, principal, 'api_key.revoked', { target: id })
    if (!(await ports.apiKeys.revoke(context.organization.id, id, ports.clock.now(), audit)))
      throw new BrokerError('not_found')
    await endOfUse(ports)
  }
}
