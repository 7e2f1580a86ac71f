import type { Moment } from '../../domain/leased-values.ts'
import type { Ports } from '../../ports/index.ts'
import { momentOf } from '../request/leases.ts'
import { createEndedUses, type Use } from './ended-uses.ts'

/** Whether what a call rests on has ended, and the moment from which that was read. */
type Rechecked = { readonly hasEnded: boolean; readonly readAt: Moment }
export type RecheckUse = (use: Use) => Promise<Rechecked>

type Reading = {
  readonly uses: Use[]
  readonly read: Promise<{ readonly ended: ReadonlySet<Use>; readonly readAt: Moment }>
}

/**
 * Re-reads what one call rests on. One reading is under way at a time, and whoever asks meanwhile shares the next: calls that waited together
 * would else queue for the store until their cache lease lapsed once more, and again. Throws `store_unavailable`.
 */
export function createRecheckUse(ports: Pick<Ports, 'clock' | 'connections' | 'launches' | 'people'>): RecheckUse {
  const endedUses = createEndedUses(ports)
  let underWay: Promise<unknown> = Promise.resolve()
  let gathering: Reading | undefined

  return async function recheckUse(use) {
    gathering ??= following()
    gathering.uses.push(use)
    const { ended, readAt } = await gathering.read
    return { hasEnded: ended.has(use), readAt }
  }

  function following(): Reading {
    const uses: Use[] = []
    const read = underWay.then(async () => {
      gathering = undefined
      const readAt = momentOf(ports.clock)
      return { ended: await endedUses(uses), readAt }
    })
    underWay = read.catch(() => undefined)
    return { uses, read }
  }
}
