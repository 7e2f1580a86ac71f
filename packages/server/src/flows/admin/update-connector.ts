import { connectorDefinition, connectorSecrets } from '@behalf/contract'
import { BrokerError } from '../../domain/broker-error.ts'
import { type Connector, hostsOf, type PublicDefinition } from '../../domain/connector.ts'
import { mergePatch } from '../../domain/merge-patch.ts'
import { parseWhole } from '../../domain/parse-whole.ts'
import type { Principal } from '../../domain/principal.ts'
import type { RequestContext } from '../../domain/request-context.ts'
import type { Ports } from '../../ports/index.ts'
import { newAuditEvent } from '../audit/new-audit-event.ts'
import { refuseAdminFields } from './create-connector.ts'
import { prepareDefinition } from './prepare-definition.ts'
import { readConnectorByName } from './read-connector.ts'
import { refuseSecretsElsewhere } from './refuse-secrets-elsewhere.ts'
import { sealClientSecret } from './seal-client-secret.ts'
import { type SecretsPatch, sealConnectorSecrets } from './seal-connector-secrets.ts'

type Needs = Pick<Ports, 'clock' | 'connectors' | 'entropy' | 'outbound' | 'provider' | 'vault'>

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
    const { secretPatch, secretsPatch, rest } = apartFromSecrets(patch)
    const definition = parseWhole(connectorDefinition, mergePatch(withoutDiscovery(before.definition), rest))
    if (definition.name !== name)
      throw new BrokerError('invalid_request', { errors: [{ pointer: '/name', reason: 'cannot be changed' }] })
    refuseAdminFields(principal, {
      approve: false,
      openToAll: definition.open_to_all && !before.definition.open_to_all,
    })
    const plain = await prepareDefinition(ports, context, definition)
    const clientSecret = await sealClientSecret(ports, context, before.id, secretPatch, before.clientSecret)
    const secrets = { definition: plain, patch: secretsPatch, before: before.secrets }
    const after: Connector = {
      ...before,
      definition: plain,
      clientSecret: plain.auth.client_authentication === 'none' ? null : clientSecret,
      secrets: await sealConnectorSecrets(ports, context, before.id, secrets),
      version: before.version + 1,
      updatedAt: ports.clock.now(),
    }
    refuseSecretsElsewhere(principal, before, after, secretsPatch)
    const details = { version: after.version, changed: Object.keys(patch), hosts: hostsOf(plain) }
    const audit = [newAuditEvent(ports, context, principal, 'connector.changed', { target: name, details })]
    if (after.clientSecret !== before.clientSecret || after.secrets !== before.secrets)
      audit.push(newAuditEvent(ports, context, principal, 'connector.secret_set', { target: name }))
    if (!(await ports.connectors.update(after, audit))) throw new BrokerError('version_conflict')
    return after
  }
}

/** What discovery said belongs to the save before; this one asks anew. */
export function withoutDiscovery(definition: PublicDefinition): PublicDefinition {
  const { discovered: _, ...auth } = definition.auth
  return { ...definition, auth }
}

function apartFromSecrets(patch: Readonly<Record<string, unknown>>): {
  secretPatch: string | null | undefined
  secretsPatch: SecretsPatch | undefined
  rest: Readonly<Record<string, unknown>>
} {
  const auth = patch['auth']
  if (typeof auth !== 'object' || auth === null || Array.isArray(auth))
    return { secretPatch: undefined, secretsPatch: undefined, rest: patch }
  const { client_secret, secrets, ...others } = auth as Record<string, unknown>
  return {
    secretPatch: readSecret(client_secret),
    secretsPatch: secrets === undefined ? undefined : readSecrets(secrets),
    rest: { ...patch, auth: others },
  }
}

function readSecret(given: unknown): string | null | undefined {
  if (given === undefined || given === null) return given
  if (typeof given === 'string' && /^[\x20-\x7E\u2022\u25cf]{0,2000}$/.test(given)) return given
  throw new BrokerError('invalid_request', {
    errors: [{ pointer: '/auth/client_secret', reason: 'printable ASCII' }],
  })
}

/** Each judged by the contract; null removes. Throws `invalid_request`. */
function readSecrets(given: unknown): SecretsPatch {
  if (given === null) return { previous_client_secret: null, private_key: null, tls_client_key: null }
  if (typeof given !== 'object' || Array.isArray(given))
    throw new BrokerError('invalid_request', { errors: [{ pointer: '/auth/secrets', reason: 'an object' }] })
  const isKept = ([, value]: [string, unknown]) => value === null || value === ''
  const set = Object.entries(given).filter(entry => !isKept(entry))
  parseWhole(
    connectorSecrets,
    Object.fromEntries(set.map(([name, value]) => [name, name === 'variables' ? setOnes(value) : value])),
  )
  return given as SecretsPatch
}

const setOnes = (variables: unknown): unknown =>
  typeof variables === 'object' && variables !== null
    ? Object.fromEntries(Object.entries(variables).filter(([, value]) => value !== null))
    : variables
