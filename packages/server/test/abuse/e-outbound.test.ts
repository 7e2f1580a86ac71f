import assert from 'node:assert/strict'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { after, before, describe, it } from 'node:test'
import { brotliCompressSync, gzipSync } from 'node:zlib'
import { BrokerError } from '../../src/domain/broker-error.ts'
import { isPublic, parseAddress } from '../../src/domain/ip-address.ts'
import { parseOutboundAllow } from '../../src/domain/outbound-allow.ts'
import { createOutbound } from '../../src/outbound/outbound.ts'
import type { OutboundRequest } from '../../src/ports/outbound.ts'

const target = { orgSlug: 'acme' }
const get = (url: string, more: Partial<OutboundRequest> = {}): OutboundRequest => ({
  target,
  method: 'GET',
  url,
  headers: {},
  deadlineMs: 2_000,
  maxBytes: 10_000,
  redirects: 'refuse',
  ...more,
})
const refused = (error: unknown) =>
  error instanceof BrokerError &&
  error.code === 'outbound_refused' &&
  error.told.detail === 'The address is not one that may be called.'
const code = (expected: string) => (error: unknown) => error instanceof BrokerError && error.code === expected

describe('E and G: what leaves, and what comes back', () => {
  let hits = 0
  let answer: (request: IncomingMessage, response: ServerResponse) => void = (_, response) => response.end('ok')
  const server = createServer((request, response) => {
    hits += 1
    answer(request, response)
  })
  let port = 0
  before(async () => {
    await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
    port = (server.address() as { port: number }).port
  })
  after(() => {
    server.closeAllConnections()
    server.close()
  })
  const inside = () => createOutbound({ allow: parseOutboundAllow(`127.0.0.1/32:${port} [::1]/128:${port}`) })

  it('E-01, E-02, E-03 knows every address that is not public, however it is spelt', () => {
    const hidden = [
      '127.0.0.1',
      '10.1.2.3',
      '172.16.0.1',
      '192.168.1.1',
      '169.254.169.254',
      '100.64.0.1',
      '0.0.0.0',
      '224.0.0.1',
      '255.255.255.255',
      '198.18.0.1',
      '192.0.2.1',
      '::',
      '::1',
      'fe80::1',
      'fc00::1',
      'fd00:ec2::254',
      'ff02::1',
      '::ffff:7f00:1',
      '::ffff:127.0.0.1',
      '64:ff9b::7f00:1',
      '64:ff9b:1::1',
      '2002:7f00:1::',
      '::127.0.0.1',
      '2001::1',
      '2001:db8::1',
      '3fff::1',
      '100::1',
    ]
    for (const text of hidden) assert.equal(isPublic(parseAddress(text) ?? assert.fail(text)), false, text)
    for (const text of ['8.8.8.8', '1.1.1.1', '2606:4700::1111', '::ffff:8.8.8.8', '172.32.0.1'])
      assert.equal(isPublic(parseAddress(text) ?? assert.fail(text)), true, text)
    for (const text of [
      '127.1',
      '0x7f.1',
      '2130706433',
      '0127.0.0.1',
      '1.2.3.4.5',
      '::1%eth0',
      ':::',
      '1::2::3',
      '',
      'localhost',
      '256.1.1.1',
    ])
      assert.equal(parseAddress(text), undefined, text)
  })

  it('E-01 to E-03, E-08 refuses every spelling before dialling, with one sentence', async () => {
    await using outbound = createOutbound({ allow: [] })
    const before = hits
    const hosts = [
      '127.0.0.1',
      'localhost',
      '[::1]',
      '2130706433',
      '0x7f.1',
      '017700000001',
      '127.1',
      '127.0.0.1.',
      'localhost.',
      '１２７.0.0.1',
      '[::ffff:127.0.0.1]',
      '[::ffff:7f00:1]',
      '0.0.0.0',
      '[::]',
      '169.254.169.254',
      '①②⑦.0.0.1',
    ]
    for (const host of hosts)
      for (const scheme of ['http', 'https'])
        await assert.rejects(outbound.fetch(get(`${scheme}://${host}:${port}/`)), refused, `${scheme} ${host}`)
    for (const url of [
      'file:///etc/passwd',
      'gopher://x/',
      'data:text/plain,x',
      'ftp://x/',
      'blob:https://x/y',
      'javascript:1',
      'http://example.com/',
      'https://user:pw@example.com/',
      'https://',
      'x',
    ])
      await assert.rejects(outbound.fetch(get(url)), refused, url)
    assert.equal(hits, before)
  })

  it('E-04, E-05 judges every address a name resolves to, at the moment it is dialled', async () => {
    const before = hits
    for (const addresses of [
      ['127.0.0.1'],
      ['8.8.8.8', '10.0.0.1'],
      ['::1'],
      ['::ffff:127.0.0.1'],
      ['169.254.169.254', '1.1.1.1'],
    ]) {
      await using outbound = createOutbound({ allow: [], resolve: async () => addresses.map(address => ({ address })) })
      await assert.rejects(outbound.fetch(get(`https://name.example:${port}/`)), refused, addresses.join())
    }
    let asked = 0
    const resolve = async () => {
      asked += 1
      return [{ address: asked === 1 ? '8.8.8.8' : '127.0.0.1' }]
    }
    await resolve()
    await using rebinding = createOutbound({ allow: [], resolve })
    await rebinding.check(`https://name.example:${port}/`, target)
    for (let tries = 0; tries < 50; tries += 1)
      await assert.rejects(rebinding.fetch(get(`https://name.example:${port}/`)), refused)
    assert.equal(hits, before)
  })

  it('lets through what the operator named, for the port and the organization that were named', async () => {
    await using outbound = createOutbound({ allow: parseOutboundAllow(`org=acme,127.0.0.1/32:${port}`) })
    assert.equal(await (await outbound.fetch(get(`http://127.0.0.1:${port}/`))).text(), 'ok')
    await assert.rejects(
      outbound.fetch(get(`http://127.0.0.1:${port}/`, { target: { orgSlug: 'other' } })),
      refused,
      'a socket left open is not inherited',
    )
    await assert.rejects(outbound.fetch(get(`http://127.0.0.1:${port + 1}/`)), refused)
    await assert.rejects(
      outbound.fetch(get(`http://localhost:${port}/`)),
      refused,
      'localhost needs both of its addresses named',
    )
    for (const text of ['127.0.0.1/33', '10.0.0.1/8', 'example.com', '::1', '127.0.0.1:99999', 'org=,1.2.3.4'])
      assert.throws(() => parseOutboundAllow(text), text)
  })

  it('E-06 follows no redirect with a credential, and none to elsewhere', async () => {
    await using outbound = inside()
    const before = hits
    answer = (_, response) => response.writeHead(307, { location: `http://127.0.0.1:${port}/elsewhere` }).end()
    const told = await outbound.fetch(get(`http://127.0.0.1:${port}/`, { method: 'POST', body: 'secret' }))
    assert.equal(told.status, 307)
    assert.equal(hits, before + 1)
    answer = (_, response) => response.writeHead(302, { location: 'http://169.254.169.254/' }).end()
    await assert.rejects(outbound.fetch(get(`http://127.0.0.1:${port}/`, { redirects: 'same-origin' })), refused)
  })

  it('G-01, G-02 cuts what is too long, too slow, or grows when it is unpacked', async () => {
    await using outbound = inside()
    const url = `http://127.0.0.1:${port}/`
    const bomb = Buffer.alloc(50_000_000)
    for (const [encoding, body] of [
      ['identity', Buffer.alloc(200_000)],
      ['gzip', gzipSync(bomb)],
      ['br', brotliCompressSync(bomb.subarray(0, 5_000_000))],
    ] as const) {
      answer = (_, response) => response.writeHead(200, { 'content-encoding': encoding }).end(body)
      await assert.rejects(outbound.fetch(get(url)), code('provider_invalid_response'), encoding)
    }
    for (const encoding of ['gzip, gzip', 'gzip, br, deflate', 'compress', 'x']) {
      answer = (_, response) => response.writeHead(200, { 'content-encoding': encoding }).end('x')
      await assert.rejects(outbound.fetch(get(url)), code('provider_invalid_response'), encoding)
    }
    answer = (_, response) => {
      const drip = setInterval(() => response.write('x'), 20)
      response.on('close', () => clearInterval(drip))
    }
    await assert.rejects(outbound.fetch(get(url, { deadlineMs: 200 })), code('provider_timeout'))
    answer = () => {}
    await assert.rejects(outbound.fetch(get(url, { deadlineMs: 100 })), code('provider_timeout'))
    answer = (_, response) => response.end('ok')
    assert.equal(await (await outbound.fetch(get(url))).text(), 'ok', 'and goes on')
  })

  it('RR-07 never sends a request twice by itself', async () => {
    await using outbound = inside()
    const url = `http://127.0.0.1:${port}/`
    answer = (_, response) => response.end('ok')
    await (await outbound.fetch(get(url))).text()
    const before = hits
    answer = request => void request.socket.destroy()
    await assert.rejects(outbound.fetch(get(url, { method: 'POST', body: 'x' })), code('provider_unavailable'))
    await assert.rejects(outbound.fetch(get(url)), code('provider_unavailable'))
    assert.equal(hits, before + 2)
    answer = (_, response) => response.end('ok')
  })

  it('writes nothing when it is no longer allowed at the moment of writing, and keeps the connection for the next', async () => {
    await using outbound = inside()
    const peers = new Set<number | undefined>()
    answer = (request, response) => {
      peers.add(request.socket.remotePort)
      response.end('ok')
    }
    const sent = (isAllowed: boolean) =>
      new Promise<unknown>(resolve => {
        outbound.stream(
          {
            target,
            method: 'GET',
            url: `http://127.0.0.1:${port}/`,
            headers: [],
            headDeadlineMs: 1_000,
            idleMs: 1_000,
            mayWrite: () => isAllowed,
          },
          { onHead: () => undefined, onData: () => true, onEnd: () => resolve('end'), onError: resolve },
        )
      })
    assert.equal(await sent(true), 'end')
    const before = hits
    for (let refused = 0; refused < 5; refused += 1) assert.ok((await sent(false)) instanceof BrokerError)
    assert.equal(hits, before)
    assert.equal(await sent(true), 'end')
    assert.equal(peers.size, 1)
  })
})
