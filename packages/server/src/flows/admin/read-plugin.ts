import { BrokerError } from '../../domain/broker-error.ts'
import type { Plugin } from '../../domain/plugin.ts'
import type { RequestContext } from '../../domain/request-context.ts'
import type { Ports } from '../../ports/index.ts'

/** A live plugin by its name. Throws `plugin_not_found`. */
export async function readPluginByName(
  ports: Pick<Ports, 'plugins'>,
  { organization }: Pick<RequestContext, 'organization'>,
  name: string,
): Promise<Plugin> {
  const plugin = await ports.plugins.byName(organization.id, name)
  if (plugin === undefined || plugin.retiredAt !== null) throw new BrokerError('plugin_not_found')
  return plugin
}
