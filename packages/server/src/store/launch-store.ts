import {
  type LaunchId,
  type OrgId,
  type PluginDefinition,
  type PluginId,
  redactionPolicy,
  type SubjectId,
} from '@behalf/contract'
import { z } from 'zod'
import type { Launch, LaunchAudience, NamedPerson } from '../domain/launch.ts'
import type { LiveLaunches } from '../domain/live-launches.ts'
import type { LaunchEnd, LaunchStore } from '../ports/launch-store.ts'
import { auditInsert } from './audit-store.ts'
import { applied, type Engine, statement } from './engine.ts'
import { createInsertRows } from './insert-rows.ts'
import { jsonColumn } from './json-column.ts'
import { pageOf } from './keyset.ts'
import { manifest } from './plugin-store.ts'
import type { Tables } from './tables.ts'

type LaunchRow = Tables['launches']
type PersonRow = Tables['launch_people']

/** A launch audience without the people it names: those have rows of their own. */
const given = jsonColumn(
  z.discriminatedUnion('kind', [
    z.object({ kind: z.enum(['nobody', 'everyone', 'people']) }),
    z.object({ kind: z.enum(['groups', 'everyone_but']), groups: z.array(z.string()) }),
    z.object({ kind: z.literal('rule'), rule: z.string() }),
  ]),
)

const toNamed = ({ subject_id, email }: PersonRow): NamedPerson =>
  subject_id === null ? { subjectId: null, email: email ?? '' } : { subjectId: subject_id as SubjectId, email }

function toAudience(row: LaunchRow, people: readonly PersonRow[]): LaunchAudience {
  const audience = given(row.given)
  if (audience.kind === 'people') return { kind: 'people', people: people.map(toNamed) }
  if (audience.kind === 'everyone_but')
    return { kind: 'everyone_but', groups: audience.groups, people: people.map(toNamed) }
  if (audience.kind === 'groups') return { kind: 'groups', groups: audience.groups }
  return audience.kind === 'rule' ? audience : { kind: audience.kind }
}

const toLaunch = (row: LaunchRow, people: readonly PersonRow[]): Launch => ({
  id: row.launch_id as LaunchId,
  orgId: row.org_id as OrgId,
  pluginId: row.plugin_id as PluginId,
  pluginVersion: row.plugin_version,
  launchAudience: toAudience(row, people),
  redaction: redactionPolicy.parse(row.redaction),
  agreed: people.filter(({ agreed_at }) => agreed_at !== null).map(({ subject_id }) => subject_id as SubjectId),
  approvedReach: row.approved_reach,
  launchedAt: row.launched_at,
  launchedBy: row.launched_by,
  reason: row.reason,
  endedAt: row.ended_at,
  endedBy: row.ended_by,
  endReason: row.end_reason,
})

function toRow(launch: Launch): LaunchRow {
  const { people: _, ...audience } = { people: [], ...launch.launchAudience }
  return {
    org_id: launch.orgId,
    launch_id: launch.id,
    plugin_id: launch.pluginId,
    plugin_version: launch.pluginVersion,
    kind: launch.launchAudience.kind,
    given: JSON.stringify(audience),
    redaction: launch.redaction,
    approved_reach: launch.approvedReach,
    launched_at: launch.launchedAt,
    launched_by: launch.launchedBy,
    reason: launch.reason,
    ended_at: null,
    ended_by: null,
    end_reason: null,
  }
}

const PEOPLE_COLUMNS = ['org_id', 'launch_id', 'place', 'plugin_id', 'subject_id', 'email', 'agreed_at'] as const

const peopleOf = ({ launchAudience }: Launch): readonly NamedPerson[] =>
  'people' in launchAudience ? launchAudience.people : []

