import type { ConnectorId, OrgId, SubjectId } from '@behalf/contract'
import { z } from 'zod'
import type { ParkedGrant } from '../domain/parked-grant.ts'
import { asSealed } from '../domain/sealed.ts'
import type { ParkedGrantStore } from '../ports/parked-grant-store.ts'
import { type Engine, statement } from './engine.ts'
import { jsonColumn } from './json-column.ts'
import type { Tables } from './tables.ts'

const text = z.string().nullable()
const site = z.object({ id: text, label: text, icon: text, values: z.record(z.string(), z.string()) })
const question = jsonColumn(
  z.discriminatedUnion('kind', [
    z.object({ kind: z.literal('other_account'), before: text, after: text }),
    z.object({ kind: z.literal('choose_site'), sites: z.array(site) }),
  ]),
)

type Row = Tables['parked_grants']
const toGrant = (row: Row): ParkedGrant => ({
  id: row.parked_id,
  orgId: row.org_id as OrgId,
  subjectId: row.subject_id as SubjectId,
  connectorId: row.connector_id as ConnectorId,
  connectorVersion: row.connector_version,
  sealed: asSealed(row.sealed ?? new Uint8Array()),
  question: question(row.question),
  returnTo: row.return_to,
  createdAt: row.created_at,
  expiresAt: row.expires_at,
})

export function createParkedGrantStore(engine: Engine): ParkedGrantStore {
  const { build } = engine
  const grants = build.selectFrom('parked_grants').selectAll()
  const remove = async (orgId: string, id: string): Promise<ParkedGrant | undefined> => {
    const query = build
      .deleteFrom('parked_grants')
      .where('org_id', '=', orgId)
      .where('parked_id', '=', id)
      .returningAll()
    const written = await engine.write([statement(query)])
    const row = written.kind === 'done' ? (written.results[0]?.rows[0] as Row | undefined) : undefined
    return row && toGrant(row)
  }
  return {
    async add(grant) {
      const row: Row = {
        org_id: grant.orgId,
        parked_id: grant.id,
        subject_id: grant.subjectId,
        connector_id: grant.connectorId,
        connector_version: grant.connectorVersion,
        sealed: grant.sealed,
        question: JSON.stringify(grant.question),
        return_to: grant.returnTo,
        created_at: grant.createdAt,
        expires_at: grant.expiresAt,
      }
      await engine.write([statement(build.insertInto('parked_grants').values(row))])
    },
    async byId(orgId, id) {
      const [row] = await engine.read(grants.where('org_id', '=', orgId).where('parked_id', '=', id))
      return row && toGrant(row)
    },
    async take(orgId, id, subject) {
      const [row] = await engine.read(grants.where('org_id', '=', orgId).where('parked_id', '=', id))
      return row?.subject_id === subject ? remove(orgId, id) : undefined
    },
    async takeExpired(now, limit) {
      const rows = await engine.read(grants.where('expires_at', '<=', now).orderBy('expires_at').limit(limit))
      const taken = await Promise.all(rows.map(row => remove(row.org_id, row.parked_id)))
      return taken.filter(grant => grant !== undefined)
    },
  }
}
