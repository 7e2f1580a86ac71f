import type { OrgId, SessionId, SubjectId } from '@behalf/contract'

/** A signed-in browser; the cookie's value is kept as a SHA-256 alone. */
export type Session = {
  readonly id: SessionId
  readonly orgId: OrgId
  readonly hash: Uint8Array
  readonly subjectId: SubjectId
  readonly createdAt: number
  readonly lastSeenAt: number
  readonly expiresAt: number
  readonly userAgent: string | null
}

export const SESSION_IDLE_MS = 8 * 3_600_000
export const SESSION_ABSOLUTE_MS = 24 * 3_600_000
/** `lastSeenAt` is written at most this often. */
export const SESSION_TOUCH_MS = 60_000

export const isSessionLive = (session: Session, now: number): boolean =>
  now < session.expiresAt && now - session.lastSeenAt < SESSION_IDLE_MS
