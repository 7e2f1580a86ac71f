import { type ConnectorId, type OrgId, storedConnectorDefinition } from '@behalf/contract'
import type { Connector } from '../domain/connector.ts'
import { unusedSince } from '../domain/renewal.ts'
import { asSealed } from '../domain/sealed.ts'
import type { ConnectorStore } from '../ports/connector-store.ts'
import { auditInsert } from './audit-store.ts'
import { preparedRead } from './compile-once.ts'
import { applied, type Engine, type Statement, statement } from './engine.ts'
import { createHealthStore, healthDueAt, healthOf } from './health-store.ts'
import { createIconStore } from './icon-store.ts'
import { jsonColumn, texts } from './json-column.ts'
import { pageOf } from './keyset.ts'
import type { Tables } from './tables.ts'

type ConnectorRow = Omit<Tables['connectors'], 'keeps_alive'> &
  Omit<Tables['connector_versions'], 'org_id' | 'connector_id' | 'version'> & { definition_version: number }

const definition = jsonColumn(storedConnectorDefinition)

const toConnector = (row: ConnectorRow): Connector => ({
  id: row.connector_id as ConnectorId,
  orgId: row.org_id as OrgId,
  name: row.name,
  definition: definition(row.definition),
  clientSecret: row.client_secret && {
    sealed: asSealed(row.client_secret),
    secretVersion: row.client_secret_version,
    updatedAt: row.client_secret_at ?? row.updated_at,
  },
  secrets: row.secrets && {
    sealed: asSealed(row.secrets),
    secretVersion: row.secrets_version,
    updatedAt: row.secrets_at ?? row.updated_at,
    names: texts(row.secret_names),
  },
  version: row.definition_version,
  approvedHosts: texts(row.approved_hosts),
  observedIssuer: row.observed_issuer,
  author: row.author,
  health: healthOf(row),
  createdAt: row.created_at,
  updatedAt: row.updated_at,
  retiredAt: row.retired_at,
})

const keepsAlive = ({ definition }: Connector): number => (unusedSince(definition, 0) === null ? 0 : 1)

