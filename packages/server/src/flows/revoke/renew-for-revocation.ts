import type { SealedToken } from '../../domain/connection.ts'
import { revocationPlace, tokenPlace } from '../../domain/places.ts'
import type { Revocation, TokenKind } from '../../domain/revocation.ts'
import type { Secret } from '../../domain/secret.ts'
import { isSame } from '../../domain/secret-record.ts'
import type { TokenSet } from '../../domain/token-set.ts'
import type { RefreshedTokens } from '../../ports/connection-store.ts'
import type { Ports } from '../../ports/index.ts'
import type { Client } from '../../ports/provider-client.ts'
import { type HeldForRevocation, packed, unpacked } from './held-for-revocation.ts'

export type RenewNeeds = Pick<Ports, 'clock' | 'entropy' | 'journal' | 'provider' | 'revocations' | 'vault'>
const DEADLINE_MS = 10_000

/**
 * Renews the access token where a step needs a live one, for its revocation alone; every pending revocation of the grant gets what came back
 * before it is used, because the old refresh token may just have been rotated away. Until they have it, it is in the refresh journal: whoever
 * reconciles that finds the grant's generation gone and queues the tokens as late.
 */
export async function renewForRevocation(
  ports: RenewNeeds,
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
  const attemptId = ports.entropy.randomToken()
  try {
    await ports.journal.stage({ attemptId, tokens: await sealedForJournal(ports, revocation, tokenSet) })
    const renewed = renewedWith(held, tokenSet)
    await resealAll(ports, revocation, renewed)
    await ports.journal.settle(attemptId)
    return renewed(held)
  } finally {
    // What could not be kept stays in the journal, for whoever reconciles that.
    ports.journal.leave(attemptId)
  }
}

type Renewed = (old: HeldForRevocation) => HeldForRevocation

/** Puts the new tokens in the place of those they replace. */
function renewedWith({ accessToken, refreshToken }: HeldForRevocation, tokenSet: TokenSet): Renewed {
  const replaced = (one: Secret | null): Secret | null => {
    if (one === null) return null
    if (accessToken !== null && isSame(one, accessToken)) return tokenSet.accessToken
    return refreshToken !== null && isSame(one, refreshToken) ? (tokenSet.refreshToken ?? one) : one
  }
  return old => ({
    token: replaced(old.token),
    accessToken: replaced(old.accessToken),
    refreshToken: replaced(old.refreshToken),
  })
}

async function resealAll(
  ports: Pick<RenewNeeds, 'revocations' | 'vault'>,
  { orgId, connectionId, generation }: Revocation,
  renewed: Renewed,
): Promise<void> {
  const others = (await ports.revocations.ofConnection(orgId, connectionId)).filter(
    other => other.generation === generation && other.outcome === 'pending' && other.sealed !== null,
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
}

async function sealedForJournal(
  { clock, vault }: Pick<Ports, 'clock' | 'vault'>,
  { orgId, connectionId, generation, variables }: Revocation,
  { accessToken, refreshToken, expiresAt, refreshExpiresAt, values }: TokenSet,
): Promise<RefreshedTokens> {
  const seal = async (kind: TokenKind, token: Secret): Promise<SealedToken> => ({
    sealed: await vault.seal(tokenPlace(orgId, connectionId, kind, 1), token),
    secretVersion: 1,
  })
  return {
    orgId,
    id: connectionId,
    generation,
    // The grant has ended: no connection is at this version of it.
    tokenVersion: 0,
    refreshEpoch: 0,
    accessToken: await seal('access_token', accessToken),
    refreshToken: refreshToken && (await seal('refresh_token', refreshToken)),
    receivedAt: clock.now(),
    expiresAt,
    grantedScope: null,
    variables: { ...variables, ...values },
    extraTokens: null,
    refreshExpiresAt,
  }
}
