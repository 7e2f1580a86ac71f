import type { AuditEvent } from '../../domain/audit-event.ts'
import type { Connection, SealedToken } from '../../domain/connection.ts'
import { tokenPlace } from '../../domain/places.ts'
import type { RequestContext } from '../../domain/request-context.ts'
import type { TokenKind } from '../../domain/revocation.ts'
import type { RefreshedTokens } from '../../ports/connection-store.ts'
import type { Ports } from '../../ports/index.ts'
import { queueRevocations } from '../revoke/queue-revocations.ts'

type Needs = Pick<Ports, 'clock' | 'connections' | 'connectors' | 'revocations' | 'vault'>
export type Stored = 'stored' | 'superseded' | 'late'

/**
 * Writes refreshed tokens where they still belong. A lost race within the generation is merged: the newer answer stays. Tokens of an ended
 * grant are queued for revocation, unless `isOurs` says that somebody else sees to them. `tell` makes the fact of what is written.
 */
export function createStoreRefreshed(ports: Needs) {
  return async function storeRefreshed(
    context: Pick<RequestContext, 'organization'>,
    tokens: RefreshedTokens,
    tell: (stored: RefreshedTokens) => AuditEvent,
    isOurs: () => boolean = () => true,
  ): Promise<Stored> {
    let mine = tokens
    for (;;) {
      const result = await ports.connections.storeRefreshed(mine, tell(mine))
      if (result === 'stored') return 'stored'
      const there = await ports.connections.byId(tokens.orgId, tokens.id)
      if (result === 'gone' || there === undefined) {
        if (isOurs()) await revokeLate(context, mine, there)
        return 'late'
      }
      if (!isLater(mine, there)) return 'superseded'
      mine = await resealAbove(mine, there)
    }
  }

  // By the leases, which follow one another in the store: the clocks of two nodes do not say which answer came later. They are all there is to go by
  // for two answers of which neither has the epoch of its lease, which a journal and a row from before there were epochs have not.
  function isLater(mine: RefreshedTokens, there: Connection): boolean {
    const haveNone = mine.refreshEpoch === 0 && there.refreshEpoch === 0
    return haveNone ? mine.receivedAt > there.receivedAt : mine.refreshEpoch > there.refreshEpoch
  }

  // The place of a sealed value names its version, so a merge seals it anew.
  async function resealAbove(mine: RefreshedTokens, there: Connection): Promise<RefreshedTokens> {
    const again = async (
      kind: TokenKind | 'extra_tokens',
      token: SealedToken,
      newest: SealedToken | null,
    ): Promise<SealedToken> => {
      const value = await ports.vault.open(tokenPlace(mine.orgId, mine.id, kind, token.secretVersion), token.sealed)
      const secretVersion = Math.max(token.secretVersion, newest?.secretVersion ?? 0) + 1
      return {
        sealed: await ports.vault.seal(tokenPlace(mine.orgId, mine.id, kind, secretVersion), value),
        secretVersion,
      }
    }
    return {
      ...mine,
      tokenVersion: there.tokenVersion + 1,
      accessToken: await again('access_token', mine.accessToken, there.accessToken),
      refreshToken: mine.refreshToken && (await again('refresh_token', mine.refreshToken, there.refreshToken)),
      extraTokens: mine.extraTokens && (await again('extra_tokens', mine.extraTokens, there.extraTokens)),
    }
  }

  async function revokeLate(
    _context: Pick<RequestContext, 'organization'>,
    tokens: RefreshedTokens,
    there: Connection | undefined,
  ): Promise<void> {
    // After a reconnect nothing is revoked: at some providers revoking an orphan ends the whole grant, the new one included.
    if (there === undefined || there.status === 'connected') return
    const late = {
      ...there,
      accessToken: tokens.accessToken,
      refreshToken: tokens.refreshToken,
      extraTokens: tokens.extraTokens,
      expiresAt: tokens.expiresAt,
      variables: tokens.variables,
      generation: tokens.generation,
    }
    await ports.revocations.add(await queueRevocations(ports, late, 'late'), [])
  }
}
