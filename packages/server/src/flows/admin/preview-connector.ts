import type { ConnectorDefinition } from '@behalf/contract'
import { callbackPath, type PublicDefinition } from '../../domain/connector.ts'
import type { RequestContext } from '../../domain/request-context.ts'
import type { PreviewedRequest } from '../../domain/request-preview.ts'
import type { Ports } from '../../ports/index.ts'
import { prepareDefinition } from './prepare-definition.ts'
import { readConnectorByName } from './read-connector.ts'

type Needs = Pick<Ports, 'clock' | 'connectors' | 'outbound' | 'provider' | 'urls'>

/** Shows what a connector will send, made by the code that sends it, without sending anything but the discovery of an unsaved one's issuer. */
export function createPreviewConnector(ports: Needs) {
  return { previewDefinition, previewConnector }

  /** Of a definition that is not saved. Throws `invalid_request`, `connector_misconfigured`. */
  async function previewDefinition(context: RequestContext, definition: ConnectorDefinition) {
    return preview(context, await prepareDefinition(ports, context, definition))
  }

  /** Throws `connector_not_found`, `connector_misconfigured`. */
  async function previewConnector(context: RequestContext, name: string) {
    const { definition } = await readConnectorByName(ports, context, name)
    return preview(context, definition)
  }

  async function preview(
    { organization }: RequestContext,
    definition: PublicDefinition,
  ): Promise<{ readonly callbackUrl: string; readonly requests: readonly PreviewedRequest[] }> {
    const callbackUrl = ports.urls.ofOrganization(organization.slug) + callbackPath(definition)
    const requests = await ports.provider.preview({ definition }, { redirectUri: callbackUrl, now: ports.clock.now() })
    return { callbackUrl, requests }
  }
}
