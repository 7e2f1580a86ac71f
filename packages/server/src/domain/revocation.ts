import type { ConnectionId, ConnectorId, OrgId, SubjectId } from '@behalf/contract'
import type { SealedToken } from './connection.ts'
import type { StepToken } from './revocation-steps.ts'
import type { Values } from './template.ts'

export type TokenKind = 'refresh_token' | 'access_token'
export type RevocationOutcome = 'pending' | 'revoked' | 'already_gone' | 'unsupported' | 'gave_up' | 'cancelled'

/** One token waiting for its own revocation (RFC 7009). Durable: it outlives restarts until its outcome or deadline. */
export type Revocation = {
  /** `{connection}:{generation}:{step}:{token}`, or with `:late` for a token that arrived after the disconnect. */
  readonly id: string
  readonly orgId: OrgId
  readonly connectionId: ConnectionId
  readonly connectorId: ConnectorId
  readonly connectorVersion: number
  readonly subjectId: SubjectId
  readonly generation: number
  /** Its place among the connector's revocation steps; a step waits for those before it. */
  readonly step: number
  readonly token: StepToken
  /** The connection's variables; null for what was queued as a bare token. */
  readonly variables: Values | null
  /** Null once erased. */
  readonly sealed: SealedToken | null
  readonly outcome: RevocationOutcome
  readonly attempts: number
  readonly nextAttemptAt: number
  readonly deadlineAt: number
  readonly reason: string | null
}

/** How long an unconfirmed revocation is retried before its token is erased. */
export const REVOCATION_DEADLINE_MS = 72 * 3_600_000

/** Exponential back-off from 5 s, or what a step says, to 1 h; full jitter, but for a step's own pause; `random` in [0, 1). */
export function revocationDelayMs(attempts: number, random: number, firstMs?: number): number {
  const most = Math.min(3_600_000, (firstMs ?? 10_000) * 2 ** (Math.min(attempts, 11) - 1))
  return firstMs === undefined ? Math.round(1_000 + random * most) : Math.round(most * (1 + random / 10))
}

/** Done or already gone: the token is dead at the provider as far as it tells. */
export const isConfirmed = (outcome: RevocationOutcome): boolean => outcome === 'revoked' || outcome === 'already_gone'
