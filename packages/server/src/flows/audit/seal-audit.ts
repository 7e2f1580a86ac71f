import type { OrgId } from '@behalf/contract'
import { chainMessage } from '../../domain/audit-chain.ts'
import type { AuditEvent } from '../../domain/audit-event.ts'
import type { Ports } from '../../ports/index.ts'

const BATCH = 500
const GENESIS = new Uint8Array(32)

/** Chains the audit events that have no place yet, each organization's by itself; how many were sealed. */
export function createSealAudit(ports: Pick<Ports, 'audit' | 'vault'>) {
  return async function sealAudit(): Promise<number> {
    let sealed = 0
    for (const orgId of await ports.audit.orgsWithUnsealed()) sealed += await sealOrganization(orgId)
    return sealed
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
