import type { Fault } from '@behalf/contract'
import { BrokerError } from '../../domain/broker-error.ts'
import type { Connector, PublicDefinition } from '../../domain/connector.ts'
import type { RequestContext } from '../../domain/request-context.ts'
import type { Ports } from '../../ports/index.ts'

/** Judges what a schema cannot: hosts that may never be called, and who may share the organization's callback. Throws `invalid_request`. */
export async function judgeDefinition(
  ports: Pick<Ports, 'connectors' | 'outbound'>,
  context: Pick<RequestContext, 'organization'>,
  definition: PublicDefinition,
): Promise<void> {
  const errors = [...(await badUrls(ports, context, definition)), ...(await badCallback(ports, context, definition))]
  if (errors.length > 0)
    throw new BrokerError('invalid_request', { detail: 'The connector cannot be like this.', errors })
}

async function badUrls(
  ports: Pick<Ports, 'outbound'>,
  { organization }: Pick<RequestContext, 'organization'>,
  { base_url, auth }: PublicDefinition,
): Promise<readonly Fault[]> {
  const urls: readonly (readonly [pointer: string, url: string | undefined])[] = [
    ['/base_url', base_url],
    ['/auth/authorization_url', auth.authorization_url],
    ['/auth/token_url', auth.token_url],
    ['/auth/revoke_url', auth.revoke_url],
    ['/auth/issuer', auth.issuer],
  ]
  const faults = urls.map(async ([pointer, url]) => {
    if (url === undefined) return undefined
    const refused = await ports.outbound.check(url, { orgSlug: organization.slug }).catch((error: unknown) => error)
    return refused === undefined
      ? undefined
      : { pointer, reason: 'not an address that may be called (see BEHALF_OUTBOUND_ALLOW)' }
  })
  return (await Promise.all(faults)).filter(fault => fault !== undefined)
}

// RFC 9700 4.4: one redirect URI for several authorization servers invites mix-up, unless each answer names its issuer.
async function badCallback(
  ports: Pick<Ports, 'connectors'>,
  { organization }: Pick<RequestContext, 'organization'>,
  definition: PublicDefinition,
): Promise<readonly Fault[]> {
  const { auth, name } = definition
  if (
    auth.callback === 'dedicated' ||
    namesIssuer(definition) ||
    organization.callbackPolicy === 'shared_callback_accepted'
  )
    return []
  const shares = (other: Connector) =>
    other.name !== name && other.definition.auth.callback === 'organization' && !namesIssuer(other.definition)
  if (!(await ports.connectors.all(organization.id)).some(shares)) return []
  const reason =
    'another connector uses it already; configure an issuer that always returns iss, or have an admin accept the risk (callback_policy)'
  return [{ pointer: '/auth/callback', reason }]
}

const namesIssuer = ({ auth }: PublicDefinition): boolean => auth.issuer !== undefined && auth.iss_required
