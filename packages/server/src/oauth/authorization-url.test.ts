import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { storedConnectorDefinition } from '@behalf/contract'
import { secret } from '../domain/secret.ts'
import { authorizationUrl } from './authorization-url.ts'

const auth = (fields: Record<string, unknown> = {}) => ({
  definition: storedConnectorDefinition.parse({
    name: 'orbit',
    base_url: 'https://api.example.com',
    auth: {
      authorization_url: 'https://as.example.com/auth',
      token_url: 'https://as.example.com/token',
      client_id: 'c 1+&',
      scope: [],
      ...fields,
    },
  }),
})
const parts = {
  redirectUri: 'https://b.example.com/auth/oauthCallback/orbit',
  state: 's',
  // RFC 7636 appendix B.
  verifier: secret('dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk'),
  scope: ['a', 'b'],
}

describe('the authorization URL', () => {
  it('carries the request in a fixed order, a space always as %20', () => {
    const url = authorizationUrl(auth({ authorization_params: [{ name: 'prompt', value: 'login consent' }] }), parts)
    assert.equal(
      url,
      'https://as.example.com/auth?response_type=code&client_id=c%201%2B%26&redirect_uri=https%3A%2F%2Fb.example.com%2Fauth%2FoauthCallback%2Forbit&scope=a%20b&state=s&code_challenge=E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM&code_challenge_method=S256&prompt=login%20consent',
    )
  })

  it('merges into a query by name, never sending one twice', () => {
    const given = auth({
      authorization_url: 'https://as.example.com/auth?tenant=t+1&prompt=none',
      authorization_params: [{ name: 'prompt', value: 'consent' }],
    })
    const query = new URL(authorizationUrl(given, parts)).searchParams
    assert.deepEqual(query.getAll('prompt'), ['consent'])
    assert.equal(query.get('tenant'), 't 1')
    assert.equal([...query.keys()].length, new Set(query.keys()).size)
  })

  it('lets no parameter of a stored definition replace one of ours', () => {
    const { definition } = auth()
    const rows = { ...definition.auth, authorization_params: [{ name: 'state', value: 'evil' }] }
    const stored = { definition: { ...definition, auth: rows } }
    assert.deepEqual(new URL(authorizationUrl(stored, parts)).searchParams.getAll('state'), ['s'])
  })

  it('leaves an empty scope out, and joins with the connector’s separator', () => {
    assert.equal(new URL(authorizationUrl(auth(), { ...parts, scope: [] })).searchParams.has('scope'), false)
    assert.equal(new URL(authorizationUrl(auth({ scope_separator: ',' }), parts)).searchParams.get('scope'), 'a,b')
  })

  it('sends the verifier itself for plain, and no challenge for none', () => {
    const plain = new URL(authorizationUrl(auth({ pkce: 'plain' }), parts)).searchParams
    assert.equal(plain.get('code_challenge'), 'dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk')
    assert.equal(plain.get('code_challenge_method'), 'plain')
    assert.equal(new URL(authorizationUrl(auth({ pkce: 'none' }), parts)).searchParams.has('code_challenge'), false)
  })
})
