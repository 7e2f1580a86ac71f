import { earlier, type Leased, type Moment } from '../../domain/leased-values.ts'
import type { NowOrLater } from '../../domain/now-or-later.ts'
import { isGood } from '../../domain/renewal.ts'
import type { RequestContext } from '../../domain/request-context.ts'
import type { Ports } from '../../ports/index.ts'
import type { Spoken } from '../plugin/speak-for.ts'
import type { Leases } from '../request/leases.ts'
import type { createFreshToken, FreshToken, FreshTokenOptions } from '../token/fresh-token.ts'
import type { FindConnection, Granted } from './find-connection.ts'

type Asked = { readonly spoken: Spoken; readonly connectorName: string }
type Tools = {
  readonly leases: Leases
  readonly find: FindConnection
  readonly freshToken: ReturnType<typeof createFreshToken>
}

/** What a plugin may use on a person's behalf, with a token that is good for a call: under a cache lease where it was read just now. */
export function createStandingGrant({ clock }: Pick<Ports, 'clock'>, { leases, find, freshToken }: Tools) {
  return { standingGrant, renewed }

  /** Throws what finding a connection and a fresh token throw, each problem with a link where the person can put it right. */
  function standingGrant(context: RequestContext, asked: Asked): NowOrLater<Leased<FreshToken>> {
    const key = keyOf(context, asked)
    const held = leases.grants.peek(key)
    if (held !== undefined && isGood(held.value.connector.definition, held.value.connection, clock.now())) return held
    leases.grants.forget(key)
    return leases.grants.resting(key, async () => {
      const granted = await granting(context, asked)
      return { value: await tokenOf(context, asked, granted), readAt: granted.readAt }
    })
  }

  /** A token other than the one the API refused, if there can be one; never from a lease. */
  async function renewed(
    context: RequestContext,
    asked: Asked,
    options: FreshTokenOptions,
  ): Promise<Leased<FreshToken>> {
    const granted = await granting(context, asked)
    return { value: await tokenOf(context, asked, granted, options), readAt: granted.readAt }
  }

  async function granting(
    context: RequestContext,
    { spoken, connectorName }: Asked,
  ): Promise<Granted & { readonly readAt: Moment }> {
    const { plugin, person } = spoken
    const now = leases.now()
    const { value: connector, readAt } = await find.findConnector(context, plugin, connectorName, person)
    return { ...(await find.findConnection(context, plugin, connector, person)), readAt: earlier(now, readAt) }
  }

  async function tokenOf(
    context: RequestContext,
    { spoken }: Asked,
    { connector, connection }: Granted,
    options: FreshTokenOptions = {},
  ): Promise<FreshToken> {
    try {
      return await freshToken(context, connection.id, { ...options, justRead: { connector, connection } })
    } catch (error) {
      throw await find.leadingOn(context, error, {
        plugin: spoken.plugin,
        person: spoken.person,
        connector,
        connection,
      })
    }
  }

  function keyOf({ organization }: RequestContext, { spoken, connectorName }: Asked): string {
    const { plugin, launched, person } = spoken
    return `${organization.id} ${plugin.id} ${plugin.version} ${launched.version} ${person.id} ${connectorName}`
  }
}
