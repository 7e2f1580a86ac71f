import { readKey } from '../../domain/key-format.ts'
import type { Leased } from '../../domain/leased-values.ts'
import { type NowOrLater, whenKnown } from '../../domain/now-or-later.ts'
import type { Organization } from '../../domain/organization.ts'
import { isKeyLive, type Plugin, type PluginKey } from '../../domain/plugin.ts'
import type { Principal } from '../../domain/principal.ts'
import type { RequestContext } from '../../domain/request-context.ts'
import type { Ports } from '../../ports/index.ts'
import type { Leases } from '../request/leases.ts'

export type PluginPrincipal = Extract<Principal, { kind: 'plugin_key' }>

type Found = { readonly key: PluginKey; readonly plugin: Plugin }

const BEARER = /^Bearer ([\w-]{20,100})$/i

/** Which plugin calls, by its key (RFC 6750 2.1); undefined for any other credential, and for ended, revoked and retired ones. */
export function createAuthenticatePlugin(
  ports: Pick<Ports, 'clock' | 'entropy' | 'plugins'> & { readonly leases: Leases },
) {
  return function authenticatePlugin(
    { organization }: Pick<RequestContext, 'organization'>,
    authorization: string | undefined,
  ): NowOrLater<PluginPrincipal | undefined> {
    if (authorization === undefined) return undefined
    const known = `${organization.id} ${ports.entropy.fingerprint(authorization)}`
    const held = ports.leases.plugins.through(known, () => find(organization, authorization))
    return whenKnown(held, toPrincipal)
  }

  function toPrincipal(held: Leased<Found | undefined>): PluginPrincipal | undefined {
    if (held.value === undefined) return undefined
    const { key, plugin } = held.value
    if (plugin.retiredAt !== null || !isKeyLive(key, ports.clock.now())) return undefined
    return { kind: 'plugin_key', keyId: key.id, plugin, roles: [], readAt: held.readAt }
  }

  async function find({ id }: Organization, authorization: string) {
    const key = BEARER.exec(authorization)?.[1]
    if (key === undefined || readKey(key) !== 'bhp_') return undefined
    const found = await ports.plugins.byKeyHash(id, ports.entropy.sha256(key))
    // Once for each lease is as exact as the mark needs to be.
    if (found !== undefined && isKeyLive(found.key, ports.clock.now()))
      await ports.plugins.touchKey(id, found.key.id, ports.clock.now())
    return found
  }
}
