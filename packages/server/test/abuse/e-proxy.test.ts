import assert from 'node:assert/strict'
import { createServer as createHttp } from 'node:http'
import { createServer } from 'node:https'
import { type AddressInfo, connect } from 'node:net'
import { describe, it } from 'node:test'
import { BrokerError } from '../../src/domain/broker-error.ts'
import { createOutbound } from '../../src/outbound/outbound.ts'
import { certificate } from '../support/certificate.ts'

const target = { orgSlug: 'acme' }
const listening = async (server: {
  listen(port: number, host: string, done: () => void): unknown
  address(): unknown
}) => {
  await new Promise<void>(resolve => void server.listen(0, '127.0.0.1', resolve))
  return (server.address() as AddressInfo).port
}

/** A proxy that sends every CONNECT to one port, as a proxy with its own names would, and notes what it was asked. */
async function egressProxy(port: number) {
  const asked: { target: string; headers: string }[] = []
  const server = createHttp((_, response) => response.writeHead(405).end())
  server.on('connect', (request, socket) => {
    asked.push({ target: request.url ?? '', headers: JSON.stringify(request.headers) })
    const upstream = connect(port, '127.0.0.1', () => {
      socket.write('HTTP/1.1 200 Connection Established\r\n\r\n')
      upstream.pipe(socket).pipe(upstream)
    })
    socket.on('error', () => upstream.destroy())
    upstream.on('error', () => socket.destroy())
  })
  const url = `http://127.0.0.1:${await listening(server)}`
  return { url, asked, [Symbol.asyncDispose]: async () => void server.close() }
}

describe('an egress proxy', () => {
  it('dials for us by name, sees no credential, and literals are still judged here', async () => {
    const tls = certificate('api.partner.example')
    const seen: (string | undefined)[] = []
    const api = createServer(tls, (request, response) => {
      seen.push(request.headers.authorization)
      response.end('through the proxy')
    })
    const port = await listening(api)
    await using proxy = await egressProxy(port)
    const resolve = () => assert.fail('the proxy resolves, not we')
    await using outbound = createOutbound({ allow: [], proxyUrl: proxy.url, ca: [tls.cert], resolve })
    const fetched = (url: string) =>
      outbound.fetch({
        target,
        method: 'GET',
        url,
        headers: { authorization: 'Bearer for-the-api-alone' },
        deadlineMs: 5_000,
        maxBytes: 1_000,
        redirects: 'refuse',
      })
    try {
      assert.equal(await (await fetched('https://api.partner.example/me')).text(), 'through the proxy')
      assert.deepEqual(seen, ['Bearer for-the-api-alone'])
      assert.deepEqual(
        proxy.asked.map(({ target: to }) => to),
        ['api.partner.example:443'],
      )
      assert.ok(!JSON.stringify(proxy.asked).includes('for-the-api-alone'))
      for (const url of [
        'https://10.0.0.8/',
        'https://169.254.169.254/latest',
        'https://[::1]/',
        'http://api.partner.example/',
      ])
        await assert.rejects(
          fetched(url),
          error => error instanceof BrokerError && error.code === 'outbound_refused',
          url,
        )
      assert.equal(proxy.asked.length, 1)
    } finally {
      api.closeAllConnections()
      api.close()
    }
  })

  it('is no way around the other side’s certificate', async () => {
    const api = createServer(certificate('somebody.else.example'), (_, response) => response.end('no'))
    const port = await listening(api)
    await using proxy = await egressProxy(port)
    await using outbound = createOutbound({ allow: [], proxyUrl: proxy.url })
    const asked = {
      target,
      method: 'GET',
      headers: {},
      deadlineMs: 5_000,
      maxBytes: 1_000,
      redirects: 'refuse',
    } as const
    await assert.rejects(
      outbound.fetch({ ...asked, url: 'https://api.partner.example/' }),
      error => error instanceof BrokerError && error.code === 'provider_unavailable',
    )
    api.closeAllConnections()
    api.close()
  })
})
