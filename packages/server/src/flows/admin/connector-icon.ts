import { BrokerError } from '../../domain/broker-error.ts'
import { toHex } from '../../domain/bytes.ts'
import { type Icon, iconFault } from '../../domain/icon.ts'
import type { Principal } from '../../domain/principal.ts'
import type { RequestContext } from '../../domain/request-context.ts'
import type { Ports } from '../../ports/index.ts'
import { newAuditEvent } from '../audit/new-audit-event.ts'
import { readConnectorByName } from './read-connector.ts'

type Needs = Pick<Ports, 'clock' | 'connectors' | 'entropy'>

/** Where a connector's picture comes from: what was uploaded, else the catalogue's of the name that the definition gives. */
export type IconFound = { readonly uploaded: Icon | undefined } | { readonly preset: string }

/** The icon of a connector. */
export function createConnectorIcon(ports: Needs) {
  return {
    /** An uploaded one wins. Throws `connector_not_found`. */
    async readConnectorIcon(context: RequestContext, name: string): Promise<IconFound> {
      const { orgId, id, definition } = await readConnectorByName(ports, context, name)
      const uploaded = await ports.connectors.icon(orgId, id)
      return uploaded === undefined && definition.icon !== undefined ? { preset: definition.icon } : { uploaded }
    },

    /** Keeps an icon that is harmless, or removes it (null). Throws `connector_not_found`, `invalid_request`. */
    async setConnectorIcon(
      context: RequestContext,
      principal: Principal,
      name: string,
      given: Pick<Icon, 'mediaType' | 'bytes'> | null,
    ): Promise<void> {
      const { orgId, id } = await readConnectorByName(ports, context, name)
      const fault = given === null ? undefined : iconFault(given.mediaType, given.bytes)
      if (fault !== undefined)
        throw new BrokerError('invalid_request', { errors: [{ pointer: '/data', reason: fault }] })
      const icon = given && {
        ...given,
        hash: toHex(ports.entropy.sha256Bytes(given.bytes)),
        updatedAt: ports.clock.now(),
      }
      const audit = newAuditEvent(ports, context, principal, 'connector.changed', {
        target: name,
        details: { icon: icon?.hash ?? null },
      })
      await ports.connectors.setIcon(orgId, id, icon, audit)
    },
  }
}
