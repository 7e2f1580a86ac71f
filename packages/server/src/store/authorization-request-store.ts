import type { ConnectLinkId, ConnectorId, OrgId, PluginId, SessionId, SubjectId } from '@behalf/contract'
import { sql } from 'kysely'
import { z } from 'zod'
import type { AuthorizationRequest } from '../domain/authorization-request.ts'
import { asSealed } from '../domain/sealed.ts'
import type { AuthorizationRequestStore, CallbackProof } from '../ports/authorization-request-store.ts'
import { auditInsert } from './audit-store.ts'
import { type Engine, statement } from './engine.ts'
import { createInsertRows } from './insert-rows.ts'
import { jsonColumn, orNull, texts, values } from './json-column.ts'
import { sweepRows } from './sweep-rows.ts'
import type { Tables } from './tables.ts'

/** How long an outcome is kept for reloads. */
const KEPT_MS = 86_400_000

const outcome = jsonColumn(
  z.discriminatedUnion('kind', [
    z.object({
      kind: z.literal('connected'),
      connectionId: z.string(),
      missingScope: z.array(z.string()),
      extraScope: z.array(z.string()),
    }),
    z.object({ kind: z.literal('asking'), parkedId: z.string() }),
    z.object({ kind: z.literal('cancelled') }),
    z.object({ kind: z.literal('failed'), error: z.string(), description: z.string().nullable() }),
  ]),
)

const toRequest = (row: Tables['authorization_requests']): AuthorizationRequest => ({
  orgId: row.org_id as OrgId,
  stateHash: row.state_hash,
  connectorId: row.connector_id as ConnectorId,
  connectorVersion: row.connector_version,
  subjectId: row.subject_id as SubjectId,
  sessionId: row.session_id as SessionId,
  browserHash: row.browser_hash,
  callbackPath: row.callback_path,
  verifier: row.verifier && asSealed(row.verifier),
  scope: texts(row.scope),
  variables: values(row.variables),
  pluginId: row.plugin_id as PluginId | null,
  linkId: row.link_id as ConnectLinkId | null,
  returnTo: row.return_to,
  createdAt: row.created_at,
  expiresAt: row.expires_at,
  outcome: orNull(outcome, row.outcome),
})

const COLUMNS = [
  'org_id',
  'state_hash',
  'connector_id',
  'connector_version',
  'subject_id',
  'session_id',
  'browser_hash',
  'callback_path',
  'verifier',
  'scope',
  'variables',
  'plugin_id',
  'link_id',
  'return_to',
  'created_at',
  'expires_at',
  'taken_at',
  'outcome',
] as const

export function createAuthorizationRequestStore(engine: Engine): AuthorizationRequestStore {
  const { build } = engine
  const insertRows = createInsertRows(engine, 'authorization_requests', COLUMNS)
  const requests = build.selectFrom('authorization_requests').selectAll()
  return {
    async add(request, audit) {
      const row: Tables['authorization_requests'] = {
        org_id: request.orgId,
        state_hash: request.stateHash,
        connector_id: request.connectorId,
        connector_version: request.connectorVersion,
        subject_id: request.subjectId,
        session_id: request.sessionId,
        browser_hash: request.browserHash,
        callback_path: request.callbackPath,
        verifier: request.verifier,
        scope: JSON.stringify(request.scope),
        variables: JSON.stringify(request.variables),
        plugin_id: request.pluginId,
        link_id: request.linkId,
        return_to: request.returnTo,
        created_at: request.createdAt,
        expires_at: request.expiresAt,
        taken_at: null,
        outcome: null,
      }
      await engine.write([...insertRows([row]), auditInsert(engine, audit)])
    },
    async take(proof) {
      const query = build
        .updateTable('authorization_requests')
        .set({ taken_at: proof.now })
        .where('org_id', '=', proof.orgId)
        .where('state_hash', '=', proof.stateHash)
        .where('browser_hash', '=', proof.browserHash)
        .where('session_id', '=', proof.sessionId)
        .where('subject_id', '=', proof.subjectId)
        .where('callback_path', '=', proof.callbackPath)
        .where('expires_at', '>', proof.now)
        .where('taken_at', 'is', null)
        .returningAll()
      const written = await engine.write([statement(query)])
      const row =
        written.kind === 'done'
          ? (written.results[0]?.rows[0] as Tables['authorization_requests'] | undefined)
          : undefined
      return row && toRequest(row)
    },
    async taken(proof: CallbackProof) {
      const query = requests
        .where('org_id', '=', proof.orgId)
        .where('state_hash', '=', proof.stateHash)
        .where('browser_hash', '=', proof.browserHash)
        .where('session_id', '=', proof.sessionId)
        .where('subject_id', '=', proof.subjectId)
        .where('callback_path', '=', proof.callbackPath)
        .where('taken_at', 'is not', null)
      const [row] = await engine.read(query)
      return row && toRequest(row)
    },
    async byState(orgId, stateHash) {
      const [row] = await engine.read(requests.where('org_id', '=', orgId).where('state_hash', '=', stateHash))
      return row && toRequest(row)
    },
    async finish(orgId, stateHash, ended) {
      const query = build
        .updateTable('authorization_requests')
        .set({ outcome: JSON.stringify(ended), verifier: null })
        .where('org_id', '=', orgId)
        .where('state_hash', '=', stateHash)
      await engine.write([statement(query)])
    },
    async sweep(now) {
      return sweepRows(engine, 'authorization_requests', ['org_id', 'state_hash'], sql`expires_at < ${now - KEPT_MS}`)
    },
  }
}
