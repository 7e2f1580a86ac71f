import { BrokerError } from '../../domain/broker-error.ts'
import type { Connector } from '../../domain/connector.ts'
import type { ClientCredentials } from '../../domain/outcome.ts'
import { clientSecretPlace, connectorSecretsPlace } from '../../domain/places.ts'
import type { RequestContext } from '../../domain/request-context.ts'
import { parted, type SecretRecord } from '../../domain/secret-record.ts'
import type { Values } from '../../domain/template.ts'
import type { Ports } from '../../ports/index.ts'
import type { Client } from '../../ports/provider-client.ts'

/** A connector with its secrets opened and the values of one connection, ready for the protocol. Throws `vault_unavailable`. */
export async function openClient(
  ports: Pick<Ports, 'vault'>,
  context: Pick<RequestContext, 'organization'>,
  connector: Connector,
  values: Values,
): Promise<Client> {
  const credentials = await openCredentials(ports, connector)
  return { definition: connector.definition, credentials, target: targetOf(context, connector, credentials), values }
}

/** For whom a request leaves, with the client certificate where the connector has one for this purpose (RFC 8705). */
export function targetOf(
  { organization }: Pick<RequestContext, 'organization'>,
  { definition }: Pick<Connector, 'definition'>,
  { tlsClientKey }: ClientCredentials,
  purpose: 'token' | 'api' = 'token',
): Client['target'] {
  const tls = definition.auth.tls_client
  if (tls === undefined || !tls.at.includes(purpose)) return { orgSlug: organization.slug }
  if (tlsClientKey === null || tlsClientKey === undefined)
    throw new BrokerError('connector_misconfigured', { detail: 'The client certificate has no key.' })
  return { orgSlug: organization.slug, tls: { certificate: tls.certificate, key: tlsClientKey } }
}

/** Every secret of a connector. Throws `vault_unavailable`. */
export async function openCredentials(
  { vault }: Pick<Ports, 'vault'>,
  { orgId, id, clientSecret, secrets }: Connector,
): Promise<ClientCredentials> {
  const opened =
    clientSecret && (await vault.open(clientSecretPlace(orgId, id, clientSecret.secretVersion), clientSecret.sealed))
  if (secrets === null) return { clientSecret: opened }
  const place = connectorSecretsPlace(orgId, id, secrets.secretVersion)
  const named = parted(await vault.open(place, secrets.sealed))
  return {
    clientSecret: opened,
    previousClientSecret: named['previous_client_secret'] ?? null,
    privateKey: named['private_key'] ?? null,
    tlsClientKey: named['tls_client_key'] ?? null,
    variables: variablesOf(named),
  }
}

const VARIABLE = 'variables.'
const variablesOf = (named: SecretRecord): SecretRecord =>
  Object.fromEntries(
    Object.entries(named).flatMap(([name, value]) =>
      name.startsWith(VARIABLE) ? [[name.slice(VARIABLE.length), value]] : [],
    ),
  )
