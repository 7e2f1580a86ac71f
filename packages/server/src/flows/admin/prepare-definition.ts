import type { ConnectorDefinition, Discovered } from '@behalf/contract'
import { BrokerError } from '../../domain/broker-error.ts'
import type { PublicDefinition } from '../../domain/connector.ts'
import type { RequestContext } from '../../domain/request-context.ts'
import type { Ports } from '../../ports/index.ts'
import { judgeDefinition } from './judge-definition.ts'

type Needs = Pick<Ports, 'connectors' | 'outbound' | 'provider'>

/**
 * A definition as it is kept: without secrets, with what its issuer's metadata says now where it leaves endpoints out. Endpoints are fixed by a
 * save, so that what was approved and previewed is what is used. Throws `invalid_request`.
 */
export async function prepareDefinition(
  ports: Needs,
  context: Pick<RequestContext, 'organization'>,
  definition: ConnectorDefinition,
): Promise<PublicDefinition> {
  const { client_secret: _, secrets: __, ...auth } = definition.auth
  const discovered = await discover(ports, context, definition)
  const plain = { ...definition, auth: { ...auth, ...(discovered === undefined ? {} : { discovered }) } }
  await judgeDefinition(ports, context, plain)
  return plain
}

async function discover(
  { provider, outbound }: Needs,
  { organization }: Pick<RequestContext, 'organization'>,
  { auth }: ConnectorDefinition,
): Promise<Discovered | undefined> {
  const { issuer } = auth
  if (issuer === undefined || !leavesOut(auth)) return undefined
  const target = { orgSlug: organization.slug }
  const refused = (reason: string) =>
    new BrokerError('invalid_request', {
      detail: 'The issuer could not be discovered.',
      errors: [{ pointer: '/auth/issuer', reason }],
    })
  await outbound.check(issuer, target).catch(() => {
    throw refused('not an address that may be called (see BEHALF_OUTBOUND_ALLOW)')
  })
  const outcome = await provider.discover(target, issuer, auth.discovery)
  if (outcome.kind === 'failed') throw refused(outcome.reason)
  const { discovered } = outcome
  for (const endpoint of ['authorization_url', 'token_url'] as const)
    if (auth[endpoint] === undefined && discovered[endpoint] === undefined)
      throw refused(`the metadata names no ${endpoint === 'token_url' ? 'token_endpoint' : 'authorization_endpoint'}`)
  return discovered
}

/** Whether anything the definition relies on is left to discovery. */
const leavesOut = (auth: ConnectorDefinition['auth']): boolean =>
  auth.authorization_url === undefined ||
  auth.token_url === undefined ||
  (auth.authorization_request.pushed && auth.pushed_authorization_request_url === undefined) ||
  (auth.token_response.expires.from === 'introspection' && auth.introspection_url === undefined)
