import { AUTHORIZATION_REQUEST_MS, type AuthorizationRequest } from '../../domain/authorization-request.ts'
import { BrokerError } from '../../domain/broker-error.ts'
import { type Connector, callbackPath, displayName } from '../../domain/connector.ts'
import { verifierPlace } from '../../domain/places.ts'
import type { Principal } from '../../domain/principal.ts'
import type { RequestContext } from '../../domain/request-context.ts'
import { safeReturnTo } from '../../domain/return-to.ts'
import { secret } from '../../domain/secret.ts'
import type { Values } from '../../domain/template.ts'
import { admitted, askedVariables } from '../../domain/variables.ts'
import type { Ports } from '../../ports/index.ts'
import { newAuditEvent } from '../audit/new-audit-event.ts'
import { openClient } from '../token/open-client.ts'
import { createFindOffer } from './find-offer.ts'
import { createOpenConnectLink } from './open-connect-link.ts'
import type { VisibleNeeds } from './visible-connectors.ts'

export type BeginConnect = {
  readonly connectorName: string
  readonly pluginName?: string | undefined
  readonly linkToken?: string | undefined
  readonly returnTo?: string | undefined
  /** What the person answered for the connector's variables. */
  readonly variables?: Values
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
  const findOffer = createFindOffer(ports)
  const openConnectLink = createOpenConnectLink(ports)

  return async function beginConnect(
    context: RequestContext,
    principal: Extract<Principal, { kind: 'session' }>,
    asked: BeginConnect,
  ): Promise<ConnectBegun> {
    const link =
      asked.linkToken === undefined ? undefined : (await openConnectLink(context, principal, asked.linkToken)).link
    const offer = await findOffer(context, principal, asked.connectorName, { pluginName: asked.pluginName, link })
    const { connector, plugin, scope } = offer
    const orgId = context.organization.id

    const state = ports.entropy.randomToken(32)
    const stateHash = ports.entropy.sha256(state)
    const verifier = connector.definition.auth.pkce === 'none' ? null : secret(newVerifier(ports, connector))
    const browserToken = asked.browserToken ?? ports.entropy.randomToken(32)
    const path = callbackPath(connector.definition)
    const redirectUri = ports.urls.ofOrganization(context.organization.slug) + path
    const variables = answers(connector, { ...link?.variables, ...asked.variables })
    const client = await openClient(ports, context, connector, variables)
    const now = ports.clock.now()
    const reconnect = offer.existing !== null
    const parts = { redirectUri, state, verifier, scope, reconnect, now }
    const location = await ports.provider.authorizationUrl(client, parts)
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
      variables,
      pluginId: plugin?.id ?? null,
      linkId: link?.id ?? null,
      returnTo: link?.returnTo ?? safeReturnTo(asked.returnTo),
      createdAt: now,
      expiresAt: now + AUTHORIZATION_REQUEST_MS,
      outcome: null,
    }
    if (link !== undefined && !(await ports.connectLinks.use(orgId, link.id, now)))
      throw new BrokerError('link_expired')
    const details = { scope, plugin: plugin?.definition.name ?? null }
    const audit = newAuditEvent(ports, context, principal, 'connect.begun', {
      onBehalfOf: principal.person.id,
      target: connector.name,
      details,
    })
    await ports.authorizationRequests.add(request, audit)
    ports.metrics.count('connects', 'begun')
    return { location, browserToken, displayName: displayName(connector), nextHost: new URL(location).host }
  }
}

/** RFC 7636 4.1: 43 to 128 characters. */
function newVerifier({ entropy }: Pick<Ports, 'entropy'>, { definition }: Connector): string {
  const { pkce_verifier_length } = definition.auth
  return (entropy.randomToken(48) + entropy.randomToken(48)).slice(0, pkce_verifier_length)
}

/** What the person answered, as the variables take it. Throws `invalid_request` with a pointer to each answer that does not fit. */
function answers({ definition }: Connector, given: Values): Values {
  const values: Record<string, string> = {}
  const errors = []
  for (const [name, variable] of askedVariables(definition)) {
    const raw = (Object.hasOwn(given, name) ? given[name] : undefined) ?? ''
    const value = admitted(variable, raw)
    if (value !== undefined) values[name] = value
    else if (raw.trim() !== '' || variable.default === undefined)
      errors.push({ pointer: `/variables/${name}`, reason: variable.help ?? 'not a value that is taken here' })
  }
  if (errors.length > 0) throw new BrokerError('invalid_request', { detail: 'An answer does not fit.', errors })
  return values
}
