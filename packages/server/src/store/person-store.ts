import { type OrgId, type Role, role, type SubjectId } from '@behalf/contract'
import { sql } from 'kysely'
import { z } from 'zod'
import { type Person, rolesOf } from '../domain/person.ts'
import type { PersonStore } from '../ports/person-store.ts'
import { auditInsert } from './audit-store.ts'
import { compileOnce, preparedRead } from './compile-once.ts'
import { applied, type Engine, statement } from './engine.ts'
import { jsonColumn } from './json-column.ts'
import { pageOf } from './keyset.ts'
import type { Tables } from './tables.ts'
import type { Touches } from './touches.ts'

const roles = jsonColumn(z.array(role))

/** What a person's row says of groups and attributes; `roster_entries.described` has the same form. */
export const described = jsonColumn(
  z.object({
    groups: z.array(z.string()),
    attributes: z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.array(z.string())])),
  }),
)

const toPerson = (row: Tables['people']): Person => ({
  id: row.subject_id as SubjectId,
  orgId: row.org_id as OrgId,
  issuer: row.issuer,
  sub: row.sub,
  email: row.email,
  emailVerified: row.email_verified === 1,
  name: row.name,
  status: row.status === 'active' ? 'active' : 'suspended',
  grantedRoles: roles(row.granted_roles),
  claimRoles: roles(row.claim_roles),
  claims: described(row.claims),
  imported: described(row.imported),
  lastProofAt: row.last_proof_at,
  createdAt: row.created_at,
  version: row.version,
})

const isActingAdmin = (person: Person): boolean => person.status === 'active' && rolesOf(person).includes('admin')

const toRow = (person: Person): Tables['people'] => ({
  org_id: person.orgId,
  subject_id: person.id,
  issuer: person.issuer,
  sub: person.sub,
  email: person.email?.toLowerCase() ?? null,
  email_verified: person.emailVerified ? 1 : 0,
  name: person.name,
  status: person.status,
  granted_roles: JSON.stringify(person.grantedRoles),
  claim_roles: JSON.stringify(person.claimRoles),
  is_admin: isActingAdmin(person) ? 1 : 0,
  claims: JSON.stringify(person.claims),
  imported: JSON.stringify(person.imported),
  last_proof_at: person.lastProofAt,
  created_at: person.createdAt,
  version: person.version,
})

const personUpdate = ({ build }: Engine, person: Person) =>
  build
    .updateTable('people')
    .set(toRow(person))
    .where('org_id', '=', person.orgId)
    .where('subject_id', '=', person.id)
    .where('version', '=', person.version - 1)

/** Inserts a person of version 1, unless issuer and sub are known, or updates one of a later version, fenced by it. */
export const personWrite = (engine: Engine, person: Person) =>
  person.version > 1
    ? personUpdate(engine, person)
    : engine.build
        .insertInto('people')
        .values(toRow(person))
        .onConflict(conflict => conflict.doNothing())

const TRIES = 5
const MOST_AT_ONCE = 500

