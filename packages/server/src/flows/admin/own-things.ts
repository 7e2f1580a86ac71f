import type { Capability, SubjectId } from '@behalf/contract'
import { may } from '../../domain/permission.ts'
import type { Principal } from '../../domain/principal.ts'

/** Whose things a principal may reach: everybody's with the capability, one's own without it, nobody's for keys without it. */
export function reachOf(
  principal: Principal,
  capability: Capability,
): { readonly all: true } | { readonly all: false; readonly subject: SubjectId | null } {
  if (may(principal.roles, capability)) return { all: true }
  return { all: false, subject: principal.kind === 'session' ? principal.person.id : null }
}

/** Whether a thing of `subject` is within reach. */
export function reaches(principal: Principal, capability: Capability, subject: SubjectId): boolean {
  const reach = reachOf(principal, capability)
  return reach.all || reach.subject === subject
}