export function createConnectorStore(engine: Engine): ConnectorStore {
  const { build } = engine
  const joined = build
    .selectFrom('connectors as c')
    .innerJoin('connector_versions as v', join =>
      join.onRef('v.org_id', '=', 'c.org_id').onRef('v.connector_id', '=', 'c.connector_id'),
    )
    .select([
      'c.org_id',
      'c.connector_id',
      'c.name',
      'c.version',
      'c.approved_hosts',
      'c.observed_issuer',
      'c.author',
      'c.health_due_at',
      'c.health_at',
      'c.health_result',
      'c.health_answered',
      'c.created_at',
      'c.retired_at',
      'v.version as definition_version',
      'v.definition',
      'v.client_secret',
      'v.client_secret_version',
      'v.client_secret_at',
      'v.secrets',
      'v.secrets_version',
      'v.secrets_at',
      'v.secret_names',
      'v.updated_at',
    ])
  const current = joined.whereRef('v.version', '=', 'c.version')
  const readByName = preparedRead(engine, (orgId: OrgId, name: string) =>
    current.where('c.org_id', '=', orgId).where('c.name', '=', name),
  )
  const readById = preparedRead(engine, (orgId: OrgId, id: ConnectorId) =>
    current.where('c.org_id', '=', orgId).where('c.connector_id', '=', id),
  )
  const first = ([found]: readonly ConnectorRow[]): Connector | undefined => found && toConnector(found)
  const one = async (query: typeof joined): Promise<Connector | undefined> => {
    const [row] = await engine.read(query)
    return row && toConnector(row)
  }
  const versionInsert = (connector: Connector): Statement =>
    statement(
      build.insertInto('connector_versions').values({
        org_id: connector.orgId,
        connector_id: connector.id,
        version: connector.version,
        definition: JSON.stringify(connector.definition),
        client_secret: connector.clientSecret?.sealed ?? null,
        client_secret_version: connector.clientSecret?.secretVersion ?? 0,
        client_secret_at: connector.clientSecret?.updatedAt ?? null,
        secrets: connector.secrets?.sealed ?? null,
        secrets_version: connector.secrets?.secretVersion ?? 0,
        secrets_at: connector.secrets?.updatedAt ?? null,
        secret_names: JSON.stringify(connector.secrets?.names ?? []),
        updated_at: connector.updatedAt,
      }),
    )
  const row = (orgId: OrgId, id: ConnectorId) =>
    build
      .updateTable('connectors')
      .where('org_id', '=', orgId)
      .where('connector_id', '=', id)
      .where('retired_at', 'is', null)

  return {
    create(connector, audit) {
      const insert = build
        .insertInto('connectors')
        .values({
          org_id: connector.orgId,
          connector_id: connector.id,
          name: connector.name,
          version: connector.version,
          approved_hosts: JSON.stringify(connector.approvedHosts),
          observed_issuer: null,
          author: connector.author,
          created_at: connector.createdAt,
          retired_at: null,
          health_due_at: healthDueAt(connector),
          keeps_alive: keepsAlive(connector),
        })
        .onConflict(conflict => conflict.doNothing())
      return applied(
        engine.write([
          statement(insert, 1),
          versionInsert(connector),
          ...audit.map(event => auditInsert(engine, event)),
        ]),
      )
    },
    byName: async (orgId, name) => first(await readByName(orgId, name)),
    byId: async (orgId, id) => first(await readById(orgId, id)),
    atVersion: (orgId, id, version) =>
      one(joined.where('c.org_id', '=', orgId).where('c.connector_id', '=', id).where('v.version', '=', version)),
    async versions(orgId, id, page) {
      let query = joined
        .where('c.org_id', '=', orgId)
        .where('c.connector_id', '=', id)
        .orderBy('v.version', 'desc')
        .limit(page.limit + 1)
      if (page.after !== null) query = query.where('v.version', '<', Number(page.after))
      return pageOf(await engine.read(query), page, found => String(found.definition_version), toConnector)
    },
    ...createIconStore(engine),
    ...createHealthStore(engine, async (now, limit) => {
      const due = current.where('c.health_due_at', '<=', now).where('c.retired_at', 'is', null)
      const rows = await engine.read(due.orderBy('c.health_due_at').limit(limit))
      return rows.map(found => ({ connector: toConnector(found), dueAt: found.health_due_at }))
    }),
    async keptAlive() {
      const kept = current.where('c.keeps_alive', '=', 1).where('c.retired_at', 'is', null)
      return (await engine.read(kept)).map(toConnector)
    },
    async list(orgId, page) {
      let query = current
        .where('c.org_id', '=', orgId)
        .where('c.retired_at', 'is', null)
        .orderBy('c.name')
        .limit(page.limit + 1)
      if (page.after !== null) query = query.where('c.name', '>', page.after)
      return pageOf(await engine.read(query), page, found => found.name, toConnector)
    },
    async all(orgId) {
      const query = current.where('c.org_id', '=', orgId).where('c.retired_at', 'is', null).orderBy('c.name')
      return (await engine.read(query)).map(toConnector)
    },
    update(connector, audit) {
      const moved = row(connector.orgId, connector.id)
        .set({
          version: connector.version,
          approved_hosts: JSON.stringify(connector.approvedHosts),
          health_due_at: healthDueAt(connector),
          keeps_alive: keepsAlive(connector),
        })
        .where('version', '=', connector.version - 1)
      return applied(
        engine.write([
          statement(moved, 1),
          versionInsert(connector),
          ...audit.map(event => auditInsert(engine, event)),
        ]),
      )
    },
    approve(orgId, id, hosts, version, audit) {
      const query = row(orgId, id)
        .set({ approved_hosts: JSON.stringify(hosts) })
        .where('version', '=', version)
      return applied(engine.write([statement(query, 1), auditInsert(engine, audit)]))
    },
    async observeIssuer(orgId, id, issuer) {
      await engine.write([statement(row(orgId, id).set({ observed_issuer: issuer }))])
    },
    retire(orgId, id, at, audit) {
      return applied(engine.write([statement(row(orgId, id).set({ retired_at: at }), 1), auditInsert(engine, audit)]))
    },
  }
}
