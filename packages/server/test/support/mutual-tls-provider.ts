import { createServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import type { TLSSocket } from 'node:tls'
import { certificate } from './certificate.ts'

export type SeenOverTls = {
  readonly endpoint: string
  readonly body: string
  readonly authorization: string | undefined
}
export type MutualTlsProvider = AsyncDisposable & {
  readonly url: string
  /** Of the server, for those who must trust it. */
  readonly certificate: string
  readonly seen: readonly SeenOverTls[]
}

/** A provider over TLS that knows its client by a certificate alone (RFC 8705 2.1); only the authorization endpoint is for browsers. */
export async function startMutualTlsProvider(clientFingerprint: string): Promise<MutualTlsProvider> {
  const own = certificate('localhost')
  const seen: SeenOverTls[] = []
  let grants = 0
  const server = createServer({ ...own, requestCert: true, rejectUnauthorized: false }, async (request, response) => {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk as Buffer)
    const { pathname, searchParams } = new URL(request.url ?? '', 'https://localhost')
    const json = (status: number, body: unknown) =>
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
    if (pathname === '/auth') {
      const back = new URL(searchParams.get('redirect_uri') ?? '')
      back.search = new URLSearchParams({ code: 'the-code', state: searchParams.get('state') ?? '' }).toString()
      return response.writeHead(302, { location: back.href }).end()
    }
    const shown = (request.socket as TLSSocket).getPeerCertificate().fingerprint256
    if (shown !== clientFingerprint) return json(401, { error: 'invalid_client' })
    const { authorization } = request.headers
    seen.push({ endpoint: `${request.method} ${pathname}`, body: Buffer.concat(chunks).toString(), authorization })
    if (pathname !== '/token') return json(200, { ok: true })
    grants += 1
    return json(200, { access_token: `at${grants}`, refresh_token: `rt${grants}`, expires_in: 3600 })
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `https://localhost:${(server.address() as AddressInfo).port}`,
    certificate: own.cert,
    seen,
    [Symbol.asyncDispose]: () =>
      new Promise<void>(resolve => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}
