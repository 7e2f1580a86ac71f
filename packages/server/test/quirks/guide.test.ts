import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { describe, it } from 'node:test'
import { connectorDefinition, storedConnectorDefinition } from '@behalf/contract'
import { mergePatch } from '../../src/domain/merge-patch.ts'
import { createProviderClient } from '../../src/oauth/provider-client.ts'
import type { Outbound } from '../../src/ports/outbound.ts'

const guide = readFileSync(new URL('../../../../docs/guides/connector-definition.md', import.meta.url), 'utf8')
const examples = [...guide.matchAll(/```json\n([\s\S]*?)```/g)].map(([, text = '']) => JSON.parse(text) as object)
const [plain = {}] = examples
const silent: Outbound = {
  fetch: () => Promise.reject(new Error('nothing is sent')),
  stream: () => {
    throw new Error('nothing is sent')
  },
  check: () => Promise.reject(new Error('nothing is sent')),
}
const discovered = {
  issuer: 'https://login.crm.example',
  authorization_url: 'https://login.crm.example/authorize',
  token_url: 'https://login.crm.example/token',
  iss_parameter: true,
  client_authentication_methods: [],
  pkce_methods: ['S256'],
  scopes: [],
}

describe('the guide to connector definitions', () => {
  it('shows a plain provider in six fields', () => {
    const { name, base_url, auth } = plain as { name: string; base_url: string; auth: object }
    assert.equal([name, base_url, ...Object.keys(auth)].length, 6)
    assert.ok(examples.length >= 10)
  })

  for (const [index, example] of examples.entries())
    it(`has an example ${index + 1} that validates and can be previewed`, async () => {
      const definition = connectorDefinition.parse(index === 0 ? example : mergePatch(plain, example))
      const { client_secret: _, secrets: __, ...auth } = definition.auth
      const stored = storedConnectorDefinition.parse({ ...definition, auth: { ...auth, discovered } })
      const requests = await createProviderClient({ outbound: silent }).preview(
        { definition: stored },
        { redirectUri: 'https://b.example/cb', now: 0 },
      )
      assert.ok(requests.some(({ purpose }) => purpose === 'token_request'))
    })
})
