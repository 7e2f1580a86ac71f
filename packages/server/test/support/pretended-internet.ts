import { createServer as createProxy } from 'node:http'
import { createServer } from 'node:https'
import { type AddressInfo, connect } from 'node:net'
import { createSecureContext, getCACertificates, setDefaultCACertificates } from 'node:tls'
import { certificate } from './certificate.ts'

export type PretendedRequest = {
  readonly method: string
  readonly host: string
  readonly path: string
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
  readonly body: string
}
export type PretendedInternet = AsyncDisposable & {
  /** What `HTTPS_PROXY` is set to: every name that is asked for leads here. */
  readonly proxyUrl: string
  readonly seen: readonly PretendedRequest[]
  /** Makes a certificate for these names, and has this process trust it. */
  be(names: readonly [string, ...string[]]): void
}

/** Every https host there is, behind an egress proxy: one handler answers for all of them. */
export async function pretendInternet(
  answer: (request: PretendedRequest) => { readonly status: number; readonly body: unknown },
): Promise<PretendedInternet> {
  const trusted = getCACertificates('default')
  const seen: PretendedRequest[] = []
  let context = createSecureContext()
  const hosts = createServer({ SNICallback: (_, done) => done(null, context) }, async (request, response) => {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk as Buffer)
    const { method = '', headers, url = '' } = request
    const one = { method, host: String(headers.host), path: url, headers, body: Buffer.concat(chunks).toString() }
    seen.push(one)
    const { status, body } = answer(one)
    response.writeHead(status, { 'content-type': 'application/json' })
    response.end(status === 204 ? undefined : JSON.stringify(body))
  })
  // A socket that is closed as it is used again fails a request that nobody made to fail.
  hosts.keepAliveTimeout = 0
  await new Promise<void>(resolve => hosts.listen(0, '127.0.0.1', resolve))
  const { port } = hosts.address() as AddressInfo
  const proxy = createProxy((_, response) => response.writeHead(405).end())
  proxy.on('connect', (_, socket) => {
    const upstream = connect(port, '127.0.0.1', () => {
      socket.write('HTTP/1.1 200 Connection Established\r\n\r\n')
      upstream.pipe(socket).pipe(upstream)
    })
    socket.on('error', () => upstream.destroy())
    upstream.on('error', () => socket.destroy())
  })
  await new Promise<void>(resolve => proxy.listen(0, '127.0.0.1', resolve))
  return {
    proxyUrl: `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`,
    seen,
    be(names) {
      const { key, cert } = certificate(names)
      context = createSecureContext({ key, cert })
      setDefaultCACertificates([...trusted, cert])
    },
    async [Symbol.asyncDispose]() {
      setDefaultCACertificates(trusted)
      hosts.closeAllConnections()
      proxy.closeAllConnections()
      await Promise.all([hosts, proxy].map(server => new Promise(resolve => server.close(resolve))))
    },
  }
}
