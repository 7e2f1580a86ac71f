import type { OrgId, Role } from '@behalf/contract'
import type { RosterClaims } from './roster.ts'
import type { Sealed } from './sealed.ts'

/** The isolation boundary. Its slug is the first label of its host where `BEHALF_URL` holds `{org}`. */
export type Organization = {
  readonly id: OrgId
  readonly slug: string
  readonly name: string
  readonly sso: {
    readonly issuer: string
    readonly clientId: string
    readonly clientSecret: Sealed
    readonly secretVersion: number
  }
  readonly callbackPolicy: 'safe' | 'shared_callback_accepted'
  /** Days without fresh SSO proof after which a person counts as suspended; null is off. */
  readonly subjectIdleDays: number | null
  /** Whether developers may ask people for debug windows; off unless an admin switched it on. */
  readonly debugWindows: boolean
  readonly roleMapping: RoleMapping | null
  readonly rosterClaims: RosterClaims | null
  /** A launch to more people than this is strict; ten at most, and only ever lowered. */
  readonly strictAbove: number
  /** Days that call log entries are kept; those with content go earlier. */
  readonly callLogDays: number
  /** SHA-256 of the uploaded logo, hex; null where there is none. */
  readonly logo: string | null
  /** SHA-256 of the one-time code with which the first admin claims the role; null once used. */
  readonly adminClaimHash: Uint8Array | null
  readonly createdAt: number
  readonly version: number
}

export type RoleMapping = { readonly claim: string; readonly values: Partial<Record<Role, readonly string[]>> }
