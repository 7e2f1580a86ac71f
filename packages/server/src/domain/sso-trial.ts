import type { OrgId, SsoTrialId } from '@behalf/contract'
import type { Sealed } from './sealed.ts'

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
  | { readonly kind: 'passed'; readonly claims: TrialClaims }
  | { readonly kind: 'failed'; readonly reason: string }

/** Of the verified ID token of whoever came back. */
export type TrialClaims = {
  readonly issuer: string
  readonly sub: string
  readonly email: string | null
  readonly emailVerified: boolean
  readonly name: string | null
  readonly claims: Readonly<Record<string, unknown>>
}

export const SSO_TRIAL_MS = 30 * 60_000
