import type { ConnectionId, OrgId, RevocationStep } from '@behalf/contract'
import { BrokerError } from '../../domain/broker-error.ts'
import type { ConnectionStatus } from '../../domain/connection.ts'
import type { Connector } from '../../domain/connector.ts'
import type { Organization } from '../../domain/organization.ts'
import type { RevokeOutcome } from '../../domain/outcome.ts'
import { revocationPlace } from '../../domain/places.ts'
import { isConfirmed, type Revocation, revocationDelayMs } from '../../domain/revocation.ts'
import { revocationSteps } from '../../domain/revocation-steps.ts'
import type { Ports } from '../../ports/index.ts'
import { newAuditEvent } from '../audit/new-audit-event.ts'
import type { UnderWay } from '../request/under-way.ts'
import { openClient } from '../token/open-client.ts'
import { unpacked } from './held-for-revocation.ts'
import { renewForRevocation } from './renew-for-revocation.ts'

type Needs = Pick<
  Ports,
  'clock' | 'connectors' | 'entropy' | 'journal' | 'metrics' | 'organizations' | 'provider' | 'revocations' | 'vault'
> & { readonly underWay: UnderWay }

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
    /** Those that are due anywhere, until it is to stop; how many were taken. */
    async due(stop?: AbortSignal): Promise<number> {
      const claimed = await ports.revocations.claimDue(ports.clock.now(), CLAIM_MS, BATCH)
      for (const revocation of claimed) if (stop?.aborted !== true) await attempt(revocation)
      return claimed.length
    },
  }

  async function attempt(revocation: Revocation): Promise<void> {
    const { orgId, connectorId, connectorVersion, connectionId } = revocation
    const organization = await ports.organizations.byId(orgId)
    const connector = await ports.connectors.atVersion(orgId, connectorId, connectorVersion)
    if (organization === undefined || connector === undefined || revocation.sealed === null) return
    if (await isBehindAnother(revocation)) return
    const steps = revocationSteps(connector.definition)
    const outcome = await send(organization, connector, steps[revocation.step], revocation)
    ports.metrics.count('revocation_attempts', outcome.kind)
    const settled = next(revocation, outcome, steps[revocation.step])
    const audit = newAuditEvent(ports, { organization }, 'system', action(settled), {
      result: isConfirmed(settled.outcome) ? 'done' : 'failed',
      onBehalfOf: revocation.subjectId,
      target: connectionId,
      details: {
        token: revocation.token,
        step: revocation.step,
        outcome: settled.outcome,
        reason: settled.reason,
        attempts: settled.attempts,
      },
    })
    await ports.revocations.settle(settled, all => statusOf(all, steps), audit)
  }

  // Steps run in order: a later one would take away what an earlier one still needs.
  async function isBehindAnother({ orgId, connectionId, generation, step }: Revocation): Promise<boolean> {
    if (step === 0) return false
    const others = await ports.revocations.ofConnection(orgId, connectionId)
    return others.some(other => other.generation === generation && other.step < step && other.outcome === 'pending')
  }

  async function send(
    organization: Organization,
    connector: Connector,
    step: RevocationStep | undefined,
    revocation: Revocation,
  ): Promise<RevokeOutcome> {
    if (step === undefined) return { kind: 'unsupported' }
    const current = (await ports.revocations.ofConnection(revocation.orgId, revocation.connectionId)).find(
      ({ id }) => id === revocation.id,
    )
    const sealed = (current ?? revocation).sealed
    if (sealed === null) return { kind: 'failed', reason: 'seal_broken', retryAfterMs: null }
    try {
      const opened = await ports.vault.open(revocationPlace(revocation.orgId, revocation.id), sealed.sealed)
      const client = await openClient(ports, { organization }, connector, revocation.variables ?? {})
      const held = unpacked(opened, revocation.variables === null)
      const fresh = step.needs_fresh_access_token
        ? await ports.underWay.add(renewForRevocation(ports, client, revocation, held))
        : held
      return await ports.provider.revoke(client, step, { ...fresh, kind: revocation.token }, ports.clock.now())
    } catch (error) {
      const reason = error instanceof BrokerError ? error.code : 'vault_unavailable'
      return { kind: 'failed', reason, retryAfterMs: null }
    }
  }

  function next(revocation: Revocation, outcome: RevokeOutcome, step: RevocationStep | undefined): Revocation {
    const attempts = revocation.attempts + 1
    if (outcome.kind !== 'failed') return { ...revocation, attempts, outcome: outcome.kind, reason: null, sealed: null }
    const { attempts: most = Infinity, first_delay_s } = step?.retry ?? {}
    const first = first_delay_s === undefined ? undefined : first_delay_s * 1000
    const delay = Math.max(
      revocationDelayMs(attempts, ports.entropy.jitter(), first),
      Math.min(outcome.retryAfterMs ?? 0, 3_600_000),
    )
    const nextAttemptAt = ports.clock.now() + delay
    const isFinal = step?.best_effort === true && /^(http_4|invalid_|unsupported)/.test(outcome.reason)
    if (isFinal || attempts >= most || nextAttemptAt >= revocation.deadlineAt) {
      return { ...revocation, attempts, outcome: 'gave_up', reason: outcome.reason, sealed: null }
    }
    return { ...revocation, attempts, outcome: 'pending', reason: outcome.reason, nextAttemptAt }
  }
}

const action = (revocation: Revocation) =>
  isConfirmed(revocation.outcome) ? 'connection.revoked' : 'connection.unconfirmed'

/** `unsupported` for one token while another was revoked is no failure; nothing is called revoked unproven. */
function statusOf(all: readonly Revocation[], steps: readonly RevocationStep[]): ConnectionStatus {
  const counted = all.filter(({ step, outcome }) => steps[step]?.best_effort !== true || isConfirmed(outcome))
  const proven = counted.some(revocation => isConfirmed(revocation.outcome))
  const sound = counted.every(revocation => isConfirmed(revocation.outcome) || revocation.outcome === 'unsupported')
  return proven && sound ? 'revoked' : 'disconnected_unconfirmed'
}
