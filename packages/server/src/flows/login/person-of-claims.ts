import type { SubjectId } from '@behalf/contract'
import type { Organization } from '../../domain/organization.ts'
import { type Person, rolesFromClaims } from '../../domain/person.ts'
import { describedByClaims, NOTHING_KNOWN } from '../../domain/roster.ts'
import type { SignInClaims } from '../../domain/sign-in-claims.ts'
import type { Ports } from '../../ports/index.ts'

/** The person whom verified claims tell of, as somebody new. */
export function personOfClaims(
  ports: Pick<Ports, 'clock' | 'entropy'>,
  organization: Organization,
  claims: SignInClaims,
): Person {
  const now = ports.clock.now()
  return {
    id: ports.entropy.newId<SubjectId>('sub'),
    orgId: organization.id,
    issuer: claims.issuer,
    sub: claims.sub,
    email: claims.email,
    emailVerified: claims.emailVerified,
    name: claims.name,
    status: 'active',
    grantedRoles: [],
    claimRoles: rolesFromClaims(organization.roleMapping, claims.claims),
    claims: describedByClaims(organization.rosterClaims, claims.claims),
    imported: NOTHING_KNOWN,
    lastProofAt: now,
    createdAt: now,
    version: 1,
  }
}