export function createPersonStore(engine: Engine, touches: Touches): PersonStore {
  const { build } = engine
  const people = build.selectFrom('people').selectAll()
  const readByIssuerSub = preparedRead(engine, (orgId: OrgId, issuer: string, sub: string) =>
    people.where('org_id', '=', orgId).where('issuer', '=', issuer).where('sub', '=', sub),
  )
  const markProven = compileOnce((at: number, orgId: OrgId, id: SubjectId) =>
    build.updateTable('people').set({ last_proof_at: at }).where('org_id', '=', orgId).where('subject_id', '=', id),
  )
  const readById = preparedRead(engine, (orgId: OrgId, id: SubjectId) =>
    people.where('org_id', '=', orgId).where('subject_id', '=', id),
  )
  const byIssuerSub: PersonStore['byIssuerSub'] = async (orgId, issuer, sub) => {
    const [row] = await readByIssuerSub(orgId, issuer, sub)
    return row && toPerson(row)
  }
  const byId: PersonStore['byId'] = async (orgId, id) => {
    const [row] = await readById(orgId, id)
    return row && toPerson(row)
  }
  const write = (person: Person) => personUpdate(engine, person)

  return {
    byId,
    byIssuerSub,
    async byIds(orgId, ids) {
      if (ids.length === 0) return []
      return (await engine.read(people.where('org_id', '=', orgId).where('subject_id', 'in', ids))).map(toPerson)
    },
    async byVerifiedEmail(orgId, email) {
      const query = people
        .where('org_id', '=', orgId)
        .where('email', '=', email.toLowerCase())
        .where('email_verified', '=', 1)
      return (await engine.read(query.limit(2))).map(toPerson)
    },
    async byVerifiedEmails(orgId, emails) {
      const found: Person[] = []
      for (let at = 0; at < emails.length; at += MOST_AT_ONCE) {
        const query = people.where('org_id', '=', orgId).where('email', 'in', emails.slice(at, at + MOST_AT_ONCE))
        found.push(...(await engine.read(query.where('email_verified', '=', 1))).map(toPerson))
      }
      return found
    },
    async list(orgId, page, words = '') {
      let query = people
        .where('org_id', '=', orgId)
        .orderBy('subject_id')
        .limit(page.limit + 1)
      if (page.after !== null) query = query.where('subject_id', '>', page.after)
      if (words !== '') {
        const part = `%${words.toLowerCase().replace(/[\\%_]/g, '\\$&')}%`
        query = query.where(
          sql<boolean>`(lower(coalesce(name, '')) like ${part} escape '\\' or coalesce(email, '') like ${part} escape '\\')`,
        )
      }
      return pageOf(await engine.read(query), page, row => row.subject_id, toPerson)
    },
    async recordSignIn(person) {
      for (let tries = 0; tries < TRIES; tries += 1) {
        const known = await byIssuerSub(person.orgId, person.issuer, person.sub)
        const { email, emailVerified, name, claimRoles, claims, lastProofAt } = person
        const now = known && {
          ...known,
          email,
          emailVerified,
          name,
          claimRoles,
          claims,
          lastProofAt,
          version: known.version + 1,
        }
        if (await applied(engine.write([statement(personWrite(engine, now ?? person), 1)]))) return now ?? person
      }
      throw new Error('a sign-in kept losing its row')
    },
    async touchProof(orgId, id, at) {
      touches.note(`people/${id}`, () => markProven(at, orgId, id))
    },
    async update(person, audit) {
      const sso = build
        .selectFrom('organizations')
        .select(sql`rtrim(sso_issuer, '/')`.as('issuer'))
        .where('org_id', '=', person.orgId)
      const others = build
        .selectFrom('people')
        .select('subject_id')
        .where('org_id', '=', person.orgId)
        .where('subject_id', '!=', person.id)
        .where('is_admin', '=', 1)
        // Whoever came by an SSO that was left behind can never sign in again, and holds nothing open.
        .where(({ or, eb }) => or([eb('issuer', '=', person.issuer), sql<boolean>`rtrim(issuer, '/') = (${sso})`]))
      const leaves = await byId(person.orgId, person.id)
      const losesAdmin = leaves !== undefined && isActingAdmin(leaves) && !isActingAdmin(person)
      const query = losesAdmin ? write(person).where(({ exists }) => exists(others)) : write(person)
      // Whoever changes admins waits here for whoever else does, so that two cannot remove each other.
      const turn = build.updateTable('organizations').set({ org_id: person.orgId }).where('org_id', '=', person.orgId)
      const unit = [...(losesAdmin ? [statement(turn, 1)] : []), statement(query, 1), auditInsert(engine, audit)]
      if (await applied(engine.write(unit))) return 'updated'
      const stored = await byId(person.orgId, person.id)
      return losesAdmin && stored?.version === person.version - 1 ? 'last_admin' : 'conflict'
    },
    async claimAdmin(orgId, id, codeHash, audit) {
      const known = await byId(orgId, id)
      if (known === undefined || known.status !== 'active') return false
      const grantedRoles: readonly Role[] = known.grantedRoles.includes('admin')
        ? known.grantedRoles
        : [...known.grantedRoles, 'admin']
      const spent = build
        .updateTable('organizations')
        .set({ admin_claim_hash: null })
        .where('org_id', '=', orgId)
        .where('admin_claim_hash', '=', codeHash)
      const raised = write({ ...known, grantedRoles, version: known.version + 1 })
      return applied(engine.write([statement(spent, 1), statement(raised, 1), auditInsert(engine, audit)]))
    },
  }
}
