import type { ConnectorCheckAsked } from '@behalf/contract'
import { BrokerError } from '../../domain/broker-error.ts'
import { type CheckName, type CheckResult, findingsOf } from '../../domain/check.ts'
import { type Connector, callbackPath, isApproved } from '../../domain/connector.ts'
import { may } from '../../domain/permission.ts'
import { type Principal, principalName } from '../../domain/principal.ts'
import { createRateLimit } from '../../domain/rate.ts'
import type { RequestContext } from '../../domain/request-context.ts'
import { allValues } from '../../domain/variables.ts'
import type { Ports } from '../../ports/index.ts'
import { readConnectorByName } from '../admin/read-connector.ts'
import { newAuditEvent } from '../audit/new-audit-event.ts'
import { openClient } from '../token/open-client.ts'
import { checkClientAuthentication } from './check-client-authentication.ts'
import { checkDiscovery } from './check-discovery.ts'
import { checkEndpoints } from './check-endpoints.ts'
import { checkHealth, type HealthNeeds } from './check-health.ts'
import { checkRecipe } from './check-recipe.ts'
import { checkRedirectUri } from './check-redirect-uri.ts'

export type CheckNeeds = Pick<
  Ports,
  'audit' | 'catalogue' | 'clock' | 'connectors' | 'entropy' | 'outbound' | 'provider' | 'urls' | 'vault'
> &
  Partial<HealthNeeds>

export type ConnectorCheck = {
  readonly connector: string
  readonly checkedAt: number
  readonly results: readonly CheckResult[]
}

/** Three at once, then one in twenty seconds: every check sends a made-up code to somebody else's token endpoint. */
const CHECKS = { burst: 3, perSecond: 0.05 }

/**
 * Asks a connector's provider whether it would work: each finding with what was sent, what came back and what to change. Nothing is kept but
 * the audit, nothing is changed at the provider. SECURITY: a client secret and tokens go to hosts that this principal may send them to, alone. Throws `connector_not_found`, `rate_limited`, `vault_unavailable`.
 */
export function createCheckConnector(ports: CheckNeeds) {
  const rate = createRateLimit(CHECKS)

  return async function checkConnector(
    context: RequestContext,
    principal: Principal | 'system',
    name: string,
    asked: ConnectorCheckAsked,
  ): Promise<ConnectorCheck> {
    const connector = await readConnectorByName(ports, context, name)
    const retryAfterMs = rate.take(`${connector.orgId}/${connector.id}`, ports.clock.monotonic())
    if (retryAfterMs !== null) throw new BrokerError('rate_limited', { retryAfterMs })
    const { definition } = connector
    const client = await openClient(ports, context, connector, allValues(definition, asked.variables))
    const redirectUri =
      definition.auth.authorization_request.redirect_uri ??
      ports.urls.ofOrganization(context.organization.slug) + callbackPath(definition)
    const { result, metadata } = await checkDiscovery(ports, client)
    const patient = { client, redirectUri, metadata }
    const isTrusted = maySendSecrets(connector, principal)
    const results = [
      result,
      ...(await checkEndpoints(ports, patient)),
      ...(isTrusted
        ? [
            ...(await checkClientAuthentication(ports, patient, asked.client_authentication)),
            ...(await checkRedirectUri(ports, patient)),
          ]
        : [unapproved('client_authentication'), unapproved('redirect_uri')]),
      ...(await checkRecipe(ports, patient)),
      ...(isTrusted ? await checkHealth(ports, context, principal, connector) : [unapproved('health')]),
    ]
    const failed = results.filter(({ outcome }) => outcome === 'failed')
    const details = { failed: [...new Set(failed.map(({ check }) => check))] }
    await ports.audit.add([newAuditEvent(ports, context, principal, 'connector.checked', { target: name, details })])
    return { connector: name, checkedAt: ports.clock.now(), results }
  }
}

/** As connecting: after an admin approved the hosts, else for the author; and for those who could approve them. */
const maySendSecrets = (connector: Connector, principal: Principal | 'system'): boolean =>
  principal === 'system' ||
  isApproved(connector) ||
  connector.author === principalName(principal) ||
  may(principal.roles, 'connector.approve')

const unapproved = (check: CheckName): CheckResult =>
  findingsOf(check).skipped(check, {
    advice: 'It would send secrets to hosts that no admin approved yet: have them approved first.',
  })
