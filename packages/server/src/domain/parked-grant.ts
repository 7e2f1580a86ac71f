import type { ConnectorId, OrgId, SubjectId } from '@behalf/contract'
import type { AccountSite } from './account.ts'
import type { Sealed } from './sealed.ts'

/** What a person is asked about a grant that has just been given. */
export type GrantQuestion =
  /** The account is another one than before. */
  | { readonly kind: 'other_account'; readonly before: string | null; readonly after: string | null }
  /** One consent covers several sites. */
  | { readonly kind: 'choose_site'; readonly sites: readonly AccountSite[] }

/** A grant that waits for its person's answer, sealed; nothing uses it meanwhile. */
export type ParkedGrant = {
  readonly id: string
  readonly orgId: OrgId
  readonly subjectId: SubjectId
  readonly connectorId: ConnectorId
  readonly connectorVersion: number
  /** The token set and what was asked, as one sealed value. */
  readonly sealed: Sealed
  readonly question: GrantQuestion
  readonly returnTo: string
  readonly createdAt: number
  readonly expiresAt: number
}

export const PARKED_GRANT_MS = 900_000
