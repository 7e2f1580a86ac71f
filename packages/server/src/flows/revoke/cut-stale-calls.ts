import type { LiveCalls } from '../../domain/live-calls.ts'
import type { Ports } from '../../ports/index.ts'

/**
 * Re-reads what the open calls of this node rest on and cuts those that ended meanwhile on another node; all of them where that cannot be read.
 */
export function createCutStaleCalls(ports: Pick<Ports, 'connections' | 'log'> & { readonly liveCalls: LiveCalls }) {
  return async function cutStaleCalls(): Promise<number> {
    const open = ports.liveCalls.all()
    if (open.length === 0) return 0
    const read = open.map(({ orgId, connectionId, generation, subjectId, keyId }) => ({
      orgId,
      id: connectionId,
      generation,
      subjectId,
      keyId,
    }))
    let stale: (call: (typeof open)[number]) => boolean
    try {
      const ids = new Set(await ports.connections.stale(read))
      stale = call => ids.has(call.connectionId)
    } catch (error) {
      ports.log.error('streams.unverified', error, { open: open.length })
      stale = () => true
    }
    const ended = open.filter(stale)
    for (const call of ended) call.cut('its right ended')
    return ended.length
  }
}
