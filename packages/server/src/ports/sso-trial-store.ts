import type { OrgId, SsoTrialId } from '@behalf/contract'
import type { AuditEvent } from '../domain/audit-event.ts'
import type { Organization } from '../domain/organization.ts'
import type { Person } from '../domain/person.ts'
import type { SsoTrial, SsoTrialOutcome } from '../domain/sso-trial.ts'

/** Trials of other SSO settings, and the change of the settings that one leads to. */
export type SsoTrialStore = {
  add(trial: SsoTrial): Promise<void>
  byId(orgId: OrgId, id: SsoTrialId): Promise<SsoTrial | undefined>
  /** Writes how it went; a later sign-in of the same trial overwrites it. */
  settle(orgId: OrgId, id: SsoTrialId, outcome: SsoTrialOutcome, audit: AuditEvent): Promise<void>
  /**
   * Takes the settings over, with the admin who tried them, and ends the trial, in one transaction; both are fenced by version (`version` of each
   * is the new one). False where the organization, the person or the trial is not what was read.
   */
  apply(trial: SsoTrial, organization: Organization, admin: Person, audit: readonly AuditEvent[]): Promise<boolean>
  sweep(now: number): Promise<number>
}
