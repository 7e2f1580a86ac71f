import { readKey } from '../../domain/key-format.ts'
import { isKeyLive } from '../../domain/plugin.ts'
import type { Principal } from '../../domain/principal.ts'
import type { RequestContext } from '../../domain/request-context.ts'
import type { Ports } from '../../ports/index.ts'

/** Whose API key this is; undefined where it is none of ours, of another kind, ended or revoked. */
export function createAuthenticateApiKey(ports: Pick<Ports, 'apiKeys' | 'clock' | 'entropy'>) {
  return async function authenticateApiKey(
    { organization }: RequestContext,
    key: string,
  ): Promise<Extract<Principal, { kind: 'api_key' }> | undefined> {
    if (readKey(key) !== 'bhf_') return undefined
    const found = await ports.apiKeys.byHash(organization.id, ports.entropy.sha256(key))
    const now = ports.clock.now()
    if (found === undefined || !isKeyLive(found, now)) return undefined
    await ports.apiKeys.touch(organization.id, found.id, now)
    return { kind: 'api_key', keyId: found.id, roles: found.roles }
  }
}
