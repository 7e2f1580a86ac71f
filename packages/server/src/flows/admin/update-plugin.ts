import { pluginDefinition } from '@behalf/contract'
import { BrokerError } from '../../domain/broker-error.ts'
import { mergePatch } from '../../domain/merge-patch.ts'
import { parseWhole } from '../../domain/parse-whole.ts'
import type { Plugin } from '../../domain/plugin.ts'
import type { Principal } from '../../domain/principal.ts'
import type { RequestContext } from '../../domain/request-context.ts'
import type { Ports } from '../../ports/index.ts'
import { newAuditEvent } from '../audit/new-audit-event.ts'
import { judgePlugin, rights } from './create-plugin.ts'
import { readPluginByName } from './read-plugin.ts'

/** Applies a merge patch to a plugin. Throws `plugin_not_found`, `version_conflict`, `forbidden`, `invalid_request`. */
export function createUpdatePlugin(ports: Pick<Ports, 'clock' | 'connectors' | 'entropy' | 'plugins'>) {
  return async function updatePlugin(
    context: RequestContext,
    principal: Principal,
    name: string,
    { patch, version }: { readonly patch: Readonly<Record<string, unknown>>; readonly version: number },
  ): Promise<Plugin> {
    const before = await readPluginByName(ports, context, name)
    if (before.version !== version) throw new BrokerError('version_conflict')
    const definition = parseWhole(pluginDefinition, mergePatch(before.definition, patch))
    if (definition.name !== name)
      throw new BrokerError('invalid_request', { errors: [{ pointer: '/name', reason: 'cannot be changed' }] })
    await judgePlugin(ports, context, principal, definition, before.definition)
    const after = { ...before, definition, version: before.version + 1, updatedAt: ports.clock.now() }
    const details = { version: after.version, ...rights(definition) }
    if (
      !(await ports.plugins.update(
        after,
        newAuditEvent(ports, context, principal, 'plugin.changed', { target: name, details }),
      ))
    ) {
      throw new BrokerError('version_conflict')
    }
    return after
  }
}
