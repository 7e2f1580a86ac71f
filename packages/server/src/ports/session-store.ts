import type { OrgId, SessionId, SubjectId } from '@behalf/contract'
import type { AuditEvent } from '../domain/audit-event.ts'
import type { Session } from '../domain/session.ts'
import type { SignInRequest } from '../domain/sign-in-request.ts'
import type { Page, PageRequest } from './page.ts'

/** Browser sessions and the sign-in requests that lead to them. */
export type SessionStore = {
  /** Inserts the session and ends `replaces` where given: a sign-in always rotates. */
  create(session: Session, replaces: SessionId | null, audit: AuditEvent): Promise<void>
  byHash(orgId: OrgId, hash: Uint8Array): Promise<Session | undefined>
  touch(orgId: OrgId, id: SessionId, at: number): Promise<void>
  list(orgId: OrgId, subject: SubjectId | null, page: PageRequest): Promise<Page<Session>>
  byId(orgId: OrgId, id: SessionId): Promise<Session | undefined>
  end(orgId: OrgId, id: SessionId, audit: AuditEvent): Promise<boolean>
  endAllOf(orgId: OrgId, subject: SubjectId): Promise<void>
  addSignInRequest(request: SignInRequest): Promise<void>
  /** Removes and returns it: once, in its own browser, before its end. */
  takeSignInRequest(
    orgId: OrgId,
    stateHash: Uint8Array,
    browserHash: Uint8Array,
    now: number,
  ): Promise<SignInRequest | undefined>
  sweep(now: number): Promise<number>
}
