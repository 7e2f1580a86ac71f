import type { OrgId } from '@behalf/contract'
import { chainMessage } from '../../domain/audit-chain.ts'
import type { AuditEvent } from '../../domain/audit-event.ts'
import type { Ports } from '../../ports/index.ts'

const BATCH = 500
const GENESIS = new Uint8Array(32)
/** A node that is at it goes on; when it is gone another one takes over after so long. */
const LEASE_MS = 2_000
/** The lease is renewed when no more than this is left of it. */
const RENEW_MS = 1_000

/**
 * Chains the audit events that have no place yet, each organization's by itself, on the node that holds the sealer's lease; how many were sealed.
 * The lease saves work: what keeps the chain whole is that its head moves by compare-and-set.
 */
export function createSealAudit(ports: Pick<Ports, 'audit' | 'clock' | 'jobLeases' | 'journal' | 'vault'>) {
  const heldUntil = new Map<OrgId, number>()

  return async function sealAudit(): Promise<number> {
    let sealed = 0
    for (const orgId of await ports.audit.orgsWithUnsealed())
      if (await holds(orgId)) sealed += await sealOrganization(orgId)
    return sealed
  }

  async function holds(orgId: OrgId): Promise<boolean> {
    const now = ports.clock.monotonic()
    if ((heldUntil.get(orgId) ?? 0) - now > RENEW_MS) return true
    const held = await ports.jobLeases.hold(orgId, 'seal_audit', ports.journal.node, LEASE_MS)
    if (held) heldUntil.set(orgId, now + LEASE_MS)
    else heldUntil.delete(orgId)
    return held
  }

  async function sealOrganization(orgId: OrgId): Promise<number> {
    const events = await ports.audit.unsealed(orgId, BATCH)
    const head = (await ports.audit.head(orgId)) ?? { sequence: 0, mac: GENESIS }
    const links: { event: AuditEvent; sequence: number; mac: Uint8Array }[] = []
    let { sequence, mac } = head
    for (const event of events) {
      sequence += 1
      mac = await ports.vault.mac(orgId, 'audit', chainMessage(mac, sequence, event))
      links.push({ event, sequence, mac })
    }
    // Another sealer may have been first: then nothing is written, and the next round reads its head.
    return links.length > 0 && (await ports.audit.seal(orgId, head.sequence, links)) ? links.length : 0
  }
}
