import type { AllowEntry } from '../domain/outbound-allow.ts'
import type { Outbound } from '../ports/outbound.ts'
import { createFetch } from './fetch.ts'
import { createGuard, type Resolve, resolveAll } from './guard.ts'
import { createPools } from './pools.ts'
import { createStream } from './stream.ts'

export type OutboundOptions = {
  readonly allow: readonly AllowEntry[]
  /** A corporate egress proxy for https. It dials, so resolved addresses are no longer ours to judge. */
  readonly proxyUrl?: string | undefined
  /** Trusted besides the system's; `NODE_EXTRA_CA_CERTS` needs nothing here, Node reads it itself. */
  readonly ca?: readonly string[] | undefined
  readonly resolve?: Resolve
}

/** The only way out of the process. */
export function createOutbound({
  allow,
  proxyUrl,
  ca,
  resolve = resolveAll,
}: OutboundOptions): Outbound & AsyncDisposable {
  const guard = createGuard(allow, resolve)
  const pools = createPools(guard, { proxyUrl, ca })
  const stream = createStream(pools)
  return {
    fetch: createFetch(stream),
    stream,
    async check(url, target) {
      guard.judgeUrl(url, target)
    },
    [Symbol.asyncDispose]: () => pools[Symbol.asyncDispose](),
  }
}
