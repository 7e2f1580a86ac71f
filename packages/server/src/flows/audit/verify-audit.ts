import type { OrgId } from '@behalf/contract'
import { chainMessage } from '../../domain/audit-chain.ts'
import { toHex } from '../../domain/bytes.ts'
import type { Ports } from '../../ports/index.ts'

export type AuditVerdict =
  | { readonly kind: 'sound'; readonly events: number; readonly head: string }
  /** The first entry that is not what was sealed, by its place in the chain. */
  | { readonly kind: 'broken'; readonly sequence: number; readonly what: 'altered' | 'missing' | 'tail_cut' }

const BATCH = 1_000

/** Walks an organization's audit chain and names the first bad entry, a cut tail included. `anchor` is a head exported earlier. */
export function createVerifyAudit(ports: Pick<Ports, 'audit' | 'entropy' | 'vault'>) {
  return async function verifyAudit(
    orgId: OrgId,
    anchor?: { readonly sequence: number; readonly mac: string },
  ): Promise<AuditVerdict> {
    let mac: Uint8Array = new Uint8Array(32)
    let sequence = 0
    for (;;) {
      const events = await ports.audit.chain(orgId, sequence + 1, BATCH)
      for (const event of events) {
        sequence += 1
        if (event.sequence !== sequence) return { kind: 'broken', sequence, what: 'missing' }
        mac = await ports.vault.mac(orgId, 'audit', chainMessage(mac, sequence, event))
        if (event.mac === null || !ports.entropy.equal(mac, event.mac))
          return { kind: 'broken', sequence, what: 'altered' }
        if (anchor?.sequence === sequence && anchor.mac !== toHex(mac))
          return { kind: 'broken', sequence, what: 'altered' }
      }
      if (events.length < BATCH) break
    }
    const head = await ports.audit.head(orgId)
    const expected = Math.max(head?.sequence ?? 0, anchor?.sequence ?? 0)
    if (expected > sequence) return { kind: 'broken', sequence: sequence + 1, what: 'tail_cut' }
    if (head !== undefined && !ports.entropy.equal(head.mac, mac)) return { kind: 'broken', sequence, what: 'altered' }
    return { kind: 'sound', events: sequence, head: toHex(mac) }
  }
}
