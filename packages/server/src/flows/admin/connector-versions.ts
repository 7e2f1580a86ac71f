import { connectorDefinition } from '@behalf/contract'
import { BrokerError } from '../../domain/broker-error.ts'
import type { Connector } from '../../domain/connector.ts'
import { parseWhole } from '../../domain/parse-whole.ts'
import type { Principal } from '../../domain/principal.ts'
import type { RequestContext } from '../../domain/request-context.ts'
import type { Ports } from '../../ports/index.ts'
import type { Page, PageRequest } from '../../ports/page.ts'
import { newAuditEvent } from '../audit/new-audit-event.ts'
import { refuseAdminFields } from './create-connector.ts'
import { prepareDefinition } from './prepare-definition.ts'
import { readConnectorByName } from './read-connector.ts'
import { refuseSecretsElsewhere } from './refuse-secrets-elsewhere.ts'
import { withoutDiscovery } from './update-connector.ts'

type Needs = Pick<Ports, 'clock' | 'connectors' | 'entropy' | 'outbound' | 'provider'>

/** Former versions of a connector: every update keeps the one before. */
export function createConnectorVersions(ports: Needs) {
  return {
    /** Newest first. Throws `connector_not_found`. */
    async listConnectorVersions(context: RequestContext, name: string, page: PageRequest): Promise<Page<Connector>> {
      const { orgId, id } = await readConnectorByName(ports, context, name)
      return ports.connectors.versions(orgId, id, page)
    },

    /**
     * Makes a former definition the newest version; secrets stay as they are now, and hosts that are new again wait for approval.
     * Throws `connector_not_found`, `not_found`, `version_conflict`, `invalid_request`, `forbidden`.
     */
    async restoreConnectorVersion(
      context: RequestContext,
      principal: Principal,
      name: string,
      { restored, version }: { readonly restored: number; readonly version: number },
    ): Promise<Connector> {
      const before = await readConnectorByName(ports, context, name)
      if (before.version !== version) throw new BrokerError('version_conflict')
      const former = await ports.connectors.atVersion(before.orgId, before.id, restored)
      if (former === undefined) throw new BrokerError('not_found')
      const definition = parseWhole(connectorDefinition, withoutDiscovery(former.definition))
      refuseAdminFields(principal, {
        approve: false,
        openToAll: definition.open_to_all && !before.definition.open_to_all,
      })
      const after: Connector = {
        ...before,
        definition: await prepareDefinition(ports, context, definition),
        version: before.version + 1,
        updatedAt: ports.clock.now(),
      }
      refuseSecretsElsewhere(principal, before, after, undefined)
      const details = { version: after.version, restored }
      const audit = [newAuditEvent(ports, context, principal, 'connector.changed', { target: name, details })]
      if (!(await ports.connectors.update(after, audit))) throw new BrokerError('version_conflict')
      return after
    },
  }
}
