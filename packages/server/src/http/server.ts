import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { getRequestListener } from '@hono/node-server'
import { BootError } from '../domain/boot-error.ts'
import type { AddressRange } from '../domain/ip-address.ts'
import type { Flows } from '../flows/flows.ts'
import { createApp } from './app.ts'
import { beginsConnect, createBeginConnectHandler } from './begin-connect.ts'
import { createGatewayHandler } from './gateway.ts'
import { createContextOf } from './request-context.ts'
import { createTokenExchangeHandler } from './token-exchange.ts'

export type ServerNeeds = {
  readonly flows: Flows
  readonly trustedProxies: readonly AddressRange[]
  readonly onBug: (error: unknown, requestId: string) => void
  readonly onAnswer: (seconds: number) => void
}
export type Running = AsyncDisposable & { readonly port: number }

const LIMITS = {
  maxHeaderSize: 32_768,
  headersTimeout: 15_000,
  requestTimeout: 0,
  keepAliveTimeout: 15_000,
  connectionsCheckingInterval: 5_000,
  requireHostHeader: true,
} as const
const DRAIN_MS = 10_000
const SWEEP_MS = 50

/** The public server: the gateway, token exchange and the form that begins a connect on raw handlers, everything else in Hono. */
export function createPublicServer(needs: ServerNeeds): Server {
  const { flows, onAnswer, onBug } = needs
  const contextOf = createContextOf(needs)
  const gateway = createGatewayHandler({ flows, contextOf, onBug })
  const tokenExchange = createTokenExchangeHandler({ flows, contextOf, onBug })
  const pages = getRequestListener(createApp(needs).fetch, { overrideGlobalObjects: false })
  const beginConnect = createBeginConnectHandler({ flows, contextOf, onAnswer, onBug, pages })
  const route = (request: IncomingMessage, response: ServerResponse): unknown => {
    const path = request.url ?? ''
    if (path.startsWith('/gateway/')) return gateway(request, response)
    if (path === '/oauth/token' || path.startsWith('/oauth/token?')) return tokenExchange(request, response)
    // An absolute-form or authority-form target is for proxies, and this is none.
    if (!path.startsWith('/')) return response.writeHead(400, { connection: 'close' }).end()
    return (beginsConnect(request) ? beginConnect : pages)(request, response)
  }
  const server = createServer(LIMITS, (request, response) => {
    Promise.resolve(route(request, response)).catch((error: unknown) => {
      onBug(error, 'none')
      response.destroy()
    })
  })
  server.on('upgrade', (_, socket) =>
    socket.end('HTTP/1.1 405 Method Not Allowed\r\nConnection: close\r\nContent-Length: 0\r\n\r\n'),
  )
  server.on('connect', (_, socket) =>
    socket.end('HTTP/1.1 405 Method Not Allowed\r\nConnection: close\r\nContent-Length: 0\r\n\r\n'),
  )
  return server
}

/** Listens, and on disposal stops taking requests, lets those under way end within ten seconds, and closes. Throws {@link BootError}. */
export async function listen(
  server: Server,
  { host, port }: { readonly host: string; readonly port: number },
  name: string,
): Promise<Running> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', error => reject(toBootError(error, host, port, name)))
    server.listen(port, host, resolve)
  })
  return {
    port: (server.address() as AddressInfo).port,
    async [Symbol.asyncDispose]() {
      const closed = new Promise<void>(resolve => server.close(() => resolve()))
      server.closeIdleConnections()
      // Those that were busy are closed as soon as their answer is out, not when their keep-alive ends.
      const sweep = setInterval(() => server.closeIdleConnections(), SWEEP_MS)
      const cut = setTimeout(() => server.closeAllConnections(), DRAIN_MS)
      await closed
      clearTimeout(cut)
      clearInterval(sweep)
    },
  }
}

function toBootError(error: Error, host: string, port: number, name: string): BootError {
  const code = 'code' in error ? String(error.code) : error.name
  if (code === 'EADDRINUSE') return new BootError(`${name}: ${host}:${port} is in use by another program`)
  return new BootError(`${name}: cannot listen on ${host}:${port} (${code})`)
}
