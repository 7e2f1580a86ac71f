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
    const ended = await endedUses(open).catch(error => {
      ports.log.error('streams.unverified', error, { open: open.length })
      return undefined
    })
    for (const call of ended ?? open) call.cut(ended === undefined ? 'unverified' : 'ended')
    return ended?.size ?? open.length
  }
}
