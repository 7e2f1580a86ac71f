import type { ConnectionId, ConnectorId, OrgId, SubjectId } from '@behalf/contract'
import { sql } from 'kysely'
import type { Connection } from '../domain/connection.ts'
import type { ConnectionStore, UnfinishedStatus } from '../ports/connection-store.ts'
import { auditInsert } from './audit-store.ts'
import { compileOnce, preparedRead } from './compile-once.ts'
import { fromConnection, toConnection } from './connection-row.ts'
import { applied, type Engine, statement } from './engine.ts'
import { pageOf } from './keyset.ts'
import { revocationInsert, revocationsCancelled } from './revocation-store.ts'
import type { Touches } from './touches.ts'

// Word for word the condition of the index `connections_unfinished`: bound values would not be known to fall under it.
const UNFINISHED = sql<boolean>`status IN ('reconnect_required', 'disconnecting', 'disconnected_unconfirmed')`

export function createConnectionStore(engine: Engine, touches: Touches): ConnectionStore {
  const { build } = engine
  const connections = build.selectFrom('connections').selectAll()
  const row = (orgId: OrgId, id: ConnectionId) =>
    build.updateTable('connections').where('org_id', '=', orgId).where('connection_id', '=', id)
  const markUsed = compileOnce((at: number, orgId: OrgId, id: ConnectionId) => row(orgId, id).set({ last_used_at: at }))
  const readById = preparedRead(engine, (orgId: OrgId, id: ConnectionId) =>
    connections.where('org_id', '=', orgId).where('connection_id', '=', id),
  )
  const readBySubject = preparedRead(engine, (orgId: OrgId, subject: SubjectId, connector: ConnectorId) =>
    connections.where('org_id', '=', orgId).where('subject_id', '=', subject).where('connector_id', '=', connector),
  )
  const byId: ConnectionStore['byId'] = async (orgId, id) => {
    const [found] = await readById(orgId, id)
    return found && toConnection(found)
  }
  const paged = async (query: typeof connections, page: Parameters<ConnectionStore['list']>[2]) => {
    const after = page.after === null ? query : query.where('connection_id', '>', page.after)
    const rows = await engine.read(after.orderBy('connection_id').limit(page.limit + 1))
    return pageOf(rows, page, found => found.connection_id, toConnection)
  }

  return {
    byId,
    async bySubject(orgId, subject, connector) {
      const [found] = await readBySubject(orgId, subject, connector)
      return found && toConnection(found)
    },
    list(orgId, { subject, connector, status }, page) {
      let query = connections.where('org_id', '=', orgId)
      if (subject !== undefined) query = query.where('subject_id', '=', subject)
      if (connector !== undefined) query = query.where('connector_id', '=', connector)
      if (status !== undefined) query = query.where('status', '=', status)
      return paged(query, page)
    },
    async countUnfinished(orgId) {
      const query = build
        .selectFrom('connections')
        .select(({ fn }) => ['status', fn.countAll<number>().as('count')])
        .where('org_id', '=', orgId)
        .where(UNFINISHED)
        .groupBy('status')
      const rows = await engine.read(query)
      return new Map(rows.map(({ status, count }) => [status as UnfinishedStatus, Number(count)]))
    },
    async mayLapse(orgId, { from, until, givenBefore }, limit) {
      const live = connections.where('org_id', '=', orgId).where('status', '=', 'connected').limit(limit)
      // One index each: a single query of alternatives would read every connection.
      const found = await Promise.all([
        engine.read(live.where('refresh_expires_at', '>', from).where('refresh_expires_at', '<=', until)),
        engine.read(
          live.where('refresh_token', 'is', null).where('expires_at', '>', from).where('expires_at', '<=', until),
        ),
        ...givenBefore.map(({ connector, at }) =>
          engine.read(live.where('connector_id', '=', connector).where('connected_at', '<=', at)),
        ),
      ])
      return [...new Map(found.flat().map(each => [each.connection_id, each])).values()]
        .slice(0, limit)
        .map(toConnection)
    },
    async allOf(orgId, subject) {
      return (await engine.read(connections.where('org_id', '=', orgId).where('subject_id', '=', subject))).map(
        toConnection,
      )
    },
    connect(connection, expectedGeneration, queued, audit, cancelled = []) {
      const values = fromConnection(connection)
      const placed =
        expectedGeneration === 0
          ? build
              .insertInto('connections')
              .values(values)
              .onConflict(conflict => conflict.doNothing())
          : row(connection.orgId, connection.id).set(values).where('generation', '=', expectedGeneration)
      const lease = build
        .deleteFrom('refresh_leases')
        .where('org_id', '=', connection.orgId)
        .where('connection_id', '=', connection.id)
      return applied(
        engine.write([
          statement(placed, 1),
          // A back-off of the grant before says nothing of this one. A holder at work keeps its epoch: its late answer is fenced by the generation.
          statement(lease.where('holder', 'is', null)),
          ...queued.map(revocation => revocationInsert(engine, revocation)),
          ...revocationsCancelled(engine, cancelled),
          ...audit.map(event => auditInsert(engine, event)),
        ]),
      )
    },
    async storeRefreshed(tokens, audit) {
      const query = row(tokens.orgId, tokens.id)
        .set({
          token_version: tokens.tokenVersion,
          access_token: tokens.accessToken.sealed,
          access_token_version: tokens.accessToken.secretVersion,
          refresh_token: tokens.refreshToken?.sealed ?? null,
          refresh_token_version: tokens.refreshToken?.secretVersion ?? 0,
          received_at: tokens.receivedAt,
          expires_at: tokens.expiresAt,
          granted_scope: tokens.grantedScope && JSON.stringify(tokens.grantedScope),
          variables: JSON.stringify(tokens.variables),
          extra_tokens: tokens.extraTokens?.sealed ?? null,
          extra_tokens_version: tokens.extraTokens?.secretVersion ?? 0,
          refresh_expires_at: tokens.refreshExpiresAt,
          refresh_epoch: tokens.refreshEpoch,
          status: 'connected',
          reason: null,
        })
        .where('generation', '=', tokens.generation)
        .where('token_version', '=', tokens.tokenVersion - 1)
        // A grant marked as gone while the answer was on its way has proved to be alive.
        .where('status', 'in', ['connected', 'reconnect_required'])
      if (await applied(engine.write([statement(query, 1), auditInsert(engine, audit)]))) return 'stored'
      const there = await byId(tokens.orgId, tokens.id)
      const sameGrant =
        there?.generation === tokens.generation &&
        (there.status === 'connected' || there.status === 'reconnect_required')
      return sameGrant ? 'superseded' : 'gone'
    },
    mark(orgId, id, generation, tokenVersion, status, reason, audit) {
      const query = row(orgId, id)
        .set({ status, reason })
        .where('generation', '=', generation)
        .where('token_version', '=', tokenVersion)
      return applied(engine.write([statement(query, 1), ...(audit === null ? [] : [auditInsert(engine, audit)])]))
    },
    disconnect(connection: Connection, queued, audit) {
      const ended = row(connection.orgId, connection.id)
        .set({
          status: queued.some(revocation => revocation.outcome === 'pending')
            ? 'disconnecting'
            : 'disconnected_unconfirmed',
          generation: connection.generation + 1,
          access_token: null,
          refresh_token: null,
          extra_tokens: null,
          reason: null,
        })
        .where('generation', '=', connection.generation)
        .where('token_version', '=', connection.tokenVersion)
      const queue = queued.map(revocation => revocationInsert(engine, revocation))
      return applied(engine.write([statement(ended, 1), ...queue, auditInsert(engine, audit)]))
    },
    dismiss(orgId, id, generation) {
      const query = row(orgId, id)
        .set({ dismissed_generation: generation })
        .where('generation', '=', generation)
        .where('status', '=', 'disconnected_unconfirmed')
      return applied(engine.write([statement(query, 1)]))
    },
    touchUsed(orgId, id, at) {
      touches.note(`connections/${id}`, () => markUsed(at, orgId, id))
    },
    async stale(open) {
      if (open.length === 0) return []
      const orgs = [...new Set(open.map(({ orgId }) => orgId))]
      const found = build
        .selectFrom('connections')
        .select(['connection_id', 'generation', 'status'])
        .where('org_id', 'in', orgs)
      const people = build
        .selectFrom('people')
        .select('subject_id')
        .where('org_id', 'in', orgs)
        .where('status', '!=', 'active')
      const keys = build
        .selectFrom('plugin_keys')
        .select('key_id')
        .where('org_id', 'in', orgs)
        .where('revoked_at', 'is not', null)
      const [connected, suspended, revoked] = await Promise.all([
        engine.read(found.where('connection_id', 'in', listed(open.map(({ id }) => id)))),
        engine.read(people.where('subject_id', 'in', listed(open.map(({ subjectId }) => subjectId)))),
        engine.read(keys.where('key_id', 'in', listed(open.map(({ keyId }) => keyId ?? '')))),
      ])
      const live = new Map(connected.map(row => [row.connection_id, row]))
      const ended = new Set<string>([...suspended.map(row => row.subject_id), ...revoked.map(row => row.key_id)])
      return open.filter(({ id, generation, subjectId, keyId }) => {
        const row = live.get(id)
        return (
          row?.generation !== generation ||
          row.status !== 'connected' ||
          ended.has(subjectId) ||
          (keyId !== null && ended.has(keyId))
        )
      })
    },
    async ofAccount(orgId, connector, accountId) {
      const query = connections
        .where('org_id', '=', orgId)
        .where('connector_id', '=', connector)
        .where('account_id', '=', accountId)
        .where('status', 'in', ['connected', 'reconnect_required'])
      return (await engine.read(query)).map(toConnection)
    },
    async ofBuilders(orgId, connector, roles, limit) {
      const acting = build
        .selectFrom('people')
        .select('subject_id')
        .where('org_id', '=', orgId)
        .where('status', '=', 'active')
        .where(({ eb, or }) =>
          or(
            roles.flatMap(role => [
              eb('granted_roles', 'like', `%"${role}"%`),
              eb('claim_roles', 'like', `%"${role}"%`),
            ]),
          ),
        )
      const query = connections
        .where('org_id', '=', orgId)
        .where('connector_id', '=', connector)
        .where('status', '=', 'connected')
        .where('subject_id', 'in', acting)
      return (await engine.read(query.orderBy('connection_id').limit(limit))).map(toConnection)
    },
    async renewedBefore(connector, instant, after, limit) {
      let query = connections
        .where('org_id', '=', connector.orgId)
        .where('connector_id', '=', connector.id)
        .where('status', '=', 'connected')
        .where('received_at', '<', instant)
      if (after !== null)
        query = query
          .where('received_at', '>=', after.receivedAt)
          .where(sql<boolean>`(received_at > ${after.receivedAt} OR connection_id > ${after.id})`)
      return (await engine.read(query.orderBy('received_at').orderBy('connection_id').limit(limit))).map(toConnection)
    },
    connectedAt(orgId, connector, page) {
      const query = connections
        .where('org_id', '=', orgId)
        .where('connector_id', '=', connector)
        .where('status', 'in', ['connected', 'reconnect_required'])
      return paged(query, page)
    },
  }
}

/** Each value once, and the last again up to a power of two: lists of a few lengths make few statements, each of which is kept prepared. */
function listed(values: readonly string[]): readonly string[] {
  const wanted = [...new Set(values)]
  const last = wanted.at(-1) ?? ''
  while (!Number.isInteger(Math.log2(wanted.length))) wanted.push(last)
  return wanted
}
