import { revocationPlace } from '../../domain/places.ts'
import type { Revocation } from '../../domain/revocation.ts'
import type { Secret } from '../../domain/secret.ts'
import { isSame } from '../../domain/secret-record.ts'
import type { Ports } from '../../ports/index.ts'
import type { Client } from '../../ports/provider-client.ts'
import { type HeldForRevocation, packed, unpacked } from './held-for-revocation.ts'

type Needs = Pick<Ports, 'clock' | 'provider' | 'revocations' | 'vault'>
const DEADLINE_MS = 10_000

/**
 * Renews the access token where a step needs a live one, for its revocation alone; every pending revocation of the grant gets what came back
 * before it is used, because the old refresh token may just have been rotated away.
 */
export async function renewForRevocation(
  ports: Needs,
  client: Client,
  revocation: Revocation,
  held: HeldForRevocation,
): Promise<HeldForRevocation> {
  const { accessToken, refreshToken } = held
  if (accessToken === null || refreshToken === null) return held
  const outcome = await ports.provider.refresh(
    client,
    { accessToken, refreshToken, scope: [] },
    { deadlineMs: DEADLINE_MS, receivedAt: () => ports.clock.now() },
  )
  if (outcome.kind !== 'refreshed') return held
  const { tokenSet } = outcome
  const replaced = (one: Secret | null): Secret | null => {
    if (one === null) return null
    if (isSame(one, accessToken)) return tokenSet.accessToken
    return isSame(one, refreshToken) ? (tokenSet.refreshToken ?? one) : one
  }
  const renewed = (old: HeldForRevocation): HeldForRevocation => ({
    token: replaced(old.token),
    accessToken: replaced(old.accessToken),
    refreshToken: replaced(old.refreshToken),
  })
  const others = (await ports.revocations.ofConnection(revocation.orgId, revocation.connectionId)).filter(
    other => other.generation === revocation.generation && other.outcome === 'pending' && other.sealed !== null,
  )
  for (const other of others) {
    if (other.sealed === null) continue
    const place = revocationPlace(other.orgId, other.id)
    const old = unpacked(await ports.vault.open(place, other.sealed.sealed), other.variables === null)
    await ports.revocations.reseal({
      ...other,
      sealed: { sealed: await ports.vault.seal(place, packed(renewed(old))), secretVersion: 1 },
    })
  }
  return renewed(held)
}
