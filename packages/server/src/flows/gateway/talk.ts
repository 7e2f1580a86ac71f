import type { FlatHeaders } from '../../domain/flat-headers.ts'
import type { Moment } from '../../domain/leased-values.ts'
import type { LiveCalls } from '../../domain/live-calls.ts'
import type { RequestContext } from '../../domain/request-context.ts'
import type { Ports } from '../../ports/index.ts'
import type { CallTerms } from '../log/call-terms.ts'
import type { ObservedCall } from '../log/observe-call.ts'
import type { Spoken } from '../plugin/speak-for.ts'
import type { RecheckUse } from '../revoke/recheck-use.ts'
import type { FreshToken } from '../token/fresh-token.ts'
import type { CallerSink, OutgoingCall } from './outgoing-call.ts'

/** A token and the moment from which it, and the right to use it, were read. */
export type Grant = { readonly token: FreshToken; readonly readAt: Moment }

/** Everything about a call that stays as it is while it goes on. */
export type Talk = {
  readonly context: RequestContext
  readonly call: OutgoingCall
  readonly sink: CallerSink
  readonly spoken: Spoken
  readonly terms: CallTerms
  /** By the monotonic clock. */
  readonly startedAt: number
  /** Undefined under strict. */
  readonly observed: ObservedCall | undefined
}

/** How it ended: `status` is null where no provider answered, `code` where nothing failed. */
export type Ended = {
  readonly token: FreshToken
  readonly status: number | null
  readonly requestBytes: number
  readonly responseBytes: number
  readonly code: string | null
}

/** What a conversation needs of the outside. */
export type ConversationNeeds = Pick<Ports, 'bodyDecoder' | 'clock' | 'outbound' | 'provider'> & {
  readonly liveCalls: LiveCalls
  readonly recheckUse: RecheckUse
  /** Writes the call log entry, once, at the end. */
  readonly record: (talk: Talk, ended: Ended) => void
  /** A token other than the rejected one, if there can be one. */
  readonly again: (talk: Talk, rejectedVersion: number) => Promise<Grant>
}

/** An answer that is not passed on, because the call is made once more. */
export type Refusal = {
  readonly status: number
  readonly headers: FlatHeaders
  readonly chunks: Uint8Array[]
  /** The API wants its nonce in the proof; the token is good (RFC 9449 9). */
  readonly isNonce: boolean
}
