import type { RevocationStep } from '@behalf/contract'
import type { Connection, SealedToken } from '../../domain/connection.ts'
import { revocationPlace, tokenPlace } from '../../domain/places.ts'
import { REVOCATION_DEADLINE_MS, type Revocation } from '../../domain/revocation.ts'
import { revocationSteps, type StepToken, tokensOf } from '../../domain/revocation-steps.ts'
import type { Secret } from '../../domain/secret.ts'
import { parted } from '../../domain/secret-record.ts'
import type { Ports } from '../../ports/index.ts'
import { type HeldForRevocation, packed } from './held-for-revocation.ts'

type Needs = Pick<Ports, 'clock' | 'connectors' | 'vault'>
type Opened = ReadonlyMap<StepToken, Secret | undefined>
const BOTH: readonly StepToken[] = ['refresh_token', 'access_token']

/**
 * The revocations a connection needs: one for each token of each step, sealed anew for its own place with what else the step needs.
 * A token that does not open is listed as given up: nothing can be revoked with it. Where the connector knows no step, its tokens are listed still.
 */
export async function queueRevocations(
  ports: Needs,
  connection: Connection,
  suffix?: 'late',
): Promise<readonly Revocation[]> {
  const { orgId, connectorId, connectorVersion } = connection
  const connector = await ports.connectors.atVersion(orgId, connectorId, connectorVersion)
  const steps = connector === undefined ? [] : revocationSteps(connector.definition)
  const opened = await openTokens(ports, connection)
  const queued: Revocation[] = []
  for (const [index, step] of (steps.length === 0 ? [undefined] : steps).entries()) {
    for (const token of step === undefined ? BOTH : tokensOf(step)) {
      if (token !== 'none' && !opened.has(token)) continue
      queued.push(await queueOne(ports, connection, { index, step, token, suffix }, opened))
    }
  }
  return queued
}

async function queueOne(
  ports: Needs,
  connection: Connection,
  {
    index,
    step,
    token,
    suffix,
  }: { index: number; step: RevocationStep | undefined; token: StepToken; suffix: 'late' | undefined },
  opened: Opened,
): Promise<Revocation> {
  const { id: connectionId, orgId, connectorId, connectorVersion, subjectId, generation, variables } = connection
  const id = [connectionId, generation, index, token, suffix].filter(part => part !== undefined).join(':')
  const own = token === 'none' ? null : opened.get(token)
  const now = ports.clock.now()
  const held = own === undefined ? undefined : needed(step, own, opened)
  const sealed = held && {
    sealed: await ports.vault.seal(revocationPlace(orgId, id), packed(held)),
    secretVersion: 1,
  }
  return {
    id,
    orgId,
    connectionId,
    connectorId,
    connectorVersion,
    subjectId,
    generation,
    step: index,
    token,
    variables,
    sealed: sealed ?? null,
    outcome: sealed === undefined ? 'gave_up' : 'pending',
    attempts: 0,
    nextAttemptAt: now,
    deadlineAt: now + (step?.retry.for_s === undefined ? REVOCATION_DEADLINE_MS : step.retry.for_s * 1000),
    reason: sealed === undefined ? 'seal_broken' : null,
  }
}

/** The token, and of the others what its step names or needs in order to have a fresh one. */
function needed(step: RevocationStep | undefined, token: Secret | null, opened: Opened): HeldForRevocation {
  const text = JSON.stringify(step ?? {})
  const fresh = step?.needs_fresh_access_token === true
  const access = fresh || step?.authentication === 'bearer_access_token' || text.includes('{access_token}')
  const refresh = fresh || text.includes('{refresh_token}')
  return {
    token,
    accessToken: (access ? opened.get('access_token') : null) ?? null,
    refreshToken: (refresh ? opened.get('refresh_token') : null) ?? null,
  }
}

async function openTokens(ports: Needs, connection: Connection): Promise<Opened> {
  const { orgId, id, accessToken, refreshToken, extraTokens } = connection
  const open = (column: 'access_token' | 'refresh_token' | 'extra_tokens', { sealed, secretVersion }: SealedToken) =>
    ports.vault.open(tokenPlace(orgId, id, column, secretVersion), sealed).catch(() => undefined)
  const opened = new Map<StepToken, Secret | undefined>()
  if (refreshToken !== null) opened.set('refresh_token', await open('refresh_token', refreshToken))
  if (accessToken !== null) opened.set('access_token', await open('access_token', accessToken))
  const further = extraTokens && (await open('extra_tokens', extraTokens))
  for (const [name, value] of Object.entries(further == null ? {} : parted(further))) opened.set(name, value)
  return opened
}
