import type { ConnectorId, ConnectorSecrets, Fault } from '@behalf/contract'
import { BrokerError } from '../../domain/broker-error.ts'
import type { Connector, PublicDefinition } from '../../domain/connector.ts'
import { connectorSecretsPlace } from '../../domain/places.ts'
import type { RequestContext } from '../../domain/request-context.ts'
import { secret } from '../../domain/secret.ts'
import { joined, parted } from '../../domain/secret-record.ts'
import type { Ports } from '../../ports/index.ts'

/** Secrets as a write gives them: what is left out is kept, null removes, an empty text keeps. */
export type SecretsPatch = { readonly [Name in keyof ConnectorSecrets]?: ConnectorSecrets[Name] | null }
type Before = Connector['secrets']

/**
 * What becomes of a connector's further secrets on a write; all of them are one sealed value. Variables that the definition does not declare as
 * secret are refused. Throws `invalid_request`.
 */
export async function sealConnectorSecrets(
  ports: Pick<Ports, 'clock' | 'vault'>,
  { organization }: Pick<RequestContext, 'organization'>,
  id: ConnectorId,
  {
    definition,
    patch,
    before,
  }: { readonly definition: PublicDefinition; readonly patch: SecretsPatch | undefined; readonly before: Before },
): Promise<Before> {
  if (patch === undefined || Object.keys(patch).length === 0) return before
  refuseUnknown(definition, patch)
  const old = before === null ? {} : parted(await ports.vault.open(placeOf(before.secretVersion), before.sealed))
  const merged = { ...old }
  for (const [name, given] of flat(patch)) {
    if (given === null) delete merged[name]
    else if (given !== '') merged[name] = secret(given)
  }
  const names = Object.keys(merged)
  if (names.length === 0) return null
  const secretVersion = (before?.secretVersion ?? 0) + 1
  const sealed = await ports.vault.seal(placeOf(secretVersion), joined(merged))
  return { sealed, secretVersion, updatedAt: ports.clock.now(), names }

  function placeOf(version: number) {
    return connectorSecretsPlace(organization.id, id, version)
  }
}

/** Variables as `variables.{name}`; where they are removed as a whole, none is named. */
function flat({ variables, ...others }: SecretsPatch): readonly (readonly [name: string, given: string | null])[] {
  const named = Object.entries(variables ?? {}).map(([name, value]) => [`variables.${name}`, value] as const)
  return [
    ...Object.entries(others).filter((entry): entry is [string, string | null] => entry[1] !== undefined),
    ...named,
  ]
}

/** The names of those that a write gives anew. */
export const givenAnew = (patch: SecretsPatch | undefined): readonly string[] =>
  flat(patch ?? {}).flatMap(([name, given]) => (given === null || given === '' ? [] : [name]))

function refuseUnknown({ variables }: PublicDefinition, patch: SecretsPatch): void {
  const given = Object.keys(patch.variables ?? {})
  const errors: Fault[] = given
    .filter(name => !Object.hasOwn(variables, name) || variables[name]?.secret !== true)
    .map(name => ({ pointer: `/auth/secrets/variables/${name}`, reason: 'not a secret variable of this connector' }))
  if (errors.length > 0) throw new BrokerError('invalid_request', { detail: 'The body is not valid.', errors })
}
