import { BrokerError } from '../domain/broker-error.ts'

/** How far a request came. Before `headers` no byte of it can have left. */
export type Phase = 'check' | 'resolve' | 'connect' | 'headers' | 'body'

/** What went wrong on the way, without anything of the request: safe to log. */
export class OutboundFault extends Error {
  override readonly name = 'OutboundFault'
  readonly phase: Phase
  readonly code: string

  constructor(phase: Phase, code: string) {
    super(`${phase}: ${code}`)
    this.phase = phase
    this.code = code
  }
}

// SECURITY: one sentence for every refused address, so that answers tell nobody what listens inside.
const REFUSED = 'The address is not one that may be called.'

export const refused = (why: string): BrokerError =>
  new BrokerError('outbound_refused', { detail: REFUSED, cause: new OutboundFault('check', why) })

export const timedOut = (phase: Phase): BrokerError =>
  new BrokerError('provider_timeout', {
    detail: `The provider did not answer in time (${phase}).`,
    cause: new OutboundFault(phase, 'timeout'),
  })

/** Errors of sockets, TLS and undici, reduced to phase and code. */
export function failed(phase: Phase, error: unknown): BrokerError {
  if (error instanceof BrokerError) return error
  const code = error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : 'failed'
  if (/TIMEOUT/.test(code)) return timedOut(phase)
  const detail = phase === 'body' || phase === 'headers' ? 'The provider broke off.' : 'The provider cannot be reached.'
  return new BrokerError('provider_unavailable', { detail, cause: new OutboundFault(phase, code) })
}
