import type { IncomingMessage, ServerResponse } from 'node:http'
import { BrokerError } from '../domain/broker-error.ts'
import type { RequestContext } from '../domain/request-context.ts'
import type { Flows } from '../flows/flows.ts'
import type { CallerSink, OngoingCall } from '../flows/gateway/call-provider.ts'
import { headerPairs, onlyHeader, sendProblem } from './raw-request.ts'
import type { ContextOf } from './request-context.ts'

const METHODS: ReadonlySet<string> = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'])
const PATH = /^\/gateway\/([a-z][a-z0-9-]{1,62})\/(.*)$/s

type Needs = {
  readonly flows: Pick<Flows, 'authenticatePlugin' | 'callProvider' | 'noteRefusal'>
  readonly contextOf: ContextOf
  readonly onBug: (error: unknown, requestId: string) => void
}

/** `ANY /gateway/{connector}/{path}`: a raw handler, because every microsecond here is every call's. */
export function createGatewayHandler({ flows, contextOf, onBug }: Needs) {
  return async function gateway(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { context, baseUrl, requestId } = await contextOf(request)
    try {
      await answer(context(), request, response)
    } catch (error) {
      if (!(error instanceof BrokerError)) onBug(error, requestId)
      if (response.headersSent) response.destroy()
      else sendProblem(request, response, error, { baseUrl, requestId })
    }
  }

  async function answer(context: RequestContext, request: IncomingMessage, response: ServerResponse): Promise<void> {
    const method = request.method ?? 'GET'
    if (!METHODS.has(method) || request.headers.upgrade !== undefined) throw new BrokerError('method_not_allowed')
    const [, connector, remainder] = PATH.exec(request.url ?? '') ?? []
    if (connector === undefined || remainder === undefined) throw new BrokerError('connector_not_found')
    const headers = headerPairs(request)
    const single = (name: string) => {
      const value = onlyHeader(headers, name)
      if (value === null) throw new BrokerError('invalid_request', { detail: `${name} came more than once.` })
      return value
    }
    const principal = await flows.authenticatePlugin(context, single('authorization'))
    if (principal === undefined) throw new BrokerError('unauthenticated')
    const named = { subjectToken: single('behalf-subject-token'), subject: single('behalf-subject') }
    const body = hasBody(request) ? request : undefined
    const caller = toCaller(response)
    try {
      const ongoing = await flows.callProvider(
        context,
        { principal, named, connectorName: connector, method, remainder, headers, body },
        caller.sink,
      )
      caller.join(ongoing)
      if (response.destroyed && !response.writableEnded) ongoing.abort()
      await ongoing.done
    } catch (error) {
      await flows.noteRefusal(context, principal, connector, error)
      throw error
    }
  }
}

const hasBody = ({ headers }: IncomingMessage): boolean =>
  headers['transfer-encoding'] !== undefined ||
  (headers['content-length'] !== undefined && headers['content-length'] !== '0')

/** The caller's side of the stream: pauses the provider while the caller reads slowly, and ends it when the caller goes. */
function toCaller(response: ServerResponse): { readonly sink: CallerSink; join(ongoing: OngoingCall): void } {
  let ongoing: OngoingCall | undefined
  let drained = false
  response.on('drain', () => {
    drained = true
    ongoing?.resume()
  })
  response.once('close', () => {
    if (!response.writableEnded) ongoing?.abort()
  })
  return {
    sink: {
      onHead(status, headers) {
        response.writeHead(status, headers as string[])
      },
      onData: chunk => response.write(chunk),
      onEnd: () => void response.end(),
      onCut: () => void response.destroy(),
    },
    join(joined) {
      ongoing = joined
      if (drained) joined.resume()
    },
  }
}
