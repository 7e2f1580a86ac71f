import type { Fault, ProblemCode } from '@behalf/contract'

/** A connection that is missing, has ended, or was granted too little. */
export type Missing = {
  readonly connector: string
  readonly displayName: string
  readonly code: Extract<ProblemCode, 'connection_required' | 'reconnect_required' | 'scope_insufficient'>
  readonly scope: readonly string[]
}

type Told = {
  /** May be shown to whoever sent the request. */
  readonly detail?: string
  /** Logged, never sent. */
  readonly cause?: unknown
  readonly errors?: readonly Fault[]
  readonly connectUrl?: string
  readonly connectionId?: string
  /** Every connection that is not there as a plugin needs it; `connectUrl` covers them all. */
  readonly missing?: readonly Missing[]
  readonly retryAfterMs?: number
}

/** The one error that is a message to a caller; anything else thrown is a bug. See `contract/problem.ts` for the codes. */
export class BrokerError extends Error {
  override readonly name = 'BrokerError'
  readonly code: ProblemCode
  readonly told: Told

  constructor(code: ProblemCode, told: Told = {}) {
    super(told.detail ?? code, told.cause === undefined ? undefined : { cause: told.cause })
    this.code = code
    this.told = told
  }
}
