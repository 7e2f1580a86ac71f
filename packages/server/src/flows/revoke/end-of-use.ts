import { CACHE_LEASE_MS } from '../../domain/leased-values.ts'
import type { Ports } from '../../ports/index.ts'

const MARGIN_MS = 200

/** Resolves when no node can go on with what ended before the call. */
export const endOfUse = (ports: Pick<Ports, 'clock'>): Promise<void> => ports.clock.sleep(CACHE_LEASE_MS + MARGIN_MS)
