import { type LaunchId, type PluginDefinition, type PluginId, pluginDefinition } from '@behalf/contract'
import type { Organization } from '../../src/domain/organization.ts'
import type { Plugin } from '../../src/domain/plugin.ts'
import { newAuditEvent } from '../../src/flows/audit/new-audit-event.ts'
import type { Ports } from '../../src/ports/index.ts'

/** A plugin in the store, published and launched to everyone. */
export async function launchedPlugin(
  ports: Pick<Ports, 'clock' | 'entropy' | 'launches' | 'plugins'>,
  organization: Organization,
  given: Partial<PluginDefinition> & Pick<PluginDefinition, 'name'>,
): Promise<Plugin> {
  const [orgId, id, now] = [organization.id, ports.entropy.newId<PluginId>('plg'), ports.clock.now()]
  const definition = pluginDefinition.parse(given)
  const audit = () => newAuditEvent(ports, { organization }, 'system', 'plugin.created')
  const plugin: Plugin = {
    id,
    orgId,
    definition,
    version: 1,
    publishedVersion: null,
    launchEpoch: 0,
    author: 'system',
    createdAt: now,
    updatedAt: now,
    retiredAt: null,
  }
  await ports.plugins.create(plugin, audit())
  const version = { orgId, pluginId: id, version: 1, definition, publishedAt: now, publishedBy: 'system' }
  await ports.plugins.publish(plugin, version, audit())
  const launch = {
    id: ports.entropy.newId<LaunchId>('lch'),
    orgId,
    pluginId: id,
    pluginVersion: 1,
    launchAudience: { kind: 'everyone' },
    redaction: 'strict',
    agreed: [],
    approvedReach: null,
    launchedAt: now,
    launchedBy: 'system',
    reason: 'for a test',
    endedAt: null,
    endedBy: null,
    endReason: null,
  } as const
  const end = { at: now, by: 'system', reason: 'for a test', withdrawn: [] }
  await ports.launches.add(launch, { ids: [], end }, 0, [audit()])
  return (await ports.plugins.byId(orgId, id)) ?? plugin
}
