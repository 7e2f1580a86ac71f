import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { connectorDefinition } from './definition.ts'

const plain = {
  name: 'crm',
  base_url: 'https://api.example.com/v2',
  auth: { issuer: 'https://login.example.com', client_id: 'c', client_secret: 's', scope: ['contacts.read'] },
}
const withAuth = (auth: object, more: object = {}) => ({ ...plain, ...more, auth: { ...plain.auth, ...auth } })
const faults = (input: unknown) => {
  const parsed = connectorDefinition.safeParse(input)
  return parsed.success ? [] : parsed.error.issues.map(issue => `/${issue.path.join('/')}: ${issue.message}`)
}

describe('a connector definition', () => {
  it('needs six fields with an issuer, and seven without', () => {
    assert.deepEqual(faults(plain), [])
    const { issuer: _, ...auth } = plain.auth
    assert.equal(faults({ ...plain, auth }).length, 2)
    assert.deepEqual(
      faults({
        ...plain,
        auth: { ...auth, authorization_url: 'https://a.example/a', token_url: 'https://a.example/t' },
      }),
      [],
    )
  })

  it('is the same after it was written out and read back, defaults and all', () => {
    const once = connectorDefinition.parse(plain)
    assert.deepEqual(connectorDefinition.parse(JSON.parse(JSON.stringify(once))), once)
  })

  it('still reads the first form of it', () => {
    const first = withAuth({
      token_request: { data: { tenant: 't' } },
      revoke_url: 'https://login.example.com/revoke',
      revoke: { authentication: 'bearer', method: 'DELETE' },
      injection: { query: 'access_token' },
    })
    assert.deepEqual(faults(first), [])
  })

  it('lets variables into a host only where a fixed domain follows, or their hosts are named', () => {
    const at = (base_url: string, shop: object) => faults({ ...plain, base_url, variables: { shop } })
    const person = { source: 'person', type: 'label' }
    assert.deepEqual(at('https://{shop}.myshopify.com/admin', person), [])
    assert.deepEqual(at('https://x.example.com/{shop}', { source: 'person' }), [])
    for (const [url, variable] of [
      ['https://{shop}', person],
      ['https://{shop}.com', person],
      ['https://{shop}.myshopify.com', { source: 'person' }],
      ['https://{other}.myshopify.com', person],
      ['{shop}/v2', person],
      ['https://{shop}/v2', { source: 'token', at: '/host', type: 'host' }],
      ['https://evil.example\\{shop}.x.com', person],
      ['javascript:{shop}', person],
    ] as const)
      assert.notDeepEqual(at(url, variable), [], url)
    assert.deepEqual(at('{shop}/v2', { source: 'token', at: '/url', type: 'url', host_suffixes: ['force.com'] }), [])
  })

  it('takes no pattern that could run away', () => {
    const at = (pattern: string) => faults({ ...plain, variables: { shop: { source: 'person', pattern } } })
    assert.deepEqual(at('[a-z0-9][a-z0-9-]{1,60}'), [])
    for (const pattern of ['(a+)+', '(a|a)*', '[a-z]*[a-z]*[a-z]*x', '[']) assert.notDeepEqual(at(pattern), [], pattern)
  })

  it('refuses reserved names, also those that a renaming makes so', () => {
    assert.notDeepEqual(faults(withAuth({ authorization_params: [{ name: 'state', value: 'x' }] })), [])
    const renamed = { authorization_request: { rename: { client_id: 'client_key' } } }
    assert.deepEqual(faults(withAuth(renamed)), [])
    assert.notDeepEqual(
      faults(withAuth({ ...renamed, authorization_params: [{ name: 'client_key', value: 'x' }] })),
      [],
    )
  })
})
