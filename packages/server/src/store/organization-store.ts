import { type OrgId, role } from '@behalf/contract'
import { z } from 'zod'
import type { Organization } from '../domain/organization.ts'
import { asSealed } from '../domain/sealed.ts'
import type { DataKeyStore } from '../ports/data-key-store.ts'
import type { OrganizationStore } from '../ports/organization-store.ts'
import type { WrappedDataKey } from '../ports/vault.ts'
import { auditInsert } from './audit-store.ts'
import { applied, type Engine, statement } from './engine.ts'
import { jsonColumn, orNull } from './json-column.ts'
import { createLogoRows } from './logo-rows.ts'
import type { Tables } from './tables.ts'

const roleMapping = jsonColumn(z.object({ claim: z.string(), values: z.partialRecord(role, z.array(z.string())) }))

const rosterClaims = jsonColumn(
  z.object({ groups: z.string().nullable(), attributes: z.record(z.string(), z.string()) }),
)

const toOrganization = (row: Tables['organizations']): Organization => ({
  id: row.org_id as OrgId,
  slug: row.slug,
  name: row.name,
  sso: {
    issuer: row.sso_issuer,
    clientId: row.sso_client_id,
    clientSecret: asSealed(row.sso_client_secret),
    secretVersion: row.sso_secret_version,
  },
  callbackPolicy: row.callback_policy === 'shared_callback_accepted' ? 'shared_callback_accepted' : 'safe',
  subjectIdleDays: row.subject_idle_days,
  debugWindows: row.debug_windows === 1,
  roleMapping: orNull(roleMapping, row.role_mapping) as Organization['roleMapping'],
  rosterClaims: orNull(rosterClaims, row.roster_claims),
  strictAbove: row.strict_above,
  callLogDays: row.call_log_days,
  logo: row.logo,
  adminClaimHash: row.admin_claim_hash,
  createdAt: row.created_at,
  version: row.version,
})

const changing = (organization: Organization) => ({
  name: organization.name,
  callback_policy: organization.callbackPolicy,
  subject_idle_days: organization.subjectIdleDays,
  debug_windows: organization.debugWindows ? 1 : 0,
  role_mapping: organization.roleMapping && JSON.stringify(organization.roleMapping),
  roster_claims: organization.rosterClaims && JSON.stringify(organization.rosterClaims),
  strict_above: organization.strictAbove,
  call_log_days: organization.callLogDays,
  logo: organization.logo,
  version: organization.version,
})

const toRow = (organization: Organization): Tables['organizations'] => ({
  ...changing(organization),
  org_id: organization.id,
  slug: organization.slug,
  sso_issuer: organization.sso.issuer,
  sso_client_id: organization.sso.clientId,
  sso_client_secret: organization.sso.clientSecret,
  sso_secret_version: organization.sso.secretVersion,
  admin_claim_hash: organization.adminClaimHash,
  created_at: organization.createdAt,
})

const keyRow = (key: WrappedDataKey): Tables['data_keys'] => ({
  org_id: key.orgId,
  key_id: key.keyId,
  root_key_id: key.rootKeyId,
  wrapped: key.wrapped,
})

export function createOrganizationStore(engine: Engine): OrganizationStore {
  const { build } = engine
  const organizations = build.selectFrom('organizations').selectAll()
  const logos = createLogoRows(engine)
  const updated = (organization: Organization) =>
    build
      .updateTable('organizations')
      .set(changing(organization))
      .where('org_id', '=', organization.id)
      .where('version', '=', organization.version - 1)
  return {
    create(organization, dataKey, audit) {
      const insert = build
        .insertInto('organizations')
        .values(toRow(organization))
        .onConflict(conflict => conflict.doNothing())
      const key = build.insertInto('data_keys').values(keyRow(dataKey))
      return applied(engine.write([statement(insert, 1), statement(key), auditInsert(engine, audit)]))
    },
    async bySlug(slug) {
      const [row] = await engine.read(organizations.where('slug', '=', slug))
      return row && toOrganization(row)
    },
    async byId(id) {
      const [row] = await engine.read(organizations.where('org_id', '=', id))
      return row && toOrganization(row)
    },
    async all() {
      return (await engine.read(organizations.orderBy('org_id'))).map(toOrganization)
    },
    update: (organization, audit) =>
      applied(engine.write([statement(updated(organization), 1), auditInsert(engine, audit)])),
    logo: logos.read,
    setLogo: (organization, logo, audit) =>
      applied(
        engine.write([
          statement(updated(organization), 1),
          ...logos.put(organization.id, logo),
          auditInsert(engine, audit),
        ]),
      ),
  }
}

const toKey = (row: Tables['data_keys']): WrappedDataKey => ({
  orgId: row.org_id as OrgId,
  keyId: row.key_id,
  rootKeyId: row.root_key_id,
  wrapped: row.wrapped,
})

export function createDataKeyStore(engine: Engine): DataKeyStore {
  const { build } = engine
  const keys = build.selectFrom('data_keys').selectAll().orderBy('org_id').orderBy('key_id')
  return {
    read: async orgId => (await engine.read(keys.where('org_id', '=', orgId))).map(toKey),
    readAll: async () => (await engine.read(keys)).map(toKey),
    async add(key) {
      await engine.write([statement(build.insertInto('data_keys').values(keyRow(key)))])
    },
    rewrap(before, after) {
      const query = build
        .updateTable('data_keys')
        .set({ root_key_id: after.rootKeyId, wrapped: after.wrapped })
        .where('org_id', '=', before.orgId)
        .where('key_id', '=', before.keyId)
        .where('root_key_id', '=', before.rootKeyId)
        .where('wrapped', '=', before.wrapped)
      return applied(engine.write([statement(query, 1)]))
    },
  }
}
