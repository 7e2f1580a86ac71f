import { earlier, type Leased } from '../../domain/leased-values.ts'
import type { RequestContext } from '../../domain/request-context.ts'
import { isFresh } from '../../domain/token-set.ts'
import type { Ports } from '../../ports/index.ts'
import type { Leases, Right } from '../request/leases.ts'
import type { FreshToken } from '../token/fresh-token.ts'
import type { PluginPrincipal } from './authenticate-plugin.ts'
import type { NamedSubject } from './resolve-subject.ts'
import type { Spoken } from './speak-for.ts'

type Asked = {
  readonly principal: PluginPrincipal
  readonly named: NamedSubject
  readonly connectorName: string
}

/** What is known of a right already, and else how to keep what is found out about it. */
export type KnownRight = Right | { keep(spoken: Spoken, grant: Leased<FreshToken>): void }

/**
 * The right of a plugin to call a connector for the person a token names: key, person, launch, connection and its opened token under one cache
 * lease, so that a call which comes again within it costs one look-up. The lease is that of the earliest reading.
 */
export function createKnownRight({ clock, entropy, leases }: Pick<Ports, 'clock' | 'entropy'> & { leases: Leases }) {
  return function knownRight(context: RequestContext, asked: Asked): KnownRight {
    const key = keyOf(context, asked)
    if (key === undefined) return NOT_KEPT
    const held = leases.rights.peek(key)?.value
    const now = clock.now()
    if (held !== undefined && now < held.untilAt && isFresh(held.grant.value.connection, now)) return held
    const keep = leases.rights.begin(key)
    return {
      keep: (spoken, grant) =>
        keep({ value: { spoken, grant, untilAt: spoken.untilAt }, readAt: earlier(spoken.readAt, grant.readAt) }),
    }
  }

  // `Behalf-Subject` is audited each time it is used, and so never under a lease.
  function keyOf({ organization }: RequestContext, { principal, named, connectorName }: Asked): string | undefined {
    const { subjectToken, subject, tokenKind, ssoTokenOnly } = named
    if (subjectToken === undefined || subject !== undefined) return undefined
    const taken = ssoTokenOnly === true ? 'sso' : 'any'
    return `${organization.id} ${principal.keyId} ${principal.plugin.version} ${connectorName} ${tokenKind} ${taken} ${entropy.fingerprint(subjectToken)}`
  }
}

const NOT_KEPT: KnownRight = { keep: () => {} }
