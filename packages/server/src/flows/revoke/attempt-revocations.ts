import type { ConnectionId, OrgId } from '@behalf/contract'
import type { ConnectionStatus } from '../../domain/connection.ts'
import type { Connector } from '../../domain/connector.ts'
import type { Organization } from '../../domain/organization.ts'
import type { RevokeOutcome } from '../../domain/outcome.ts'
import { revocationPlace } from '../../domain/places.ts'
import { isConfirmed, type Revocation, revocationDelayMs } from '../../domain/revocation.ts'
import type { Ports } from '../../ports/index.ts'
import { newAuditEvent } from '../audit/new-audit-event.ts'
import { openClient } from '../token/open-client.ts'

type Needs = Pick<
  Ports,
  'clock' | 'connectors' | 'entropy' | 'metrics' | 'organizations' | 'provider' | 'revocations' | 'vault'
>

/** Longer than a revocation may take, so that no second node tries the same token meanwhile. */
const CLAIM_MS = 30_000
const BATCH = 20

/** Tries queued revocations at their providers, each token with its own outcome (RFC 7009). */
export function createAttemptRevocations(ports: Needs) {
  return {
    /** Those of one connection. */
    async ofConnection(orgId: OrgId, id: ConnectionId): Promise<void> {
      for (const revocation of await ports.revocations.claimOf(orgId, id, ports.clock.now(), CLAIM_MS))
        await attempt(revocation)
    },
    /** Those that are due anywhere; how many were tried. */
    async due(): Promise<number> {
      const claimed = await ports.revocations.claimDue(ports.clock.now(), CLAIM_MS, BATCH)
      for (const revocation of claimed) await attempt(revocation)
      return claimed.length
    },
  }

  async function attempt(revocation: Revocation): Promise<void> {
    const organization = await ports.organizations.byId(revocation.orgId)
    const connector = await ports.connectors.atVersion(
      revocation.orgId,
      revocation.connectorId,
      revocation.connectorVersion,
    )
    if (organization === undefined || connector === undefined || revocation.sealed === null) return
    const outcome = await send(organization, connector, revocation, revocation.sealed.sealed)
    ports.metrics.count('revocation_attempts', outcome.kind)
    const settled = next(revocation, outcome)
    const audit = newAuditEvent(ports, { organization }, 'system', action(settled), {
      result: isConfirmed(settled.outcome) ? 'done' : 'failed',
      onBehalfOf: revocation.subjectId,
      target: revocation.connectionId,
      details: {
        token: revocation.token,
        outcome: settled.outcome,
        reason: settled.reason,
        attempts: settled.attempts,
      },
    })
    await ports.revocations.settle(settled, statusOf, audit)
  }

  async function send(
    organization: Organization,
    connector: Connector,
    revocation: Revocation,
    sealed: NonNullable<Revocation['sealed']>['sealed'],
  ): Promise<RevokeOutcome> {
    try {
      const token = await ports.vault.open(revocationPlace(revocation.orgId, revocation.id), sealed)
      const client = await openClient(ports, { organization }, connector)
      return await ports.provider.revoke(client, token, revocation.token)
    } catch {
      return { kind: 'failed', reason: 'vault_unavailable', retryAfterMs: null }
    }
  }

  function next(revocation: Revocation, outcome: RevokeOutcome): Revocation {
    const attempts = revocation.attempts + 1
    if (outcome.kind !== 'failed') return { ...revocation, attempts, outcome: outcome.kind, reason: null, sealed: null }
    const delay = Math.max(
      revocationDelayMs(attempts, ports.entropy.jitter()),
      Math.min(outcome.retryAfterMs ?? 0, 3_600_000),
    )
    const nextAttemptAt = ports.clock.now() + delay
    if (nextAttemptAt >= revocation.deadlineAt) {
      return { ...revocation, attempts, outcome: 'gave_up', reason: outcome.reason, sealed: null }
    }
    return { ...revocation, attempts, outcome: 'pending', reason: outcome.reason, nextAttemptAt }
  }
}

const action = (revocation: Revocation) =>
  isConfirmed(revocation.outcome) ? 'connection.revoked' : 'connection.unconfirmed'

/** `unsupported` for one token while another was revoked is no failure; nothing is called revoked unproven. */
function statusOf(all: readonly Revocation[]): ConnectionStatus {
  const proven = all.some(revocation => isConfirmed(revocation.outcome))
  const sound = all.every(revocation => isConfirmed(revocation.outcome) || revocation.outcome === 'unsupported')
  return proven && sound ? 'revoked' : 'disconnected_unconfirmed'
}
