import type { DebugWindowId } from '@behalf/contract'
import { BrokerError } from '../../domain/broker-error.ts'
import { type DebugWindow, type DebugWindowState, stateOf } from '../../domain/debug-window.ts'
import type { Principal } from '../../domain/principal.ts'
import type { RequestContext } from '../../domain/request-context.ts'
import type { Ports } from '../../ports/index.ts'
import type { Page, PageRequest } from '../../ports/page.ts'
import { reaches, reachOf } from '../admin/own-things.ts'

/** A debug window as people read it. */
export type DescribedWindow = {
  readonly window: DebugWindow
  readonly state: DebugWindowState
  readonly plugin: { readonly name: string; readonly displayName: string }
  /** Who asked: name and e-mail, as far as they are known. */
  readonly asker: string
}

type Needs = Pick<Ports, 'clock' | 'debugWindows' | 'people' | 'plugins'>
const MOST_SHOWN = 20

/** Debug windows: one's own, or with the right to ask for them, all. */
export function createReadDebugWindows(ports: Needs) {
  return { listDebugWindows, readDebugWindow, standingDebugWindows, describeDebugWindow: described }

  async function listDebugWindows(
    context: RequestContext,
    principal: Principal,
    page: PageRequest,
  ): Promise<Page<DescribedWindow>> {
    const reach = reachOf(principal, 'debug-window.ask')
    if (!reach.all && reach.subject === null) return { items: [], next: null }
    const found = await ports.debugWindows.list(context.organization.id, reach.all ? null : reach.subject, page)
    return { items: await Promise.all(found.items.map(window => described(context, window))), next: found.next }
  }

  /** Throws `not_found`. */
  async function readDebugWindow(
    context: RequestContext,
    principal: Principal,
    id: DebugWindowId,
  ): Promise<DescribedWindow> {
    const window = await ports.debugWindows.byId(context.organization.id, id)
    if (window === undefined || !reaches(principal, 'debug-window.ask', window.subjectId))
      throw new BrokerError('not_found')
    return described(context, window)
  }

  /** What a person's connections page shows: windows they are asked for, and those that are open. */
  async function standingDebugWindows(
    context: RequestContext,
    { person }: Extract<Principal, { kind: 'session' }>,
  ): Promise<readonly DescribedWindow[]> {
    if (!context.organization.debugWindows) return []
    const page = { after: null, limit: MOST_SHOWN }
    const { items } = await ports.debugWindows.list(context.organization.id, person.id, page)
    const now = ports.clock.now()
    const standing = items.filter(window => ['asked', 'open'].includes(stateOf(window, now)))
    return Promise.all(standing.map(window => described(context, window)))
  }

  async function described({ organization }: RequestContext, window: DebugWindow): Promise<DescribedWindow> {
    const definition = (await ports.plugins.byId(organization.id, window.pluginId))?.definition
    const asker = await ports.people.byId(organization.id, window.askedBy)
    const known = [asker?.name, asker?.email && `(${asker.email})`].filter(Boolean).join(' ')
    return {
      window,
      state: stateOf(window, ports.clock.now()),
      plugin: { name: definition?.name ?? '', displayName: definition?.display_name ?? definition?.name ?? '' },
      asker: known === '' ? window.askedBy : known,
    }
  }
}
