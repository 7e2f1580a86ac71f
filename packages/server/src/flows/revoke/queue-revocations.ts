import type { Connection } from '../../domain/connection.ts'
import { revocationPlace, tokenPlace } from '../../domain/places.ts'
import { REVOCATION_DEADLINE_MS, type Revocation, type TokenKind } from '../../domain/revocation.ts'
import type { Ports } from '../../ports/index.ts'

const ORDER: readonly TokenKind[] = ['refresh_token', 'access_token']

/**
 * The revocations a connection's tokens need, sealed anew for their own place; the refresh token first, because it often takes the others along.
 * A token that does not open is listed as given up: nothing can be revoked with it.
 */
export async function queueRevocations(
  ports: Pick<Ports, 'clock' | 'vault'>,
  connection: Connection,
  suffix?: 'late',
): Promise<readonly Revocation[]> {
  const now = ports.clock.now()
  const queued: Revocation[] = []
  for (const token of ORDER) {
    const held = token === 'refresh_token' ? connection.refreshToken : connection.accessToken
    if (held === null) continue
    const id = [connection.id, connection.generation, token, suffix].filter(part => part !== undefined).join(':')
    const place = tokenPlace(connection.orgId, connection.id, token, held.secretVersion)
    const opened = await ports.vault.open(place, held.sealed).catch(() => undefined)
    const sealed = opened && {
      sealed: await ports.vault.seal(revocationPlace(connection.orgId, id), opened),
      secretVersion: 1,
    }
    queued.push({
      id,
      orgId: connection.orgId,
      connectionId: connection.id,
      connectorId: connection.connectorId,
      connectorVersion: connection.connectorVersion,
      subjectId: connection.subjectId,
      generation: connection.generation,
      token,
      sealed: sealed ?? null,
      outcome: sealed === undefined ? 'gave_up' : 'pending',
      attempts: 0,
      nextAttemptAt: now,
      deadlineAt: now + REVOCATION_DEADLINE_MS,
      reason: sealed === undefined ? 'seal_broken' : null,
    })
  }
  return queued
}
