import { readKey } from '../../domain/key-format.ts'
import type { Organization } from '../../domain/organization.ts'
import { isKeyLive } from '../../domain/plugin.ts'
import type { Principal } from '../../domain/principal.ts'
import type { RequestContext } from '../../domain/request-context.ts'
import type { Ports } from '../../ports/index.ts'
import type { Leases } from '../request/leases.ts'

export type PluginPrincipal = Extract<Principal, { kind: 'plugin_key' }>

const BEARER = /^Bearer ([\w-]{20,100})$/i

/** Which plugin calls, by its key (RFC 6750 2.1); undefined for any other credential, and for ended, revoked and retired ones. */
export function createAuthenticatePlugin(
  ports: Pick<Ports, 'clock' | 'entropy' | 'plugins'> & { readonly leases: Leases },
) {
  return async function authenticatePlugin(
    { organization }: Pick<RequestContext, 'organization'>,
    authorization: string | undefined,
  ): Promise<PluginPrincipal | undefined> {
    const key = authorization === undefined ? undefined : BEARER.exec(authorization)?.[1]
    if (key === undefined || readKey(key) !== 'bhp_') return undefined
    const known = `${organization.id} ${ports.entropy.fingerprint(key)}`
    const held = await ports.leases.plugins.through(known, () => find(organization, key))
    if (held.value === undefined) return undefined
    const { key: found, plugin } = held.value
    const now = ports.clock.now()
    if (plugin.retiredAt !== null || !isKeyLive(found, now)) return undefined
    await ports.plugins.touchKey(organization.id, found.id, now)
    return { kind: 'plugin_key', keyId: found.id, plugin, roles: [], readAt: held.readAt }
  }

  function find({ id }: Organization, key: string) {
    return ports.plugins.byKeyHash(id, ports.entropy.sha256(key))
  }
}
