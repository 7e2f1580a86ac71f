import type { OrgId } from '@behalf/contract'
import type { AuditEvent } from '../domain/audit-event.ts'
import type { AuthorizationRequest, ConnectOutcome } from '../domain/authorization-request.ts'

/** What a callback must match, all of it, for the authorization request to be taken. */
export type CallbackProof = Pick<
  AuthorizationRequest,
  'orgId' | 'stateHash' | 'browserHash' | 'sessionId' | 'subjectId' | 'callbackPath'
> & { readonly now: number }

/** Trips to authorization endpoints. */
export type AuthorizationRequestStore = {
  /** Durable before the redirect. */
  add(request: AuthorizationRequest, audit: AuditEvent): Promise<void>
  /** One UPDATE takes it: once, and only where everything matches. */
  take(proof: CallbackProof): Promise<AuthorizationRequest | undefined>
  /** The same match for one already taken, so that a reload shows its outcome. */
  taken(proof: CallbackProof): Promise<AuthorizationRequest | undefined>
  /** By state alone, for pages that say why a callback was refused and what was begun. */
  byState(orgId: OrgId, stateHash: Uint8Array): Promise<AuthorizationRequest | undefined>
  finish(orgId: OrgId, stateHash: Uint8Array, outcome: ConnectOutcome): Promise<void>
  sweep(now: number): Promise<number>
}
