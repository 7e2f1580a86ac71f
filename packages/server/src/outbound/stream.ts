import type { UpstreamCall, UpstreamRequest, UpstreamSink } from '../ports/outbound.ts'
import { type Pools, pathAt } from './pools.ts'
import { failed, type Phase, timedOut } from './refusal.ts'

type Controller = { abort(reason: Error): void; pause(): void; resume(): void; rawHeaders?: unknown }

/** Sends one request and streams its answer into a sink, with back-pressure both ways; never sent twice, never redirected. */
export function createStream(pools: Pools) {
  return function stream(request: UpstreamRequest, sink: UpstreamSink): UpstreamCall {
    let controller: Controller | undefined
    let phase: Phase = 'connect'
    let ended = false
    let cut: Error | undefined
    let paused = false
    let timer = setTimeout(late, request.headDeadlineMs)

    const end = (error?: unknown): void => {
      if (ended) return
      ended = true
      clearTimeout(timer)
      if (error === undefined) sink.onEnd()
      else sink.onError(failed(phase, error))
    }
    function late(): void {
      abort(timedOut(phase))
    }
    function abort(reason: unknown): void {
      if (ended) return
      cut = reason instanceof Error ? reason : new Error('aborted')
      if (controller === undefined) end(cut)
      else controller.abort(cut)
    }

    try {
      const { origin, dispatcher } = pools.of(request.url, request.target)
      dispatcher.dispatch(
        {
          origin,
          // The bytes of the path go out as they were given: nothing between here and the provider normalises them.
          path: pathOf(request.url),
          method: request.method as 'GET',
          headers: request.headers as string[],
          body: (request.body ?? null) as Uint8Array | null,
        },
        {
          onRequestStart(started: Controller) {
            controller = started
            if (cut !== undefined) return started.abort(cut)
            if (!request.mayWrite()) return started.abort(new Error('no longer allowed'))
            phase = 'headers'
          },
          onRequestUpgrade(started: Controller) {
            started.abort(new Error('upgrade'))
          },
          onResponseStart(started: Controller, status: number) {
            if (status < 200) return
            phase = 'body'
            clearTimeout(timer)
            timer = setTimeout(late, request.idleMs)
            sink.onHead(status, pairs(started.rawHeaders))
          },
          onResponseData(started: Controller, chunk: Uint8Array) {
            timer.refresh()
            if (sink.onData(chunk)) return
            paused = true
            clearTimeout(timer)
            started.pause()
          },
          onResponseEnd: () => end(),
          onResponseError: (_: Controller, error: Error) => end(cut ?? error),
        },
      )
    } catch (error) {
      phase = 'check'
      queueMicrotask(() => end(error))
    }
    return {
      abort,
      resume() {
        if (!paused || ended) return
        paused = false
        timer = setTimeout(late, request.idleMs)
        controller?.resume()
      },
    }
  }
}

function pathOf(url: string): string {
  const path = url.slice(pathAt(url))
  return path.startsWith('/') ? path : `/${path}`
}

// Header bytes are latin1 (RFC 9110 5.5); undici hands them over flat.
function pairs(raw: unknown): (readonly [string, string])[] {
  const made: (readonly [string, string])[] = []
  if (!Array.isArray(raw)) return made
  for (let at = 0; at + 1 < raw.length; at += 2) made.push([text(raw[at]), text(raw[at + 1])])
  return made
}

const text = (part: unknown): string => (typeof part === 'string' ? part : (part as Buffer).toString('latin1'))
