import type { Connection } from '../../domain/connection.ts'
import { tokenPlace } from '../../domain/places.ts'
import type { Secret } from '../../domain/secret.ts'
import { joined, parted, type SecretRecord } from '../../domain/secret-record.ts'
import type { Ports } from '../../ports/index.ts'

/** Further tokens of a connection by name. Throws `vault_unavailable`. */
export async function openExtraTokens(
  { vault }: Pick<Ports, 'vault'>,
  { orgId, id, extraTokens }: Connection,
): Promise<SecretRecord> {
  if (extraTokens === null) return {}
  return parted(await vault.open(tokenPlace(orgId, id, 'extra_tokens', extraTokens.secretVersion), extraTokens.sealed))
}

/** Further tokens as the one value that is sealed; null for none. */
export const packedTokens = (tokens: SecretRecord): Secret | null =>
  Object.keys(tokens).length === 0 ? null : joined(tokens)
