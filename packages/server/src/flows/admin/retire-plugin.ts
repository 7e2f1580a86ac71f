import { BrokerError } from '../../domain/broker-error.ts'
import type { LiveCalls } from '../../domain/live-calls.ts'
import type { Principal } from '../../domain/principal.ts'
import type { RequestContext } from '../../domain/request-context.ts'
import type { Ports } from '../../ports/index.ts'
import { newAuditEvent } from '../audit/new-audit-event.ts'
import { endOfUse } from '../revoke/end-of-use.ts'
import { readPluginByName } from './read-plugin.ts'

type Needs = Pick<Ports, 'clock' | 'entropy' | 'plugins'> & { readonly liveCalls: LiveCalls }

/** Retires a plugin and its keys; when it returns no node takes them any more. Throws `plugin_not_found`. */
export function createRetirePlugin(ports: Needs) {
  return async function retirePlugin(context: RequestContext, principal: Principal, name: string): Promise<void> {
    const plugin = await readPluginByName(ports, context, name)
    const keys = await ports.plugins.listKeys(plugin.orgId, plugin.id, { after: null, limit: 1_000 })
    const audit = newAuditEvent(ports, context, principal, 'plugin.retired', { target: name })
    if (!(await ports.plugins.retire(plugin.orgId, plugin.id, ports.clock.now(), audit)))
      throw new BrokerError('plugin_not_found')
    for (const key of keys.items) ports.liveCalls.cutKey(plugin.orgId, key.id)
    await endOfUse(ports)
  }
}
