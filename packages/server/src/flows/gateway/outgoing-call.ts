import type { FlatHeaders } from '../../domain/flat-headers.ts'
import type { PluginPrincipal } from '../plugin/authenticate-plugin.ts'
import type { NamedSubject } from '../plugin/resolve-subject.ts'

/** One gateway call as it arrives. */
export type GatewayCall = OutgoingCall & { readonly principal: PluginPrincipal }

/** A call once it is known which plugin makes it. `remainder` is what follows `/gateway/{connector}/`, undecoded, query and all. */
export type OutgoingCall = {
  readonly named: NamedSubject
  readonly connectorName: string
  readonly method: string
  readonly remainder: string
  readonly headers: FlatHeaders
  readonly body: AsyncIterable<Uint8Array> | undefined
  /** The run that the call belongs to, where an action makes it. */
  readonly run?: { readonly runId: string; readonly action: string; readonly pathTemplate: string }
}

/** Where the provider's answer goes. It ends with one of `onEnd`, `onCut` and `onFailed`. */
export type CallerSink = {
  onHead(status: number, headers: FlatHeaders): void
  /** Returns false to pause until the call's `resume`. */
  onData(chunk: Uint8Array): boolean
  onEnd(): void
  /** After the head nothing can be said any more: the caller's connection is to be cut. */
  onCut(): void
  /** Before the head: the problem that came instead of an answer. */
  onFailed(error: unknown): void
}

/** A call under way: what its caller may do meanwhile. */
export type OngoingCall = { resume(): void; abort(): void }
