import type { OrgId, SubjectId } from '@behalf/contract'
import { type Described, NOTHING_KNOWN, type RosterEntry } from '../domain/roster.ts'
import type { RosterStore } from '../ports/roster-store.ts'
import { auditInsert } from './audit-store.ts'
import { type Engine, type Statement, statement } from './engine.ts'
import { described } from './person-store.ts'
import type { Tables } from './tables.ts'

const toEntry = (row: Tables['roster_entries']): RosterEntry => ({
  email: row.email,
  name: row.name,
  ...described(row.described),
  subjectId: row.subject_id as SubjectId | null,
  importedAt: row.imported_at,
})

const asText = ({ groups, attributes }: Described): string => JSON.stringify({ groups, attributes })
const MOST_AT_ONCE = 500

export function createRosterStore(engine: Engine): RosterStore {
  const { build } = engine
  const entries = build.selectFrom('roster_entries').selectAll()

  const byEmails: RosterStore['byEmails'] = async (orgId, emails) => {
    const found: RosterEntry[] = []
    for (let at = 0; at < emails.length; at += MOST_AT_ONCE) {
      const some = emails.slice(at, at + MOST_AT_ONCE)
      found.push(...(await engine.read(entries.where('org_id', '=', orgId).where('email', 'in', some))).map(toEntry))
    }
    return found
  }

  function written(orgId: OrgId, entry: RosterEntry): readonly Statement[] {
    const set = {
      name: entry.name,
      described: asText(entry),
      subject_id: entry.subjectId,
      imported_at: entry.importedAt,
    }
    const row = build
      .insertInto('roster_entries')
      .values({ org_id: orgId, email: entry.email, ...set })
      .onConflict(conflict => conflict.columns(['org_id', 'email']).doUpdateSet(set))
    return [statement(row), ...(entry.subjectId === null ? [] : [told(orgId, entry, entry.subjectId)])]
  }

  const told = (orgId: OrgId, entry: Described, subjectId: SubjectId): Statement =>
    statement(
      build
        .updateTable('people')
        .set(({ eb }) => ({ imported: asText(entry), version: eb('version', '+', 1) }))
        .where('org_id', '=', orgId)
        .where('subject_id', '=', subjectId),
    )

  return {
    byEmails,
    async import(orgId, imported, released, audit) {
      const emptied = released.map(subjectId => told(orgId, NOTHING_KNOWN, subjectId))
      await engine.write([...emptied, ...imported.flatMap(entry => written(orgId, entry)), auditInsert(engine, audit)])
    },
    async waiting(orgId, after, limit) {
      let query = entries.where('org_id', '=', orgId).where('subject_id', 'is', null).orderBy('email').limit(limit)
      if (after !== null) query = query.where('email', '>', after)
      return (await engine.read(query)).map(toEntry)
    },
    async claim(orgId, email, subjectId) {
      const [entry] = await byEmails(orgId, [email])
      if (entry === undefined || entry.subjectId !== null) return
      const mine = build
        .updateTable('roster_entries')
        .set({ subject_id: subjectId })
        .where('org_id', '=', orgId)
        .where('email', '=', email)
        .where('subject_id', 'is', null)
      await engine.write([statement(mine, 1), told(orgId, entry, subjectId)])
    },
  }
}
