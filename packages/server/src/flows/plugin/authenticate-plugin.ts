import { readKey } from '../../domain/key-format.ts'
import { isKeyLive } from '../../domain/plugin.ts'
import type { Principal } from '../../domain/principal.ts'
import type { RequestContext } from '../../domain/request-context.ts'
import type { Ports } from '../../ports/index.ts'

export type PluginPrincipal = Extract<Principal, { kind: 'plugin_key' }>

const BEARER = /^Bearer (?<key>[\w-]{20,100})$/i

/** Which plugin calls, by its key (RFC 6750 2.1); undefined for any other credential, and for ended, revoked and retired ones. */
export function createAuthenticatePlugin(ports: Pick<Ports, 'clock' | 'entropy' | 'plugins'>) {
  return async function authenticatePlugin(
    { organization }: Pick<RequestContext, 'organization'>,
    authorization: string | undefined,
  ): Promise<PluginPrincipal | undefined> {
    const key = BEARER.exec(authorization ?? '')?.groups?.['key']
    if (key === undefined || readKey(key) !== 'bhp_') return undefined
    const found = await ports.plugins.byKeyHash(organization.id, ports.entropy.sha256(key))
    const now = ports.clock.now()
    if (found === undefined || found.plugin.retiredAt !== null || !isKeyLive(found.key, now)) return undefined
    await ports.plugins.touchKey(organization.id, found.key.id, now)
    return { kind: 'plugin_key', keyId: found.key.id, plugin: found.plugin, roles: [] }
  }
}
