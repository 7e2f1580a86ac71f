import type { UpstreamCall, UpstreamRequest, UpstreamSink } from '../ports/outbound.ts'
import { type Pools, pathAt } from './pools.ts'
import { failed, type Phase, timedOut } from './refusal.ts'

type Controller = { abort(reason: Error): void; pause(): void; resume(): void; rawHeaders?: unknown }

/** Sends one request and streams its answer into a sink, with back-pressure both ways; never sent twice, never redirected. */
export function createStream(pools: Pools) {
  return function stream(request: UpstreamRequest, sink: UpstreamSink): UpstreamCall {
    const exchange = new Exchange(request, sink)
    exchange.begin(pools)
    return exchange
  }
}

/** One request and its answer, as undici's handler. A class, because each call makes one: closures for each of its steps cost more. */
class Exchange implements UpstreamCall {
  readonly #request: UpstreamRequest
  readonly #sink: UpstreamSink
  #controller: Controller | undefined
  #phase: Phase = 'connect'
  #ended = false
  #cut: Error | undefined
  #timer: NodeJS.Timeout | undefined
  /** When the timer goes off, and when that is too late for an answer: the second moves with every chunk, and the timer follows only then. */
  #firesAt = Number.POSITIVE_INFINITY
  #dueAt = Number.POSITIVE_INFINITY

  constructor(request: UpstreamRequest, sink: UpstreamSink) {
    this.#request = request
    this.#sink = sink
  }

  begin(pools: Pools): void {
    const { url, target, method, headers, body } = this.#request
    this.#expectWithin(this.#request.headDeadlineMs)
    try {
      const { origin, dispatcher } = pools.of(url, target)
      // The bytes of the path go out as they were given: nothing between here and the provider normalises them.
      const options = { origin, path: pathOf(url), method, headers, body: body ?? null }
      dispatcher.dispatch(options as Parameters<typeof dispatcher.dispatch>[0], this)
    } catch (error) {
      this.#phase = 'check'
      queueMicrotask(() => this.#end(error))
    }
  }

  abort(reason: unknown): void {
    if (this.#ended) return
    this.#cut = reason instanceof Error ? reason : new Error('aborted')
    if (this.#controller === undefined) this.#end(this.#cut)
    else this.#controller.abort(this.#cut)
  }

  resume(): void {
    if (this.#dueAt !== Number.POSITIVE_INFINITY || this.#ended) return
    this.#expectWithin(this.#request.idleMs)
    this.#controller?.resume()
  }

  onRequestStart(controller: Controller): void {
    this.#controller = controller
    if (this.#cut !== undefined) controller.abort(this.#cut)
    // Thrown, where an abort would cost the connection, which is as good as before: nothing was written to it.
    else if (!this.#request.mayWrite()) throw new Error('no longer allowed')
    else this.#phase = 'headers'
  }

  onRequestUpgrade(controller: Controller): void {
    controller.abort(new Error('upgrade'))
  }

  onResponseStart(controller: Controller, status: number): void {
    if (status < 200) return
    this.#phase = 'body'
    this.#expectWithin(this.#request.idleMs)
    this.#sink.onHead(status, textsOf(controller.rawHeaders))
  }

  onResponseData(controller: Controller, chunk: Uint8Array): void {
    this.#expectWithin(this.#request.idleMs)
    if (this.#sink.onData(chunk)) return
    this.#dueAt = Number.POSITIVE_INFINITY
    controller.pause()
  }

  onResponseEnd(): void {
    this.#end()
  }

  onResponseError(_: Controller, error: Error): void {
    this.#end(this.#cut ?? error)
  }

  #end(error?: unknown): void {
    if (this.#ended) return
    this.#ended = true
    clearTimeout(this.#timer)
    if (error === undefined) this.#sink.onEnd()
    else this.#sink.onError(failed(this.#phase, error))
  }

  #expectWithin(ms: number): void {
    this.#dueAt = performance.now() + ms
    if (this.#dueAt < this.#firesAt) this.#arm(ms)
  }

  #arm(ms: number): void {
    clearTimeout(this.#timer)
    this.#firesAt = performance.now() + ms
    this.#timer = setTimeout(() => this.#judge(), ms)
  }

  #judge(): void {
    this.#firesAt = Number.POSITIVE_INFINITY
    const left = this.#dueAt - performance.now()
    if (left === Number.POSITIVE_INFINITY) return
    if (left > 0) this.#arm(left)
    else this.abort(timedOut(this.#phase))
  }
}

function pathOf(url: string): string {
  const path = url.slice(pathAt(url))
  return path.startsWith('/') ? path : `/${path}`
}

// Header bytes are latin1 (RFC 9110 5.5); undici hands them over flat.
function textsOf(raw: unknown): readonly string[] {
  if (!Array.isArray(raw)) return []
  const texts: string[] = []
  for (const part of raw) texts.push(typeof part === 'string' ? part : (part as Buffer).toString('latin1'))
  return texts
}
