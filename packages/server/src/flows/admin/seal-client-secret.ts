import type { ConnectorId } from '@behalf/contract'
import type { SealedClientSecret } from '../../domain/connector.ts'
import { clientSecretPlace } from '../../domain/places.ts'
import type { RequestContext } from '../../domain/request-context.ts'
import { secret } from '../../domain/secret.ts'
import type { Ports } from '../../ports/index.ts'

const MASK = /^[*\u2022\u25cf.]+$/

/**
 * What becomes of a client secret on a write: a new one is sealed; an empty box and a mask that was sent back keep the old one; undefined keeps
 * it too; null removes it.
 */
export async function sealClientSecret(
  ports: Pick<Ports, 'clock' | 'vault'>,
  { organization }: Pick<RequestContext, 'organization'>,
  id: ConnectorId,
  given: string | null | undefined,
  before: SealedClientSecret | null,
): Promise<SealedClientSecret | null> {
  if (given === null) return null
  if (given === undefined || given === '' || MASK.test(given)) return before
  const secretVersion = (before?.secretVersion ?? 0) + 1
  const sealed = await ports.vault.seal(clientSecretPlace(organization.id, id, secretVersion), secret(given))
  return { sealed, secretVersion, updatedAt: ports.clock.now() }
}
