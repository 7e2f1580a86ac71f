import type { Ports } from '../../ports/index.ts'

/** No node uses anything it read longer than this before it ended (design section 6). */
const CACHE_LEASE_MS = 700
const MARGIN_MS = 200

/** Resolves when no node can go on with what ended before the call. */
export const endOfUse = (ports: Pick<Ports, 'clock'>): Promise<void> => ports.clock.sleep(CACHE_LEASE_MS + MARGIN_MS)
