import type { Fault } from '@behalf/contract'
import { BrokerError } from '../../domain/broker-error.ts'
import type { Connector, PublicDefinition } from '../../domain/connector.ts'
import { ENDPOINTS } from '../../domain/endpoints.ts'
import { hostPatterns } from '../../domain/host-pattern.ts'
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

/** Of a template, what is written out is judged now, and what people choose when it is called. */
async function badUrls(
  ports: Pick<Ports, 'outbound'>,
  { organization }: Pick<RequestContext, 'organization'>,
  definition: PublicDefinition,
): Promise<readonly Fault[]> {
  const faults = namedUrls(definition).map(async ([pointer, template]) => {
    const fixed = hostPatterns(definition, template).filter(origin => !origin.includes('*'))
    const refused = await Promise.all(
      fixed.map(url =>
        ports.outbound.check(url, { orgSlug: organization.slug }).then(
          () => false,
          () => true,
        ),
      ),
    )
    // Under a domain of which there are many hosts, one that cannot be called is no fault of the others.
    const isBad = fixed.length > 0 && refused.every(Boolean)
    return isBad ? { pointer, reason: 'not an address that may be called (see BEHALF_OUTBOUND_ALLOW)' } : undefined
  })
  return (await Promise.all(faults)).filter(fault => fault !== undefined)
}

function namedUrls({
  base_url,
  auth,
  gateway,
  account,
}: PublicDefinition): readonly (readonly [pointer: string, url: string])[] {
  const all: readonly (readonly [pointer: string, url: string | undefined])[] = [
    ['/base_url', base_url],
    ...ENDPOINTS.map(endpoint => [`/auth/${endpoint}`, auth[endpoint]] as const),
    ['/auth/issuer', auth.issuer],
    ...Object.entries(auth.discovered ?? {}).flatMap(([name, url]) =>
      name.endsWith('_url') && typeof url === 'string' ? [['/auth/issuer', url] as const] : [],
    ),
    ...Object.entries(gateway.base_urls).map(([name, url]) => [`/gateway/base_urls/${name}`, url] as const),
    ...(auth.revocation?.steps ?? []).map(({ url }, index) => [`/auth/revocation/steps/${index}/url`, url] as const),
    ['/auth/second_exchange/url', auth.second_exchange?.url],
    ['/auth/refresh/exchange/url', auth.refresh.exchange?.url],
    ['/account/request/url', account.request?.url],
  ]
  return all.filter((entry): entry is readonly [string, string] => entry[1] !== undefined)
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

const namesIssuer = ({ auth }: PublicDefinition): boolean =>
  auth.issuer !== undefined && (auth.iss_required || auth.discovered?.iss_parameter === true)
