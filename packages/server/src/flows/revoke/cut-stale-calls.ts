import type { LiveCalls } from '../../domain/live-calls.ts'
import type { Ports } from '../../ports/index.ts'
import { createEndedUses } from './ended-uses.ts'

type Needs = Pick<Ports, 'connections' | 'launches' | 'log' | 'people'> & { readonly liveCalls: LiveCalls }

/**
 * Re-reads what the open calls of this node rest on and cuts those that ended meanwhile on another node; all of them where that cannot be read.
 */
export function createCutStaleCalls(ports: Needs) {
  const endedUses = createEndedUses(ports)

  return async function cutStaleCalls(): Promise<number> {
    const open = ports.liveCalls.all()
    if (open.length === 0) return 0
    let ended: Iterable<(typeof open)[number]> = open
    try {
      ended = await endedUses(open)
    } catch (error) {
      ports.log.error('streams.unverified', error, { open: open.length })
    }
    let cut = 0
    for (const call of ended) {
      call.cut('its right ended')
      cut += 1
    }
    return cut
  }
}
