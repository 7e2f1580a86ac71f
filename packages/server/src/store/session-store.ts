import type { OrgId, SessionId, SsoTrialId, SubjectId } from '@behalf/contract'
import { sql } from 'kysely'
import { asSealed } from '../domain/sealed.ts'
import { SESSION_IDLE_MS, type Session } from '../domain/session.ts'
import type { SessionStore } from '../ports/session-store.ts'
import { auditInsert } from './audit-store.ts'
import { preparedRead } from './compile-once.ts'
import { applied, type Engine, statement } from './engine.ts'
import { pageOf } from './keyset.ts'
import { sweepRows } from './sweep-rows.ts'
import type { Tables } from './tables.ts'

const toSession = (row: Tables['sessions']): Session => ({
  id: row.session_id as SessionId,
  orgId: row.org_id as OrgId,
  hash: row.session_hash,
  subjectId: row.subject_id as SubjectId,
  createdAt: row.created_at,
  lastSeenAt: row.last_seen_at,
  expiresAt: row.expires_at,
  userAgent: row.user_agent,
})

const toRow = (session: Session): Tables['sessions'] => ({
  org_id: session.orgId,
  session_hash: session.hash,
  session_id: session.id,
  subject_id: session.subjectId,
  created_at: session.createdAt,
  last_seen_at: session.lastSeenAt,
  expires_at: session.expiresAt,
  user_agent: session.userAgent,
})

export function createSessionStore(engine: Engine): SessionStore {
  const { build } = engine
  const sessions = build.selectFrom('sessions').selectAll()
  const readByHash = preparedRead(engine, (orgId: OrgId, hash: Uint8Array) =>
    sessions.where('org_id', '=', orgId).where('session_hash', '=', hash),
  )
  const remove = (orgId: OrgId, id: SessionId) =>
    build.deleteFrom('sessions').where('org_id', '=', orgId).where('session_id', '=', id)
  return {
    async create(session, replaces, audit) {
      const insert = statement(build.insertInto('sessions').values(toRow(session)))
      const ended = replaces === null ? [] : [statement(remove(session.orgId, replaces))]
      await engine.write([...ended, insert, auditInsert(engine, audit)])
    },
    async byHash(orgId, hash) {
      const [row] = await readByHash(orgId, hash)
      return row && toSession(row)
    },
    async byId(orgId, id) {
      const [row] = await engine.read(sessions.where('org_id', '=', orgId).where('session_id', '=', id))
      return row && toSession(row)
    },
    async touch(orgId, id, at) {
      const query = build
        .updateTable('sessions')
        .set({ last_seen_at: at })
        .where('org_id', '=', orgId)
        .where('session_id', '=', id)
      await engine.write([statement(query)])
    },
    async list(orgId, subject, page) {
      let query = sessions
        .where('org_id', '=', orgId)
        .orderBy('session_id', 'desc')
        .limit(page.limit + 1)
      if (page.after !== null) query = query.where('session_id', '<', page.after)
      if (subject !== null) query = query.where('subject_id', '=', subject)
      return pageOf(await engine.read(query), page, row => row.session_id, toSession)
    },
    end: (orgId, id, audit) => applied(engine.write([statement(remove(orgId, id), 1), auditInsert(engine, audit)])),
    async endAllOf(orgId, subject) {
      await engine.write([
        statement(build.deleteFrom('sessions').where('org_id', '=', orgId).where('subject_id', '=', subject)),
      ])
    },
    async addSignInRequest({ orgId, stateHash, browserHash, sealed, returnTo, trialId, expiresAt }) {
      const row = {
        org_id: orgId,
        state_hash: stateHash,
        browser_hash: browserHash,
        sealed,
        return_to: returnTo,
        trial_id: trialId,
        expires_at: expiresAt,
      }
      await engine.write([statement(build.insertInto('sign_in_requests').values(row))])
    },
    async takeSignInRequest(orgId, stateHash, browserHash, now) {
      const query = build
        .deleteFrom('sign_in_requests')
        .where('org_id', '=', orgId)
        .where('state_hash', '=', stateHash)
        .where('browser_hash', '=', browserHash)
        .where('expires_at', '>', now)
        .returningAll()
      const written = await engine.write([statement(query)])
      const row =
        written.kind === 'done' ? (written.results[0]?.rows[0] as Tables['sign_in_requests'] | undefined) : undefined
      return (
        row && {
          orgId,
          stateHash,
          browserHash,
          sealed: asSealed(row.sealed),
          returnTo: row.return_to,
          trialId: row.trial_id as SsoTrialId | null,
          expiresAt: row.expires_at,
        }
      )
    },
    async sweep(now) {
      const over = sql`expires_at < ${now} OR last_seen_at < ${now - SESSION_IDLE_MS}`
      const ended = await sweepRows(engine, 'sessions', ['org_id', 'session_hash'], over)
      return ended + (await sweepRows(engine, 'sign_in_requests', ['org_id', 'state_hash'], sql`expires_at < ${now}`))
    },
  }
}
