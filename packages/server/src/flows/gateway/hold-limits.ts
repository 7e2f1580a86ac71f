import type { Gateway } from '@behalf/contract'
import { BrokerError } from '../../domain/broker-error.ts'
import type { Ports } from '../../ports/index.ts'

/** What a connector allows of a call, watched while it lasts. */
export type HeldLimits = {
  /** Whether a body of this many bytes so far may go on. Throws `body_too_large` where not. */
  admitBody(bytes: number): void
  /** Whether an answer of this many bytes so far may go on. */
  admits(bytes: number): boolean
  end(): void
}

/**
 * Watches a call's size and length; undefined where the connector sets no limit. `cut` is called with why the call must end. Throws `body_too_large`
 * where its body says beforehand that it is too long.
 */
export function holdLimits(
  { clock }: Pick<Ports, 'clock'>,
  { request_bytes, response_bytes, total_s }: Gateway['limits'],
  declaredBytes: number,
  cut: (error: BrokerError) => void,
): HeldLimits | undefined {
  if (request_bytes === undefined && response_bytes === undefined && total_s === undefined) return undefined
  if (request_bytes !== undefined && declaredBytes > request_bytes) throw tooLarge(request_bytes)
  const over = new AbortController()
  if (total_s !== undefined)
    clock.sleep(total_s * 1000, over.signal).then(
      () => cut(new BrokerError('provider_timeout', { detail: 'The connector allows no longer answer.' })),
      () => undefined,
    )
  return {
    admitBody(bytes) {
      if (request_bytes === undefined || bytes <= request_bytes) return
      const error = tooLarge(request_bytes)
      cut(error)
      throw error
    },
    admits(bytes) {
      if (response_bytes === undefined || bytes <= response_bytes) return true
      cut(new BrokerError('provider_invalid_response', { detail: 'The connector allows no larger answer.' }))
      return false
    },
    end: () => over.abort(),
  }
}

const tooLarge = (most: number) =>
  new BrokerError('body_too_large', { detail: `The connector allows bodies of ${most} bytes.` })
