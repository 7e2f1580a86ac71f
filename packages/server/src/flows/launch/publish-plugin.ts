import { BrokerError } from '../../domain/broker-error.ts'
import type { PluginVersion } from '../../domain/plugin.ts'
import { type Principal, principalName } from '../../domain/principal.ts'
import type { RequestContext } from '../../domain/request-context.ts'
import type { Ports } from '../../ports/index.ts'
import { readPluginByName } from '../admin/read-plugin.ts'
import { newAuditEvent } from '../audit/new-audit-event.ts'

/** Makes a version of the draft, fixed for good; a draft that is published already gives its version. Throws `plugin_not_found`, `version_conflict`. */
export function createPublishPlugin(ports: Pick<Ports, 'clock' | 'entropy' | 'plugins'>) {
  return async function publishPlugin(
    context: RequestContext,
    principal: Principal,
    name: string,
  ): Promise<PluginVersion> {
    const plugin = await readPluginByName(ports, context, name)
    const { orgId, id, publishedVersion, definition } = plugin
    const last = publishedVersion === null ? undefined : await ports.plugins.version(orgId, id, publishedVersion)
    if (last !== undefined && JSON.stringify(last.definition) === JSON.stringify(definition)) return last
    const version: PluginVersion = {
      orgId,
      pluginId: id,
      version: (publishedVersion ?? 0) + 1,
      definition,
      publishedAt: ports.clock.now(),
      publishedBy: principalName(principal),
    }
    const audit = newAuditEvent(ports, context, principal, 'plugin.published', {
      target: name,
      details: { version: version.version, connectors: definition.connectors.map(({ connector }) => connector) },
    })
    if (!(await ports.plugins.publish(plugin, version, audit))) throw new BrokerError('version_conflict')
    return version
  }
}
