import type { IncomingMessage, ServerResponse } from 'node:http'
import { BrokerError } from '../domain/broker-error.ts'
import { type FlatHeaders, onlyHeader } from '../domain/flat-headers.ts'
import { type NowOrLater, whenKnown } from '../domain/now-or-later.ts'
import type { RequestContext } from '../domain/request-context.ts'
import type { Flows } from '../flows/flows.ts'
import type { CallerSink, OngoingCall } from '../flows/gateway/outgoing-call.ts'
import type { PluginPrincipal } from '../flows/plugin/authenticate-plugin.ts'
import { sendProblem } from './raw-request.ts'
import type { Arrival, ContextOf } from './request-context.ts'

const METHODS: ReadonlySet<string> = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'])
const PATH = /^\/gateway\/([a-z][a-z0-9-]{1,62})\/(.*)$/s

type Needs = {
  readonly flows: Pick<Flows, 'authenticatePlugin' | 'callProvider' | 'noteRefusal'>
  readonly contextOf: ContextOf
  readonly onBug: (error: unknown, requestId: string) => void
}

type Asked = { readonly principal: PluginPrincipal; readonly connector: string }

/** `ANY /gateway/{connector}/{path}`: a raw handler without a promise on its way, because every microsecond here is every call's. */
export function createGatewayHandler(needs: Needs) {
  return function gateway(request: IncomingMessage, response: ServerResponse): NowOrLater<void> {
    return whenKnown(needs.contextOf(request), arrival => new Caller(needs, request, response, arrival).answer())
  }
}

/** Who asks, and where the provider's answer goes: pauses the provider while the caller reads slowly, and ends the call when the caller goes. */
class Caller implements CallerSink {
  readonly #needs: Needs
  readonly #request: IncomingMessage
  readonly #response: ServerResponse
  readonly #arrival: Arrival
  #ongoing: OngoingCall | undefined
  #asked: Asked | undefined
  #isPaused = false

  constructor(needs: Needs, request: IncomingMessage, response: ServerResponse, arrival: Arrival) {
    this.#needs = needs
    this.#request = request
    this.#response = response
    this.#arrival = arrival
  }

  answer(): NowOrLater<void> {
    try {
      const context = this.#arrival.context()
      const authorization = single(this.#request.rawHeaders, 'authorization')
      const principal = this.#needs.flows.authenticatePlugin(context, authorization)
      if (!(principal instanceof Promise)) return this.#call(context, principal)
      return principal.then(known => this.#call(context, known)).catch(error => this.#refuse(error))
    } catch (error) {
      this.#refuse(error)
    }
  }

  onHead(status: number, headers: FlatHeaders): void {
    this.#response.writeHead(status, headers as string[])
  }

  onData(chunk: Uint8Array): boolean {
    if (this.#response.write(chunk)) return true
    if (!this.#isPaused) {
      this.#isPaused = true
      this.#response.once('drain', () => {
        this.#isPaused = false
        this.#ongoing?.resume()
      })
    }
    return false
  }

  onEnd(): void {
    this.#response.end()
  }

  onCut(): void {
    this.#response.destroy()
  }

  onFailed(error: unknown): void {
    if (this.#asked === undefined) this.#refuse(error)
    else this.#noteAndRefuse(this.#asked, error)
  }

  #noteAndRefuse({ principal, connector }: Asked, error: unknown): void {
    this.#needs.flows.noteRefusal(this.#arrival.context(), principal, connector, error).then(
      () => this.#refuse(error),
      noted => this.#refuse(noted),
    )
  }

  #call(context: RequestContext, principal: PluginPrincipal | undefined): void {
    const { method = 'GET', url, rawHeaders: headers } = this.#request
    if (!METHODS.has(method) || this.#request.headers.upgrade !== undefined) throw new BrokerError('method_not_allowed')
    const [, connector, remainder] = PATH.exec(url ?? '') ?? []
    if (connector === undefined || remainder === undefined) throw new BrokerError('connector_not_found')
    if (principal === undefined) throw new BrokerError('unauthenticated')
    const named = {
      subjectToken: single(headers, 'behalf-subject-token'),
      subject: single(headers, 'behalf-subject'),
    }
    this.#asked = { principal, connector }
    this.#response.once('close', () => {
      if (!this.#response.writableEnded) this.#ongoing?.abort()
    })
    const body = hasBody(this.#request) ? this.#request : undefined
    const call = { principal, named, connectorName: connector, method, remainder, headers, body }
    this.#ongoing = this.#needs.flows.callProvider(context, call, this)
  }

  #refuse(error: unknown): void {
    const { baseUrl, requestId } = this.#arrival
    if (!(error instanceof BrokerError)) this.#needs.onBug(error, requestId)
    if (this.#response.headersSent) this.#response.destroy()
    else sendProblem(this.#request, this.#response, error, { baseUrl, requestId })
  }
}

function single(headers: FlatHeaders, name: string): string | undefined {
  const value = onlyHeader(headers, name)
  if (value === null) throw new BrokerError('invalid_request', { detail: `${name} came more than once.` })
  return value
}

const hasBody = ({ headers }: IncomingMessage): boolean =>
  headers['transfer-encoding'] !== undefined ||
  (headers['content-length'] !== undefined && headers['content-length'] !== '0')
