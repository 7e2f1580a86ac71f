import type { OrgId, SubjectId } from '@behalf/contract'
import type { AuditEvent } from '../domain/audit-event.ts'
import type { RosterEntry } from '../domain/roster.ts'

/** What was imported about people, by e-mail. */
export type RosterStore = {
  byEmails(orgId: OrgId, emails: readonly string[]): Promise<readonly RosterEntry[]>
  /** Writes entries, and what they say to the rows of the subjects they belong to, in one step. */
  import(
    orgId: OrgId,
    entries: readonly RosterEntry[],
    /** Subjects that an entry no longer belongs to: nothing imported is known of them any more. */
    released: readonly SubjectId[],
    audit: AuditEvent,
  ): Promise<void>
  /** Of people who have not signed in yet. */
  waiting(orgId: OrgId, after: string | null, limit: number): Promise<readonly RosterEntry[]>
  /** Makes an entry without a subject this one's, and its row say what was imported. */
  claim(orgId: OrgId, email: string, subjectId: SubjectId): Promise<void>
}
