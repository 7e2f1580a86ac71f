import { BrokerError } from '../../domain/broker-error.ts'
import { type CallPlan, callPlan, hasFixedPlan, isCallAllowed } from '../../domain/call-plan.ts'
import type { Connection } from '../../domain/connection.ts'
import type { PublicDefinition } from '../../domain/connector.ts'
import { headerOf } from '../../domain/flat-headers.ts'
import { requestHeaders } from '../../domain/gateway-headers.ts'
import { gatewayTarget } from '../../domain/gateway-target.ts'
import { reveal } from '../../domain/secret.ts'
import type { FreshToken } from '../token/fresh-token.ts'
import type { OutgoingCall } from './outgoing-call.ts'

export type Aimed = {
  readonly url: string
  readonly headers: string[]
  /** What redirects are rewritten against; null where the caller could not follow one. */
  readonly baseUrl: string | null
}

const plans = new WeakMap<Connection | PublicDefinition, CallPlan>()

/** The URL and the headers of a call, credential last. Throws `target_not_allowed`, `connector_misconfigured`. */
export function aim(
  { connector, connection, accessToken, credentials }: FreshToken,
  call: Pick<OutgoingCall, 'method' | 'remainder' | 'headers'>,
): Aimed {
  const { auth, gateway } = connector.definition
  const plan = planOf(connector.definition, connection, credentials)
  const named = headerOf(call.headers, 'behalf-base')
  const base = named === undefined ? plan.baseUrl : own(plan.baseUrls, named)
  if (base === undefined) throw notAllowed('There is no such base URL, or this grant does not cover it.')
  if (base === null)
    throw new BrokerError('connector_misconfigured', { detail: 'A variable of the base URL has no value.' })
  const target = gatewayTarget(base, call.remainder, plan.dropped)
  if (target.kind === 'refused') throw notAllowed('The path leaves what the connector was granted for.')
  if (
    (gateway.allow !== undefined || gateway.deny.length > 0) &&
    !isCallAllowed(gateway, call.method, pathOf(call.remainder))
  )
    throw notAllowed('The connector does not allow this call.')
  const baseUrl = named === undefined ? base : null
  const { injection } = auth
  if ('query' in injection) {
    const mark = target.url.includes('?') ? '&' : '?'
    // SECURITY: the connector chose the query; this URL is never logged.
    const url = `${target.url}${mark}${injection.query}=${encodeURIComponent(reveal(accessToken))}`
    return { url, headers: requestHeaders(call.headers, null, plan.headers), baseUrl }
  }
  const pattern = auth.dpop === undefined ? injection.value : 'DPoP %s'
  const credential = { name: injection.header, value: pattern.replace('%s', () => reveal(accessToken)) }
  return { url: target.url, headers: requestHeaders(call.headers, credential, plan.headers), baseUrl }
}

function planOf(
  definition: PublicDefinition,
  connection: Connection,
  credentials: FreshToken['credentials'],
): CallPlan {
  const key = hasFixedPlan(definition) ? definition : connection
  const known = plans.get(key)
  if (known !== undefined) return known
  const secrets = Object.entries(credentials?.variables ?? {}).map(([name, value]) => [name, reveal(value)])
  const plan = callPlan(definition, connection, Object.fromEntries(secrets))
  plans.set(key, plan)
  return plan
}

const own = (record: Readonly<Record<string, string>>, name: string): string | undefined =>
  Object.hasOwn(record, name) ? record[name] : undefined
const pathOf = (remainder: string): string => remainder.split('?', 1)[0] ?? ''
const notAllowed = (detail: string): BrokerError => new BrokerError('target_not_allowed', { detail })
