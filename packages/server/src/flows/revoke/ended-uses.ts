import type { OrgId, PluginId, SubjectId } from '@behalf/contract'
import { compileLaunches } from '../../domain/live-launches.ts'
import type { Ports } from '../../ports/index.ts'

/** What a call rests on. */
export type Use = Parameters<Ports['connections']['stale']>[0][number] & { readonly pluginId: PluginId }

/** Re-reads what calls rest on: their connections, people, keys and launches; returns those whose right has ended. */
export function createEndedUses(ports: Pick<Ports, 'connections' | 'launches' | 'people'>) {
  return async function endedUses<One extends Use>(uses: readonly One[]): Promise<ReadonlySet<One>> {
    const [stale, reached] = await Promise.all([ports.connections.stale(uses), reachedUses(uses)])
    const ended = new Set(stale)
    return new Set(uses.filter(use => ended.has(use) || !reached.has(use)))
  }

  async function reachedUses<One extends Use>(uses: readonly One[]): Promise<ReadonlySet<One>> {
    const groups = Map.groupBy(uses, ({ orgId, pluginId }) => `${orgId} ${pluginId}`)
    const reached = await Promise.all([...groups.values()].map(its => reachedOfOne(its)))
    return new Set(reached.flat())
  }

  /** `uses` are all of one plugin. */
  async function reachedOfOne<One extends Use>(uses: readonly One[]): Promise<readonly One[]> {
    const [first] = uses
    if (first === undefined) return []
    const [live, people] = await Promise.all([
      ports.launches.live(first.orgId, first.pluginId),
      peopleOf(
        first.orgId,
        uses.map(({ subjectId }) => subjectId),
      ),
    ])
    const { compiled } = compileLaunches(live)
    return uses.filter(({ subjectId }) => {
      const person = people.get(subjectId)
      return person !== undefined && compiled.some(({ audience }) => audience.reaches(person))
    })
  }

  async function peopleOf(orgId: OrgId, ids: readonly SubjectId[]) {
    const found = await ports.people.byIds(orgId, [...new Set(ids)])
    return new Map(found.map(person => [person.id, person]))
  }
}
