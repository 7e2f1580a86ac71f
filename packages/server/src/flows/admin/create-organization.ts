import type { OrgId } from '@behalf/contract'
import { BrokerError } from '../../domain/broker-error.ts'
import { MOST_LOG_DAYS } from '../../domain/call-entry.ts'
import type { Organization } from '../../domain/organization.ts'
import { ssoSecretPlace } from '../../domain/places.ts'
import { MOST_PEOPLE_BEFORE_STRICT } from '../../domain/redaction-policy.ts'
import { type Secret, secret } from '../../domain/secret.ts'
import type { DataKeyStore } from '../../ports/data-key-store.ts'
import type { Ports } from '../../ports/index.ts'
import type { WrappedDataKey } from '../../ports/vault.ts'
import { newAuditEvent } from '../audit/new-audit-event.ts'
import { createCreateApiKey } from './create-api-key.ts'

export type NewOrganization = {
  readonly slug: string
  readonly name: string
  readonly ssoIssuer: string
  readonly ssoClientId: string
  readonly ssoClientSecret: Secret
}
export type CreatedOrganization = {
  readonly organization: Organization
  readonly adminClaimCode: Secret
  readonly apiKey: Secret
}

type Needs = Pick<Ports, 'apiKeys' | 'clock' | 'entropy' | 'organizations' | 'outbound'> & {
  /** A vault that knows a data key before it is stored: it is stored in the organization's own transaction. */
  readonly vaultOver: (dataKeys: Pick<DataKeyStore, 'read'>) => Pick<Ports['vault'], 'seal'>
  readonly createDataKey: (orgId: OrgId) => Promise<WrappedDataKey>
}

/** Makes an organization with its data key, a one-time code for the first admin, and an admin API key. Throws `already_exists`, `invalid_request`, `outbound_refused`. */
export function createCreateOrganization(ports: Needs) {
  const createApiKey = createCreateApiKey(ports)

  return async function createOrganization(asked: NewOrganization): Promise<CreatedOrganization> {
    if (!/^[a-z][a-z0-9-]{0,61}[a-z0-9]$/.test(asked.slug)) {
      throw new BrokerError('invalid_request', {
        detail: 'A slug is 2 to 63 lower-case letters, digits and hyphens, a letter first.',
      })
    }
    await ports.outbound.check(asked.ssoIssuer, { orgSlug: asked.slug })
    const id = ports.entropy.newId<OrgId>('org')
    const dataKey = await ports.createDataKey(id)
    const vault = ports.vaultOver({ read: async () => [dataKey] })
    const claimCode = ports.entropy.randomToken(20)
    const organization: Organization = {
      id,
      slug: asked.slug,
      name: asked.name,
      sso: {
        issuer: asked.ssoIssuer,
        clientId: asked.ssoClientId,
        clientSecret: await vault.seal(ssoSecretPlace(id, 1), asked.ssoClientSecret),
        secretVersion: 1,
      },
      callbackPolicy: 'safe',
      subjectIdleDays: null,
      debugWindows: false,
      roleMapping: null,
      rosterClaims: null,
      strictAbove: MOST_PEOPLE_BEFORE_STRICT,
      callLogDays: MOST_LOG_DAYS,
      logo: null,
      adminClaimHash: ports.entropy.sha256(claimCode),
      createdAt: ports.clock.now(),
      version: 1,
    }
    const audit = newAuditEvent(ports, { organization }, 'system', 'organization.created', { target: asked.slug })
    if (!(await ports.organizations.create(organization, dataKey, audit)))
      throw new BrokerError('already_exists', { detail: `There is an organization ${asked.slug} already.` })
    const { key } = await createApiKey({ organization }, 'system', {
      label: 'first admin key',
      expiresAt: null,
      roles: ['admin'],
    })
    return { organization, adminClaimCode: secret(claimCode), apiKey: key }
  }
}
