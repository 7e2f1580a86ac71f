import type { OrgId, SsoTrialId } from '@behalf/contract'
import type { Sealed } from './sealed.ts'

/** One trip to the organization's SSO; used once. */
export type SignInRequest = {
  readonly orgId: OrgId
  readonly stateHash: Uint8Array
  readonly browserHash: Uint8Array
  /** `{nonce, verifier}` as JSON. */
  readonly sealed: Sealed
  readonly returnTo: string
  /** The trial of other SSO settings that it belongs to; null for a sign-in. */
  readonly trialId: SsoTrialId | null
  readonly expiresAt: number
}
