import type { OrgId } from '@behalf/contract'
import type { Sealed } from '../domain/sealed.ts'

/** An answer kept for a repeated `Idempotency-Key`; sealed, because it may hold a key that is shown once. */
type KeptAnswer = { readonly requestHash: Uint8Array; readonly sealed: Sealed | null }

export type IdempotencyStore = {
  /** Claims the key for a request, or returns what is there. */
  begin(
    orgId: OrgId,
    principal: string,
    key: string,
    requestHash: Uint8Array,
    now: number,
  ): Promise<KeptAnswer | 'begun'>
  finish(orgId: OrgId, principal: string, key: string, sealed: Sealed | null): Promise<void>
  sweep(before: number): Promise<number>
}
