import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { storedConnectorDefinition } from '@behalf/contract'
import { grantedHosts, hostsOf, servesGrant } from './connector.ts'

const definition = (auth: object = {}, more: object = {}) =>
  storedConnectorDefinition.parse({
    name: 'crm',
    base_url: 'https://api.example.com/v2',
    ...more,
    auth: {
      authorization_url: 'https://login.example.com/a',
      token_url: 'https://login.example.com/t',
      client_id: 'c',
      scope: [],
      ...auth,
    },
  })

describe('what a grant was given for', () => {
  it('ends with every URL that its tokens would be sent to, and with none other', () => {
    const granted = grantedHosts(definition())
    assert.equal(
      servesGrant(definition({ scope: ['more'] }, { base_url: 'https://api.example.com/v3' }), granted),
      true,
    )
    for (const [auth, more] of [
      [{ token_url: 'https://evil.example/t' }, {}],
      [{ refresh_url: 'https://evil.example/r' }, {}],
      [{ refresh: { strategy: 'exchange_access_token', exchange: { url: 'https://evil.example/x' } } }, {}],
      [{ introspection_url: 'https://evil.example/i', token_response: { expires: { from: 'introspection' } } }, {}],
      [{}, { base_url: 'https://evil.example' }],
      [
        {},
        {
          base_url: '{host}',
          variables: { host: { source: 'token', at: '/h', type: 'url', host_suffixes: ['evil.example'] } },
        },
      ],
    ] as const)
      assert.equal(servesGrant(definition(auth, more), granted), false, JSON.stringify([auth, more]))
  })

  it('moves with what the organization sets, and stays with what people choose under a fixed domain', () => {
    const tenant = (value: string) =>
      definition({ token_url: 'https://login.example.com/{tenant}/t' }, { variables: { tenant: { value } } })
    assert.equal(servesGrant(tenant('a'), grantedHosts(tenant('a'))), true)
    assert.equal(servesGrant(tenant('b'), grantedHosts(tenant('a'))), false)
    const shop = definition(
      {},
      { base_url: 'https://{shop}.shops.example/x', variables: { shop: { source: 'person', type: 'label' } } },
    )
    assert.deepEqual(hostsOf(shop), ['https://*.shops.example', 'https://login.example.com'])
    assert.equal(servesGrant(shop, grantedHosts(shop)), true)
  })
})
