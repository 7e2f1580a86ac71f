import { connectorDefinition } from '@behalf/contract'
import { BrokerError } from '../../domain/broker-error.ts'
import { type Connector, hostsOf } from '../../domain/connector.ts'
import { mergePatch } from '../../domain/merge-patch.ts'
import { parseWhole } from '../../domain/parse-whole.ts'
import type { Principal } from '../../domain/principal.ts'
import type { RequestContext } from '../../domain/request-context.ts'
import type { Ports } from '../../ports/index.ts'
import { newAuditEvent } from '../audit/new-audit-event.ts'
import { refuseAdminFields } from './create-connector.ts'
import { judgeDefinition } from './judge-definition.ts'
import { readConnectorByName } from './read-connector.ts'
import { sealClientSecret } from './seal-client-secret.ts'

type Needs = Pick<Ports, 'clock' | 'connectors' | 'entropy' | 'outbound' | 'vault'>

/**
 * Applies a merge patch as a new version; requests in flight finish on the old one, and new hosts wait for approval again.
 * Throws `connector_not_found`, `version_conflict`, `invalid_request`, `forbidden`.
 */
export function createUpdateConnector(ports: Needs) {
  return async function updateConnector(
    context: RequestContext,
    principal: Principal,
    name: string,
    { patch, version }: { readonly patch: Readonly<Record<string, unknown>>; readonly version: number },
  ): Promise<Connector> {
    const before = await readConnectorByName(ports, context, name)
    if (before.version !== version) throw new BrokerError('version_conflict')
    const { secretPatch, rest } = apartFromSecret(patch)
    const definition = parseWhole(connectorDefinition, mergePatch(before.definition, rest))
    if (definition.name !== name)
      throw new BrokerError('invalid_request', { errors: [{ pointer: '/name', reason: 'cannot be changed' }] })
    refuseAdminFields(principal, {
      approve: false,
      openToAll: definition.open_to_all && !before.definition.open_to_all,
    })
    const { client_secret: _, secrets: __, ...auth } = definition.auth
    const plain = { ...definition, auth }
    await judgeDefinition(ports, context, plain)
    const clientSecret = await sealClientSecret(ports, context, before.id, secretPatch, before.clientSecret)
    const after: Connector = {
      ...before,
      definition: plain,
      clientSecret: plain.auth.client_authentication === 'none' ? null : clientSecret,
      version: before.version + 1,
      updatedAt: ports.clock.now(),
    }
    const details = { version: after.version, changed: Object.keys(patch), hosts: hostsOf(plain) }
    const audit = [newAuditEvent(ports, context, principal, 'connector.changed', { target: name, details })]
    if (after.clientSecret !== before.clientSecret)
      audit.push(newAuditEvent(ports, context, principal, 'connector.secret_set', { target: name }))
    if (!(await ports.connectors.update(after, audit))) throw new BrokerError('version_conflict')
    return after
  }
}

function apartFromSecret(patch: Readonly<Record<string, unknown>>): {
  secretPatch: string | null | undefined
  rest: Readonly<Record<string, unknown>>
} {
  const auth = patch['auth']
  if (typeof auth !== 'object' || auth === null || !Object.hasOwn(auth, 'client_secret'))
    return { secretPatch: undefined, rest: patch }
  const { client_secret: given, ...others } = auth as Record<string, unknown>
  if (given !== null && (typeof given !== 'string' || !/^[\x20-\x7E\u2022\u25cf]{0,2000}$/.test(given))) {
    throw new BrokerError('invalid_request', {
      errors: [{ pointer: '/auth/client_secret', reason: 'printable ASCII' }],
    })
  }
  return { secretPatch: given, rest: { ...patch, auth: others } }
}
