import type { OrgId, SsoTrialId } from '@behalf/contract'
import { sql } from 'kysely'
import { z } from 'zod'
import { asSealed } from '../domain/sealed.ts'
import type { SsoTrial } from '../domain/sso-trial.ts'
import type { SsoTrialStore } from '../ports/sso-trial-store.ts'
import { auditInsert } from './audit-store.ts'
import { applied, type Engine, statement } from './engine.ts'
import { jsonColumn, orNull } from './json-column.ts'
import { personWrite } from './person-store.ts'
import { sweepRows } from './sweep-rows.ts'
import type { Tables } from './tables.ts'

const outcome = jsonColumn(
  z.union([
    z.object({
      kind: z.literal('passed'),
      claims: z.object({
        issuer: z.string(),
        sub: z.string(),
        email: z.string().nullable(),
        emailVerified: z.boolean(),
        name: z.string().nullable(),
        claims: z.record(z.string(), z.unknown()),
      }),
    }),
    z.object({ kind: z.literal('failed'), reason: z.string() }),
  ]),
)

const toTrial = (row: Tables['sso_trials']): SsoTrial => ({
  id: row.trial_id as SsoTrialId,
  orgId: row.org_id as OrgId,
  principal: row.principal,
  issuer: row.issuer,
  clientId: row.client_id,
  clientSecret: asSealed(row.client_secret),
  outcome: orNull(outcome, row.outcome),
  expiresAt: row.expires_at,
})

export function createSsoTrialStore(engine: Engine): SsoTrialStore {
  const { build } = engine
  return {
    async add(trial) {
      const row = {
        org_id: trial.orgId,
        trial_id: trial.id,
        principal: trial.principal,
        issuer: trial.issuer,
        client_id: trial.clientId,
        client_secret: trial.clientSecret,
        outcome: null,
        expires_at: trial.expiresAt,
      }
      await engine.write([statement(build.insertInto('sso_trials').values(row))])
    },
    async byId(orgId, id) {
      const query = build.selectFrom('sso_trials').selectAll().where('org_id', '=', orgId).where('trial_id', '=', id)
      const [row] = await engine.read(query)
      return row && toTrial(row)
    },
    async settle(orgId, id, settled, audit) {
      const query = build
        .updateTable('sso_trials')
        .set({ outcome: JSON.stringify(settled) })
        .where('org_id', '=', orgId)
        .where('trial_id', '=', id)
      await engine.write([statement(query), auditInsert(engine, audit)])
    },
    apply(trial, { id, sso, version }, admin, audit) {
      const ended = build.deleteFrom('sso_trials').where('org_id', '=', id).where('trial_id', '=', trial.id)
      const changed = build
        .updateTable('organizations')
        .set({
          sso_issuer: sso.issuer,
          sso_client_id: sso.clientId,
          sso_client_secret: sso.clientSecret,
          sso_secret_version: sso.secretVersion,
          version,
        })
        .where('org_id', '=', id)
        .where('version', '=', version - 1)
      return applied(
        engine.write([
          statement(ended, 1),
          statement(changed, 1),
          statement(personWrite(engine, admin), 1),
          ...audit.map(event => auditInsert(engine, event)),
        ]),
      )
    },
    sweep: now => sweepRows(engine, 'sso_trials', ['org_id', 'trial_id'], sql`expires_at < ${now}`),
  }
}
