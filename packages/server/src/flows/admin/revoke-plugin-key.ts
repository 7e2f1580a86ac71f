import type { PluginKeyId } from '@behalf/contract'
import { BrokerError } from '../../domain/broker-error.ts'
import type { LiveCalls } from '../../domain/live-calls.ts'
import type { Principal } from '../../domain/principal.ts'
import type { RequestContext } from '../../domain/request-context.ts'
import type { Ports } from '../../ports/index.ts'
import { newAuditEvent } from '../audit/new-audit-event.ts'
import { endOfUse } from '../revoke/end-of-use.ts'
import { readPluginByName } from './read-plugin.ts'

type Needs = Pick<Ports, 'clock' | 'entropy' | 'plugins'> & { readonly liveCalls: LiveCalls }

/** Revokes a plugin key; when it returns no node takes it any more. Throws `plugin_not_found`, `not_found`. */
export function createRevokePluginKey(ports: Needs) {
  return async function revokePluginKey(
    context: RequestContext,
    principal: Principal,
    name: string,
    id: PluginKeyId,
  ): Promise<void> {
    const plugin = await readPluginByName(ports, context, name)
    const audit = newAuditEvent(ports, context, principal, 'plugin_key.revoked', { target: name, details: { key: id } })
    if (!(await ports.plugins.revokeKey(plugin.orgId, plugin.id, id, ports.clock.now(), audit)))
      throw new BrokerError('not_found')
    ports.liveCalls.cutKey(plugin.orgId, id)
    await endOfUse(ports)
  }
}
