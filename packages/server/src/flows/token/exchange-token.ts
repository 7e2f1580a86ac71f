import { BrokerError } from '../../domain/broker-error.ts'
import { scopeOf } from '../../domain/connection.ts'
import { lacking } from '../../domain/granted-scope.ts'
import { earlier, isLeaseLive, type Moment } from '../../domain/leased-values.ts'
import type { Person } from '../../domain/person.ts'
import { createRateLimit } from '../../domain/rate.ts'
import type { RequestContext } from '../../domain/request-context.ts'
import type { Secret } from '../../domain/secret.ts'
import type { Ports } from '../../ports/index.ts'
import { newAuditEvent } from '../audit/new-audit-event.ts'
import { createFindConnection } from '../gateway/find-connection.ts'
import { createStandingGrant } from '../gateway/standing-grant.ts'
import type { PluginPrincipal } from '../plugin/authenticate-plugin.ts'
import { createKnownRight } from '../plugin/known-right.ts'
import type { NamedSubject } from '../plugin/resolve-subject.ts'
import { createSpeakFor, type Spoken } from '../plugin/speak-for.ts'
import type { Leases } from '../request/leases.ts'
import { createRecheckUse } from '../revoke/recheck-use.ts'
import { createIssueBehalfToken } from './behalf-token.ts'
import { createFreshToken, type FreshToken } from './fresh-token.ts'
import type { RefreshNeeds } from './refresh-under-lease.ts'

export type ExchangeAsked = {
  readonly principal: PluginPrincipal
  readonly named: NamedSubject
  readonly connectorName: string
  /** A Behalf token for the gateway, or the provider's own access token. */
  readonly wants: 'behalf_token' | 'provider_token'
  readonly scope: readonly string[] | null
}

export type Exchanged =
  | { readonly kind: 'behalf_token'; readonly token: Secret; readonly expiresInMs: number }
  | {
      readonly kind: 'provider_token'
      readonly token: Secret
      readonly expiresInMs: number | null
      readonly scope: readonly string[]
    }

type Needs = RefreshNeeds &
  Pick<
    Ports,
    'audit' | 'clock' | 'connectLinks' | 'entropy' | 'launches' | 'metrics' | 'people' | 'signIn' | 'urls' | 'vault'
  > & { readonly leases: Leases }

/** Of one person's tokens to one plugin, on each node. */
const RELEASES = { burst: 1_000, perSecond: 100 }

/**
 * Exchanges a person's SSO token (RFC 8693). A provider's token leaves only where an admin enabled its release, and never before the audit of
 * it is durable. Throws what naming a person and finding a connection throw, `release_not_allowed` and `rate_limited`.
 */
export function createExchangeToken(ports: Needs) {
  const speakFor = createSpeakFor(ports)
  const knownRight = createKnownRight(ports)
  const recheckUse = createRecheckUse(ports)
  const issueBehalfToken = createIssueBehalfToken(ports)
  const find = createFindConnection(ports)
  const tools = { leases: ports.leases, find, freshToken: createFreshToken(ports) }
  const { standingGrant } = createStandingGrant(ports, tools)
  const releases = createRateLimit(RELEASES)

  return async function exchangeToken(context: RequestContext, asked: ExchangeAsked): Promise<Exchanged> {
    const { principal, connectorName } = asked
    const named = { ...asked.named, ssoTokenOnly: true } as const
    const known = knownRight(context, { principal, named, connectorName })
    const isKnown = 'grant' in known
    const spoken = isKnown ? known.spoken : await speakFor(context, principal, named, connectorName)
    const { plugin, person } = spoken
    if (asked.wants === 'provider_token') {
      await assertReleasable(context, asked, spoken)
      admit(context, principal, person)
    }
    const grant = isKnown ? known.grant : await standingGrant(context, { spoken, connectorName })
    if (!isKnown) known.keep(spoken, grant)
    const { connector, connection, ...fresh } = grant.value
    const missing = lacking(connector.definition.auth, asked.scope ?? [], scopeOf(connection))
    const about = { plugin, connector, person, connection }
    if (missing.length > 0)
      throw await find.leadingOn(
        context,
        new BrokerError('scope_insufficient', { detail: `Not granted: ${missing.join(' ')}.` }),
        about,
      )
    ports.metrics.count('token_exchanges', asked.wants)
    if (asked.wants === 'behalf_token') {
      return { kind: 'behalf_token', ...(await issueBehalfToken(context, principal, person.id, connectorName)) }
    }
    await audit(context, asked, person, 'done')
    await assertStillGranted(spoken, grant.value, earlier(spoken.readAt, grant.readAt))
    ports.metrics.count('releases')
    const now = ports.clock.now()
    const expiresInMs = fresh.expiresAt === null ? null : Math.max(0, fresh.expiresAt - now)
    return { kind: 'provider_token', token: fresh.accessToken, expiresInMs, scope: scopeOf(connection) }
  }

  async function assertReleasable(context: RequestContext, asked: ExchangeAsked, spoken: Spoken): Promise<void> {
    const { plugin, person } = spoken
    if (plugin.definition.token_release.includes(asked.connectorName)) return
    await find.findConnector(context, plugin, asked.connectorName, person)
    await audit(context, asked, person, 'refused')
    throw new BrokerError('release_not_allowed')
  }

  // The audit may have taken longer than the lease: what the release rests on is read again before a token leaves.
  async function assertStillGranted(
    { plugin, keyId }: Spoken,
    { connection }: FreshToken,
    readAt: Moment,
  ): Promise<void> {
    if (isLeaseLive(readAt, ports.leases.now())) return
    const { orgId, id, generation, subjectId } = connection
    const { hasEnded } = await recheckUse({ orgId, id, generation, subjectId, keyId, pluginId: plugin.id })
    if (hasEnded) throw new BrokerError('connection_required', { detail: 'The connection ended meanwhile.' })
  }

  function admit({ organization }: RequestContext, { plugin }: PluginPrincipal, person: Person): void {
    const retryAfterMs = releases.take(`${organization.id}/${plugin.id}/${person.id}`, ports.clock.monotonic())
    if (retryAfterMs === null) return
    ports.metrics.count('refused', 'rate_limited')
    throw new BrokerError('rate_limited', { retryAfterMs })
  }

  function audit(
    context: RequestContext,
    { principal, connectorName }: ExchangeAsked,
    person: Person,
    result: 'done' | 'refused',
  ): Promise<void> {
    const details = { plugin: principal.plugin.definition.name }
    const fields = { result, onBehalfOf: person.id, target: connectorName, details }
    return ports.audit.add([newAuditEvent(ports, context, principal, 'token.released', fields)])
  }
}
