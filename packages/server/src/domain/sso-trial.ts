import type { OrgId, SsoTrialId } from '@behalf/contract'
import type { Sealed } from './sealed.ts'
import type { SignInClaims } from './sign-in-claims.ts'

/** Other SSO settings that are tried by one real sign-in before they count. */
export type SsoTrial = {
  readonly id: SsoTrialId
  readonly orgId: OrgId
  /** Who asked for it, and alone may sign in and save. */
  readonly principal: string
  readonly issuer: string
  readonly clientId: string
  readonly clientSecret: Sealed
  /** Null until somebody came back. */
  readonly outcome: SsoTrialOutcome | null
  readonly expiresAt: number
}

export type SsoTrialOutcome =
  /** `claims` are of the verified ID token of whoever came back. */
  { readonly kind: 'passed'; readonly claims: SignInClaims } | { readonly kind: 'failed'; readonly reason: string }

export const SSO_TRIAL_MS = 30 * 60_000
