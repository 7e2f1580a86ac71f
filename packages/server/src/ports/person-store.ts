import type { OrgId, SubjectId } from '@behalf/contract'
import type { AuditEvent } from '../domain/audit-event.ts'
import type { Person } from '../domain/person.ts'
import type { Page, PageRequest } from './page.ts'

/** People by SSO issuer and `sub`. */
export type PersonStore = {
  byId(orgId: OrgId, id: SubjectId): Promise<Person | undefined>
  byIssuerSub(orgId: OrgId, issuer: string, sub: string): Promise<Person | undefined>
  byIds(orgId: OrgId, ids: readonly SubjectId[]): Promise<readonly Person[]>
  /** Everyone whose verified e-mail is this, lower-cased; more than one is ambiguous. */
  byVerifiedEmail(orgId: OrgId, email: string): Promise<readonly Person[]>
  /** The same for many; several of one e-mail are all there. */
  byVerifiedEmails(orgId: OrgId, emails: readonly string[]): Promise<readonly Person[]>
  /** `words`: part of a name or an e-mail, in any case. */
  list(orgId: OrgId, page: PageRequest, words?: string): Promise<Page<Person>>
  /** Inserts, or updates claims, roles from claims and proof time of the same issuer and sub; returns what is stored. */
  recordSignIn(person: Person): Promise<Person>
  touchProof(orgId: OrgId, id: SubjectId, at: number): Promise<void>
  /**
   * Fenced by version. Where the person was an admin and would not act as one any more, refuses to leave the organization without an
   * active admin: the check and the write are one transaction. `version` of `person` is the new one.
   */
  update(person: Person, audit: AuditEvent): Promise<'updated' | 'conflict' | 'last_admin'>
  /** Makes the person an admin if the organization's claim code has this hash, and spends the code, in one transaction. */
  claimAdmin(orgId: OrgId, id: SubjectId, codeHash: Uint8Array, audit: AuditEvent): Promise<boolean>
}