export function createLaunchStore(engine: Engine): LaunchStore {
  const { build } = engine
  const launches = build.selectFrom('launches').selectAll()
  const people = build.selectFrom('launch_people').selectAll().orderBy('launch_id').orderBy('place')

  const insertPeople = createInsertRows(engine, 'launch_people', PEOPLE_COLUMNS)

  const ending = (orgId: OrgId, pluginId: PluginId, ids: readonly LaunchId[], end: LaunchEnd) => {
    return build
      .updateTable('launches')
      .set({ ended_at: end.at, ended_by: end.by, end_reason: end.reason })
      .where('org_id', '=', orgId)
      .where('plugin_id', '=', pluginId)
      .where('launch_id', 'in', ids)
      .where('ended_at', 'is', null)
  }
  const withdrawing = (orgId: OrgId, ids: readonly LaunchId[]) =>
    build
      .updateTable('launches')
      .set({ approved_reach: null })
      .where('org_id', '=', orgId)
      .where('launch_id', 'in', ids)
  const moved = (orgId: OrgId, pluginId: PluginId) =>
    build
      .updateTable('plugins')
      .set(({ eb }) => ({ launch_epoch: eb('launch_epoch', '+', 1) }))
      .where('org_id', '=', orgId)
      .where('plugin_id', '=', pluginId)
      .where('retired_at', 'is', null)

  const withPeople = async (orgId: OrgId, rows: readonly LaunchRow[]): Promise<readonly Launch[]> => {
    const ids = rows.filter(({ kind }) => kind === 'people' || kind === 'everyone_but').map(row => row.launch_id)
    const named =
      ids.length === 0 ? [] : await engine.read(people.where('org_id', '=', orgId).where('launch_id', 'in', ids))
    const byLaunch = Map.groupBy(named, row => row.launch_id)
    return rows.map(row => toLaunch(row, byLaunch.get(row.launch_id) ?? []))
  }
  const live = (orgId: OrgId, pluginId: PluginId | undefined) => {
    const found = launches.where('org_id', '=', orgId).where('ended_at', 'is', null)
    return pluginId === undefined ? found : found.where('plugin_id', '=', pluginId)
  }

  async function readLive(orgId: OrgId, pluginId?: PluginId): Promise<ReadonlyMap<PluginId, LiveLaunches>> {
    const rows = await engine.read(live(orgId, pluginId))
    if (rows.length === 0) return new Map()
    const wanted = [...new Set(rows.map(row => row.plugin_id))]
    const versions = build.selectFrom('plugin_versions').selectAll().where('org_id', '=', orgId)
    const [found, published] = await Promise.all([
      withPeople(orgId, rows),
      engine.read(
        versions
          .where('plugin_id', 'in', wanted)
          .where('version', 'in', [...new Set(rows.map(row => row.plugin_version))]),
      ),
    ])
    const byPlugin = Map.groupBy(found, launch => launch.pluginId)
    return new Map(
      [...byPlugin].map(([id, its]) => {
        const manifests = new Map<number, PluginDefinition>()
        for (const row of published) if (row.plugin_id === id) manifests.set(row.version, manifest(row.definition))
        return [id, { launches: its, manifests }]
      }),
    )
  }

  return {
    add(launch, { ids, end }, epoch, audits) {
      const { orgId, pluginId, id } = launch
      const named = peopleOf(launch).map((person, place) => ({
        org_id: orgId,
        launch_id: id,
        place,
        plugin_id: pluginId,
        subject_id: person.subjectId,
        email: person.email,
        agreed_at: null,
      }))
      const unit = [
        statement(moved(orgId, pluginId).where('launch_epoch', '=', epoch), 1),
        ...(ids.length === 0 ? [] : [statement(ending(orgId, pluginId, ids, end))]),
        statement(build.insertInto('launches').values(toRow(launch)), 1),
        ...insertPeople(named),
        ...audits.map(audit => auditInsert(engine, audit)),
      ]
      return applied(engine.write(unit))
    },
    end(orgId, pluginId, ids, end, audits) {
      const unit = [
        statement(moved(orgId, pluginId), 1),
        statement(ending(orgId, pluginId, ids, end), ids.length),
        ...(end.withdrawn.length === 0 ? [] : [statement(withdrawing(orgId, end.withdrawn))]),
        ...audits.map(audit => auditInsert(engine, audit)),
      ]
      return applied(engine.write(unit))
    },
    async byId(orgId, pluginId, id) {
      const query = launches.where('org_id', '=', orgId).where('plugin_id', '=', pluginId).where('launch_id', '=', id)
      return (await withPeople(orgId, await engine.read(query)))[0]
    },
    live: async (orgId, pluginId) =>
      (await readLive(orgId, pluginId)).get(pluginId) ?? { launches: [], manifests: new Map() },
    liveOfAll: readLive,
    async list(orgId, pluginId, page) {
      let query = launches
        .where('org_id', '=', orgId)
        .where('plugin_id', '=', pluginId)
        .orderBy('launch_id', 'desc')
        .limit(page.limit + 1)
      if (page.after !== null) query = query.where('launch_id', '<', page.after)
      const found = pageOf(
        await engine.read(query),
        page,
        row => row.launch_id,
        row => row,
      )
      return { ...found, items: await withPeople(orgId, found.items) }
    },
    async approved(orgId, pluginId) {
      const query = launches
        .where('org_id', '=', orgId)
        .where('plugin_id', '=', pluginId)
        .where('approved_reach', 'is not', null)
      return withPeople(orgId, await engine.read(query.orderBy('launch_id', 'desc').limit(MOST_APPROVED)))
    },
    async claimEmail(orgId, email, subjectId) {
      const query = build
        .updateTable('launch_people')
        .set({ subject_id: subjectId })
        .where('org_id', '=', orgId)
        .where('email', '=', email)
        .where('subject_id', 'is', null)
      await engine.write([statement(query)])
    },
    agree(orgId, id, subjectId, at, audit) {
      const query = build
        .updateTable('launch_people')
        .set({ agreed_at: at })
        .where('org_id', '=', orgId)
        .where('launch_id', '=', id)
        .where('subject_id', '=', subjectId)
      return applied(engine.write([statement(query, 1), auditInsert(engine, audit)]))
    },
  }
}

const MOST_APPROVED = 100
