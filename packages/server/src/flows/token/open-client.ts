import type { Connector } from '../../domain/connector.ts'
import { clientSecretPlace } from '../../domain/places.ts'
import type { RequestContext } from '../../domain/request-context.ts'
import type { Ports } from '../../ports/index.ts'
import type { Client } from '../../ports/provider-client.ts'

/** A connector with its client secret opened, ready for the protocol. */
export async function openClient(
  ports: Pick<Ports, 'vault'>,
  context: Pick<RequestContext, 'organization'>,
  connector: Connector,
): Promise<Client> {
  const stored = connector.clientSecret
  const clientSecret =
    stored &&
    (await ports.vault.open(clientSecretPlace(connector.orgId, connector.id, stored.secretVersion), stored.sealed))
  return {
    definition: connector.definition,
    credentials: { clientSecret },
    target: { orgSlug: context.organization.slug },
  }
}
