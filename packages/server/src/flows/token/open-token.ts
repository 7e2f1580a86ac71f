import { BrokerError } from '../../domain/broker-error.ts'
import type { Connection } from '../../domain/connection.ts'
import { tokenPlace } from '../../domain/places.ts'
import type { RequestContext } from '../../domain/request-context.ts'
import type { TokenKind } from '../../domain/revocation.ts'
import type { Secret } from '../../domain/secret.ts'
import type { Ports } from '../../ports/index.ts'
import { newAuditEvent } from '../audit/new-audit-event.ts'

/**
 * Opens one token of a connection. Bytes that do not open where they stand were moved or altered: the connection is marked, and audited.
 * Throws `connection_required` where there is no such token, `reconnect_required`, `vault_unavailable`.
 */
export async function openToken(
  ports: Pick<Ports, 'audit' | 'clock' | 'connections' | 'entropy' | 'vault'>,
  context: Pick<RequestContext, 'organization'>,
  connection: Connection,
  kind: TokenKind,
): Promise<Secret> {
  const token = kind === 'access_token' ? connection.accessToken : connection.refreshToken
  if (token === null) throw new BrokerError('connection_required')
  try {
    return await ports.vault.open(tokenPlace(connection.orgId, connection.id, kind, token.secretVersion), token.sealed)
  } catch (error) {
    if (!isBroken(error)) throw error
    const audit = newAuditEvent(ports, context, 'system', 'connection.seal_broken', {
      result: 'refused',
      onBehalfOf: connection.subjectId,
      target: connection.id,
      details: { token: kind },
    })
    const { orgId, id, generation, tokenVersion } = connection
    await ports.connections.mark(orgId, id, generation, tokenVersion, 'reconnect_required', 'seal_broken', audit)
    throw new BrokerError('reconnect_required', { connectionId: id, cause: error })
  }
}

const isBroken = (error: unknown): boolean =>
  error instanceof BrokerError &&
  error.code === 'vault_unavailable' &&
  error.cause instanceof Error &&
  error.cause.name === 'SealBroken'
