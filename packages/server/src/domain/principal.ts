import type { ApiKeyId, PluginKeyId, Role, SessionId } from '@behalf/contract'
import type { Moment } from './leased-values.ts'
import type { Person } from './person.ts'
import type { Plugin } from './plugin.ts'

/** Whoever is calling now. */
export type Principal =
  | {
      readonly kind: 'session'
      readonly sessionId: SessionId
      readonly person: Person
      readonly roles: readonly Role[]
    }
  | { readonly kind: 'api_key'; readonly keyId: ApiKeyId; readonly roles: readonly Role[] }
  | {
      readonly kind: 'plugin_key'
      readonly keyId: PluginKeyId
      readonly plugin: Plugin
      readonly roles: readonly []
      readonly readAt: Moment
    }

/** A principal as the audit names it. */
export function principalName(principal: Principal | 'anonymous' | 'system'): string {
  if (typeof principal === 'string') return principal
  if (principal.kind === 'session') return principal.person.id
  return principal.keyId
}
