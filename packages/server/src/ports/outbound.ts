import type { FlatHeaders } from '../domain/flat-headers.ts'
import type { OutboundTarget } from '../domain/outbound-target.ts'

/** A request that leaves for a provider, an SSO or a key set. Bodies are whole; answers are capped and whole. */
export type OutboundRequest = {
  readonly target: OutboundTarget
  readonly method: string
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  readonly body?: string
  /** From the call to the last byte of the answer; at most 30,000. */
  readonly deadlineMs: number
  /** Largest answer after decoding, in bytes; at most 1,048,576. */
  readonly maxBytes: number
  /** Follow same-origin redirects (discovery and key sets alone); credentials are never sent along one. */
  readonly redirects: 'refuse' | 'same-origin'
}

/** Where a streamed answer goes. `onData` returns false to pause until {@link UpstreamCall.resume}. */
export type UpstreamSink = {
  onHead(status: number, headers: FlatHeaders): void
  onData(chunk: Uint8Array): boolean
  onEnd(): void
  onError(error: unknown): void
}

export type UpstreamRequest = {
  readonly target: OutboundTarget
  readonly method: string
  readonly url: string
  /** What goes on the wire, in this order. */
  readonly headers: FlatHeaders
  readonly body?: AsyncIterable<Uint8Array> | Uint8Array
  /** Until the answer's head; a streaming body afterwards is bounded by `idleMs` alone. */
  readonly headDeadlineMs: number
  readonly idleMs: number
  /** Called synchronously when the request is about to be written; returning false refuses it with `shutting_down`-like abort. */
  readonly mayWrite: () => boolean
}

export type UpstreamCall = { resume(): void; abort(reason: unknown): void }

/**
 * The only way out. Refuses addresses that are not public unless the operator let them through, checks the address it dials,
 * and never follows a redirect with a credential. Throws `BrokerError` `outbound_refused`, `provider_unavailable`,
 * `provider_timeout` or `provider_invalid_response`.
 */
export type Outbound = {
  fetch(request: OutboundRequest): Promise<Response>
  stream(request: UpstreamRequest, sink: UpstreamSink): UpstreamCall
  /** Throws `outbound_refused` where a URL could never be called; resolves names only for `http:` URLs. */
  check(url: string, target: OutboundTarget): Promise<void>
}
