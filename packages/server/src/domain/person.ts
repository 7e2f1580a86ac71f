import type { OrgId, Role, SubjectId } from '@behalf/contract'
import type { Organization, RoleMapping } from './organization.ts'
import type { Candidate } from './roster.ts'

/** A subject as the organization knows it, keyed by SSO issuer and `sub`; the e-mail is a label, never a key. */
export type Person = Candidate & {
  readonly id: SubjectId
  readonly orgId: OrgId
  readonly issuer: string
  readonly sub: string
  readonly status: 'active' | 'suspended'
  readonly grantedRoles: readonly Role[]
  readonly claimRoles: readonly Role[]
  /** Last sign-in or SSO token presented by a plugin. */
  readonly lastProofAt: number
  readonly createdAt: number
  readonly version: number
}

const ROLES: readonly Role[] = ['developer', 'log_viewer', 'auditor', 'admin']
const DAY_MS = 86_400_000

/** What a person may act as: granted roles and those mapped from the last sign-in's claims. */
export const rolesOf = (person: Person): readonly Role[] =>
  ROLES.filter(role => person.grantedRoles.includes(role) || person.claimRoles.includes(role))

/** Whether a person is refused everywhere: suspended, or idle past the organization's limit. */
export function isSuspended(person: Person, organization: Organization, now: number): boolean {
  if (person.status === 'suspended') return true
  const days = organization.subjectIdleDays
  return days !== null && now - person.lastProofAt > days * DAY_MS
}

/** Roles by claim value, exact to the character. A missing or odd claim gives none: least role, never admin. */
export function rolesFromClaims(
  mapping: RoleMapping | null,
  claims: Readonly<Record<string, unknown>>,
): readonly Role[] {
  if (mapping === null || !Object.hasOwn(claims, mapping.claim)) return []
  const raw = claims[mapping.claim]
  const held = Array.isArray(raw)
    ? raw.filter(value => typeof value === 'string')
    : typeof raw === 'string'
      ? [raw]
      : []
  return ROLES.filter(role => mapping.values[role]?.some(value => held.includes(value)) === true)
}
