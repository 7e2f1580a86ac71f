import type { PluginKeyId } from '@behalf/contract'
import { formatKey, START } from '../../domain/key-format.ts'
import type { PluginKey } from '../../domain/plugin.ts'
import type { Principal } from '../../domain/principal.ts'
import type { RequestContext } from '../../domain/request-context.ts'
import { type Secret, secret } from '../../domain/secret.ts'
import type { Ports } from '../../ports/index.ts'
import { newAuditEvent } from '../audit/new-audit-event.ts'
import { readPluginByName } from './read-plugin.ts'

/** Makes a plugin key; the key itself is in this answer alone. Throws `plugin_not_found`. */
export function createCreatePluginKey(ports: Pick<Ports, 'clock' | 'entropy' | 'plugins'>) {
  return async function createPluginKey(
    context: RequestContext,
    principal: Principal,
    name: string,
    { label, expiresAt }: { readonly label: string; readonly expiresAt: number | null },
  ): Promise<{ readonly record: PluginKey; readonly key: Secret }> {
    const plugin = await readPluginByName(ports, context, name)
    const key = formatKey('bhp_', ports.entropy.randomToken(32))
    const record: PluginKey = {
      id: ports.entropy.newId<PluginKeyId>('pky'),
      orgId: plugin.orgId,
      pluginId: plugin.id,
      hash: ports.entropy.sha256(key),
      label,
      start: key.slice(0, START),
      createdAt: ports.clock.now(),
      expiresAt,
      revokedAt: null,
      lastUsedAt: null,
    }
    await ports.plugins.addKey(
      record,
      newAuditEvent(ports, context, principal, 'plugin_key.created', { target: name, details: { key: record.id } }),
    )
    return { record, key: secret(key) }
  }
}
