import assert from 'node:assert/strict'
import { createServer } from 'node:https'
import { describe, it } from 'node:test'
import { connectorDefinition } from '@behalf/contract'
import { BrokerError } from '../../src/domain/broker-error.ts'
import { parseOutboundAllow } from '../../src/domain/outbound-allow.ts'
import { createOutbound } from '../../src/outbound/outbound.ts'
import { certificate } from '../support/certificate.ts'

const target = { orgSlug: 'acme' }

async function served<T>(options: Parameters<typeof createServer>[0], use: (port: number) => Promise<T>): Promise<T> {
  const server = createServer(options, (_, response) => response.end('ok'))
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  try {
    return await use((server.address() as { port: number }).port)
  } finally {
    server.closeAllConnections()
    server.close()
  }
}

async function fetched(host: string, port: number, ca?: readonly string[]): Promise<string> {
  const resolve = async () => [{ address: '127.0.0.1' }]
  await using outbound = createOutbound({ allow: parseOutboundAllow(`127.0.0.1/32:${port}`), resolve, ca })
  const answer = await outbound.fetch({
    target,
    method: 'GET',
    url: `https://${host}:${port}/`,
    headers: {},
    deadlineMs: 3_000,
    maxBytes: 1_000,
    redirects: 'refuse',
  })
  return answer.text()
}
const unreachable = (error: unknown) => error instanceof BrokerError && error.code === 'provider_unavailable'

describe('E-10: TLS', () => {
  it('refuses a self-signed and an untrusted certificate, and takes the operator’s own authority', async () => {
    const own = certificate('api.example')
    await served(own, async port => {
      await assert.rejects(fetched('api.example', port), unreachable)
      assert.equal(await fetched('api.example', port, [own.cert]), 'ok')
    })
  })

  it('refuses a certificate for another name', async () => {
    const own = certificate('api.example')
    await served(own, port => assert.rejects(fetched('other.example', port, [own.cert]), unreachable))
  })

  it('refuses TLS 1.1', async () => {
    const own = certificate('api.example')
    const old = { ...own, minVersion: 'TLSv1.1', maxVersion: 'TLSv1.1', ciphers: 'DEFAULT@SECLEVEL=0' } as const
    await served(old, port => assert.rejects(fetched('api.example', port, [own.cert]), unreachable))
  })
})

describe('E-14: headers and fields that a connector cannot set', () => {
  const definition = (headers: Record<string, string>) => ({
    name: 'crm',
    base_url: 'https://api.example.com',
    auth: {
      authorization_url: 'https://as.example.com/a',
      token_url: 'https://as.example.com/t',
      client_id: 'x',
      scope: [],
      revoke_url: 'https://as.example.com/r',
      revoke: { headers },
    },
  })

  it('refuses framing, routing and credential headers, and values that break a line', () => {
    assert.ok(connectorDefinition.safeParse(definition({ 'X-Api-Version': '3' })).success)
    for (const name of [
      'Host',
      'Content-Length',
      'Transfer-Encoding',
      'Connection',
      'Authorization',
      'Cookie',
      'Proxy-Authorization',
      'X-Forwarded-For',
      'Forwarded',
      'Via',
      'Behalf-Subject',
      'a b',
      'a:b',
      'a\r\nb',
      '',
    ]) {
      assert.equal(connectorDefinition.safeParse(definition({ [name]: 'x' })).success, false, JSON.stringify(name))
    }
    for (const value of ['a\r\nb', 'a\u0000b', 'x'.repeat(1_001), 'é'])
      assert.equal(connectorDefinition.safeParse(definition({ 'X-A': value })).success, false, JSON.stringify(value))
  })

  it('refuses parameters and fields that Behalf alone sends', () => {
    const { auth, ...rest } = definition({})
    for (const name of ['redirect_uri', 'state', 'code_challenge', 'response_type', 'client_id', 'nonce', 'scope']) {
      assert.equal(
        connectorDefinition.safeParse({ ...rest, auth: { ...auth, authorization_params: [{ name, value: 'x' }] } })
          .success,
        false,
        name,
      )
    }
    for (const name of ['grant_type', 'code', 'redirect_uri', 'client_secret', 'code_verifier', 'refresh_token']) {
      assert.equal(
        connectorDefinition.safeParse({ ...rest, auth: { ...auth, token_request: { data: { [name]: 'x' } } } }).success,
        false,
        name,
      )
    }
    assert.equal(
      connectorDefinition.safeParse({ ...rest, auth: { ...auth, client_authentication: 'none', pkce: 'none' } })
        .success,
      false,
      'a public client without PKCE',
    )
  })
})
