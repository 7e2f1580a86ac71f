import { AUTHORIZATION_REQUEST_MS, type AuthorizationRequest } from '../../domain/authorization-request.ts'
import { BrokerError } from '../../domain/broker-error.ts'
import { callbackPath } from '../../domain/connector.ts'
import { verifierPlace } from '../../domain/places.ts'
import type { Principal } from '../../domain/principal.ts'
import type { RequestContext } from '../../domain/request-context.ts'
import { safeReturnTo } from '../../domain/return-to.ts'
import { secret } from '../../domain/secret.ts'
import type { Ports } from '../../ports/index.ts'
import { newAuditEvent } from '../audit/new-audit-event.ts'
import { createDescribeConnect } from './describe-connect.ts'
import { createOpenConnectLink } from './open-connect-link.ts'
import type { VisibleNeeds } from './visible-connectors.ts'

export type BeginConnect = {
  readonly connectorName: string
  readonly pluginName?: string | undefined
  readonly linkToken?: string | undefined
  readonly returnTo?: string | undefined
  readonly browserToken: string | undefined
}

export type ConnectBegun = {
  /** The provider's authorization endpoint, whole. */
  readonly location: string
  /** For the flow cookie; the callback counts only with it. */
  readonly browserToken: string
  readonly displayName: string
  readonly nextHost: string
}

type Needs = Pick<
  Ports,
  | 'authorizationRequests'
  | 'clock'
  | 'connectLinks'
  | 'connections'
  | 'connectors'
  | 'entropy'
  | 'metrics'
  | 'plugins'
  | 'provider'
  | 'urls'
  | 'vault'
> &
  VisibleNeeds

/**
 * Begins one authorization request for the signed-in person (RFC 6749 4.1.1, RFC 7636), durable before the browser leaves.
 * Throws `connector_not_found`, `connector_not_approved`, `plugin_not_found`, `link_expired`, `wrong_person`.
 */
export function createBeginConnect(ports: Needs) {
  const describeConnect = createDescribeConnect(ports)
  const openConnectLink = createOpenConnectLink(ports)

  return async function beginConnect(
    context: RequestContext,
    principal: Extract<Principal, { kind: 'session' }>,
    asked: BeginConnect,
  ): Promise<ConnectBegun> {
    const link =
      asked.linkToken === undefined ? undefined : (await openConnectLink(context, principal, asked.linkToken)).link
    const described = await describeConnect(context, principal, asked.connectorName, {
      pluginName: asked.pluginName,
      link,
    })
    const { connector, scope } = described
    const orgId = context.organization.id

    const state = ports.entropy.randomToken(32)
    const stateHash = ports.entropy.sha256(state)
    const verifier = connector.definition.auth.pkce === 'none' ? null : secret(ports.entropy.randomToken(32))
    const browserToken = asked.browserToken ?? ports.entropy.randomToken(32)
    const path = callbackPath(connector.definition)
    const redirectUri = ports.urls.ofOrganization(context.organization.slug) + path
    const location = await ports.provider.authorizationUrl(connector, { redirectUri, state, verifier, scope })
    const now = ports.clock.now()
    const request: AuthorizationRequest = {
      orgId,
      stateHash,
      connectorId: connector.id,
      connectorVersion: connector.version,
      subjectId: principal.person.id,
      sessionId: principal.sessionId,
      browserHash: ports.entropy.sha256(browserToken),
      callbackPath: path,
      verifier: verifier && (await ports.vault.seal(verifierPlace(orgId, stateHash), verifier)),
      scope,
      pluginId: described.plugin?.id ?? null,
      linkId: link?.id ?? null,
      returnTo: link?.returnTo ?? safeReturnTo(asked.returnTo),
      createdAt: now,
      expiresAt: now + AUTHORIZATION_REQUEST_MS,
      outcome: null,
    }
    if (link !== undefined && !(await ports.connectLinks.use(orgId, link.id, now)))
      throw new BrokerError('link_expired')
    const details = { scope, plugin: described.plugin?.definition.name ?? null }
    const audit = newAuditEvent(ports, context, principal, 'connect.begun', {
      onBehalfOf: principal.person.id,
      target: connector.name,
      details,
    })
    await ports.authorizationRequests.add(request, audit)
    ports.metrics.count('connects', 'begun')
    return { location, browserToken, displayName: described.displayName, nextHost: new URL(location).host }
  }
}
