import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { type ConnectorDefinition, connectorDefinition, storedConnectorDefinition } from '@behalf/contract'
import fc from 'fast-check'
import { fillUrl } from '../../src/domain/template.ts'
import { admitted } from '../../src/domain/variables.ts'
import { createProviderClient } from '../../src/oauth/provider-client.ts'
import type { Outbound } from '../../src/ports/outbound.ts'

const unused: Outbound = {
  fetch: () => Promise.reject(new Error('a preview sends nothing')),
  stream: () => {
    throw new Error('a preview sends nothing')
  },
  check: () => Promise.reject(new Error('a preview sends nothing')),
}
const provider = createProviderClient({ outbound: unused })
const stored = ({ auth: { client_secret: _, secrets: __, ...auth }, ...rest }: ConnectorDefinition) =>
  storedConnectorDefinition.parse({ ...rest, auth })
const preview = (definition: ConnectorDefinition) =>
  provider.preview(
    { definition: stored(definition) },
    { redirectUri: 'https://b.example.com/cb', now: 1_700_000_000_000 },
  )

const word = fc.stringMatching(/^[a-z][a-z0-9_]{1,11}$/)
const text = fc.string({ maxLength: 30 }).map(one => one.replace(/[\p{C}{}]/gu, ''))
const params = fc.uniqueArray(fc.record({ name: word, value: text }), { maxLength: 5, selector: one => one.name })
const data = fc.dictionary(
  word,
  fc.oneof(text, fc.constant('{client_id}'), fc.constant({ compute: 'sha256', of: '{client_secret}|{unix_time}' })),
  { maxKeys: 4 },
)
const pick = <const Values extends readonly unknown[]>(...values: Values) => fc.constantFrom(...values)
const shape = {
  method: pick('POST', 'GET', 'PUT'),
  format: pick('form', 'json', 'query'),
  data,
  rename: fc.oneof(fc.constant({}), fc.record({ client_id: word }), fc.record({ client_secret: word, code: word })),
  drop: fc.subarray(['grant_type', 'redirect_uri', 'client_id']),
}
const step = fc.record({
  token: pick('refresh_token', 'access_token', 'both', 'none'),
  url: pick(
    'https://as.example.com/revoke',
    'https://{shop}.example.com/revoke?x=1',
    'https://as.example.com/apps/{client_id}',
    'https://as.example.com/tokens/{token}',
  ),
  method: pick('POST', 'DELETE', 'GET', 'PUT', 'PATCH'),
  authentication: pick(
    'as_token_endpoint',
    'request_body',
    'client_id',
    'basic',
    'basic_raw',
    'bearer',
    'bearer_access_token',
    'none',
  ),
  position: fc.option(pick('form', 'json', 'query', 'header', 'path', 'none'), { nil: undefined }),
  token_key: word,
  token_type_hint: fc.boolean(),
  data: fc.dictionary(word, text, { maxKeys: 3 }),
})
const definitions = fc
  .record({
    auth: fc.record({
      authorization_url: pick(
        'https://as.example.com/auth',
        'https://as.example.com/auth?tenant=t',
        'https://{shop}.example.com/auth',
      ),
      token_url: pick('https://as.example.com/token', 'https://{shop}.example.com/token'),
      client_id: fc.stringMatching(/^[!-~]{1,20}$/).filter(id => !/[{}[\]]/.test(id)),
      client_authentication: pick(
        'client_secret_basic',
        'client_secret_basic_raw',
        'client_secret_post',
        'client_secret_json',
        'client_secret_jwt',
        'private_key_jwt',
        'client_secret_header',
        'tls_client_auth',
        'none',
      ),
      client_authentication_header: fc.constant({ value: 'Client {client_secret}' }),
      tls_client: fc.constant({ certificate: '-----BEGIN CERTIFICATE-----\nAA\n-----END CERTIFICATE-----\n' }),
      dpop: fc.option(fc.constant({ alg: 'ES256' }), { nil: undefined }),
      pushed_authorization_request_url: fc.constant('https://as.example.com/par'),
      scope: fc.uniqueArray(word, { maxLength: 4 }),
      scope_separator: pick(' ', ',', '+', '%20'),
      scope_encoding: pick('percent', 'raw'),
      authorization_params: params,
      reconnect_params: params,
      authorization_request: fc.record({
        rename: fc.oneof(fc.constant({}), fc.record({ client_id: word, scope: word })),
        drop: fc.subarray(['response_type', 'scope']),
        raw: fc.subarray(['scope', 'p1']),
        pushed: fc.boolean(),
        request_object: fc.option(fc.constant({ alg: 'ES256' }), { nil: undefined }),
      }),
      pkce: pick('S256', 'plain', 'none'),
      resource: fc.subarray(['https://api.example.com/', '{base_origin}/v2', 'urn:shop:{shop}']),
      token_response: fc.record({ data: pick('', '/data') }),
      token_request: fc.record(shape),
      refresh_request: fc.record(
        { data, method: shape.method, format: shape.format, send_scope: fc.boolean() },
        { requiredKeys: ['data'] },
      ),
      second_exchange: fc.option(
        fc.record({
          method: shape.method,
          format: shape.format,
          data: fc.constant({ grant_type: 'exchange', token: '{access_token}', secret: '{client_secret}' }),
        }),
        { nil: undefined },
      ),
      client_authentication_at: fc.record(
        { refresh: pick('client_secret_post', 'client_secret_basic'), revocation: pick('client_secret_basic', 'none') },
        { requiredKeys: [] },
      ),
      optional_scope: fc.uniqueArray(word, { maxLength: 2 }),
      refresh_scope: fc.subarray(['offline_access']),
      extra_scope_params: fc.subarray([{ name: 'user_scope', scope: ['chat'] }]),
      pkce_verifier_length: fc.integer({ min: 43, max: 128 }),
      revocation: fc.record({ steps: fc.array(step, { minLength: 1, maxLength: 3 }) }),
      injection: pick({ header: 'Authorization', value: 'Bearer %s' }, { query: 'key' }),
    }),
    gateway: fc.record({
      headers: fc.dictionary(
        word.map(name => `x-${name.replaceAll('_', '-')}`),
        fc.stringMatching(/^[ -~]{0,20}$/).map(one => one.replace(/[{}]/g, '')),
      ),
    }),
  })
  .map(more => ({
    name: 'orbit',
    base_url: 'https://api.example.com/v2',
    variables: { shop: { source: 'person', type: 'label', example: 'my-shop' } },
    ...more,
  }))
  .map(input => connectorDefinition.safeParse(input))
  .filter(parsed => parsed.success)
  .map(parsed => parsed.data ?? assert.fail())

const written = (definition: ConnectorDefinition) => JSON.parse(JSON.stringify(definition))
const RESERVED = [
  'response_type',
  'client_id',
  'redirect_uri',
  'scope',
  'state',
  'code_challenge',
  'code_challenge_method',
]

describe('whatever validates as a connector', () => {
  it('is the same after it was written out and read back', () => {
    fc.assert(
      fc.property(definitions, definition =>
        assert.deepEqual(connectorDefinition.parse(written(definition)), written(definition)),
      ),
    )
  })

  it('can be previewed, sends no parameter twice, and overrides none that is ours', async () => {
    await fc.assert(
      fc.asyncProperty(definitions, async definition => {
        const requests = await preview(definition)
        const { rename, drop, pushed, request_object } = definition.auth.authorization_request
        const seen = (wanted: string) => requests.find(({ purpose }) => purpose === wanted) ?? assert.fail(wanted)
        const leaving = new URL(seen('authorization_request').url).searchParams
        const query = pushed ? new URLSearchParams(seen('pushed_authorization_request').body ?? '') : leaving
        if (pushed) assert.ok(['client_id', 'request_uri'].every(name => leaving.getAll(name).length === 1))
        for (const name of new Set(query.keys()))
          if (name !== 'resource') assert.equal(query.getAll(name).length, 1, name)
        const wire: Readonly<Record<string, string | undefined>> = rename
        const dropped: readonly string[] = drop
        const value = (name: string) => (dropped.includes(name) ? undefined : query.get(wire[name] ?? name))
        if (request_object !== undefined) {
          assert.equal(query.get('client_id'), definition.auth.client_id)
          assert.equal(query.get('request'), '[signed_jwt]')
        } else {
          if (!dropped.includes('response_type')) assert.equal(value('response_type'), 'code')
          assert.equal(value('client_id'), definition.auth.client_id)
          assert.equal(value('redirect_uri'), 'https://b.example.com/cb')
          assert.equal(value('state'), '[state]')
        }
        for (const { url, body, headers } of requests) {
          const sent = new URL(url).searchParams
          for (const name of new Set(sent.keys()))
            if (name !== 'resource') assert.equal(sent.getAll(name).length, 1, name)
          if (headers['content-type']?.startsWith('application/x-www-form')) {
            const form = new URLSearchParams(body ?? '')
            for (const name of new Set(form.keys()))
              if (name !== 'resource') assert.equal(form.getAll(name).length, 1, name)
          }
        }
      }),
      { numRuns: 300, endOnFailure: true },
    )
  })

  it('sends a secret in a URL only where it says so', async () => {
    await fc.assert(
      fc.asyncProperty(definitions, async definition => {
        const { auth } = definition
        for (const { purpose, url, method } of await preview(definition)) {
          const index = Number(/^revocation_step_(\d+)$/.exec(purpose)?.[1] ?? 0) - 1
          const chosen = auth.revocation?.steps[index]
          const inQuery =
            chosen?.position === 'query' ||
            chosen?.position === 'path' ||
            method === 'GET' ||
            (method === 'DELETE' && chosen?.position !== 'form' && chosen?.position !== 'json')
          const format = {
            token_request: auth.token_request.format,
            refresh_request: auth.refresh_request.format ?? auth.token_request.format,
            second_exchange: auth.second_exchange?.format,
          }[purpose]
          const saysSo = method === 'GET' || (format === undefined ? inQuery : format === 'query')
          if (!saysSo)
            assert.doesNotMatch(url, /\[(client_secret|access_token|refresh_token|code|code_verifier)\]/, purpose)
        }
      }),
      { numRuns: 300, endOnFailure: true },
    )
  })

  it('never lets a reserved name in by any door', () => {
    const base = { name: 'orbit', base_url: 'https://api.example.com' }
    const auth = {
      authorization_url: 'https://as.example.com/auth',
      token_url: 'https://as.example.com/token',
      client_id: 'c',
      scope: [],
    }
    for (const name of RESERVED) {
      for (const list of ['authorization_params', 'reconnect_params'])
        assert.equal(
          connectorDefinition.safeParse({ ...base, auth: { ...auth, [list]: [{ name, value: 'x' }] } }).success,
          false,
          name,
        )
      const inUrl = `https://as.example.com/auth?${name}=x`
      assert.equal(
        connectorDefinition.safeParse({ ...base, auth: { ...auth, authorization_url: inUrl } }).success,
        false,
        name,
      )
    }
    for (const name of ['grant_type', 'code', 'client_secret', 'refresh_token'])
      assert.equal(
        connectorDefinition.safeParse({ ...base, auth: { ...auth, token_request: { data: { [name]: 'x' } } } }).success,
        false,
        name,
      )
  })
})

describe('J-07 templates', () => {
  it('evaluate nothing, whatever stands between braces', async () => {
    const hostile = [
      `\${process.env.HOME}`,
      '{{7*7}}',
      '#{7*7}',
      '<%= 7*7 %>',
      '{constructor}',
      '{__proto__}',
      `\${env}`,
      '{env.SECRET}',
      'file:///etc/passwd',
      '$(id)',
      '`id`',
    ]
    for (const value of hostile) {
      const parsed = connectorDefinition.safeParse({
        name: 'orbit',
        base_url: 'https://api.example.com',
        auth: {
          authorization_url: 'https://as.example.com/auth',
          token_url: 'https://as.example.com/token',
          client_id: 'c',
          scope: [],
          authorization_params: [{ name: 'p', value }],
        },
      })
      if (!parsed.success) continue
      const sent =
        (await preview(parsed.data)).find(({ purpose }) => purpose === 'authorization_request') ?? assert.fail()
      assert.equal(new URL(sent.url).searchParams.get('p'), value, value)
    }
    const unknown = {
      name: 'orbit',
      base_url: 'https://api.example.com',
      eval: 'x',
      auth: {
        authorization_url: 'https://a.example/a',
        token_url: 'https://a.example/t',
        client_id: 'c',
        scope: [],
        script: 'x',
      },
    }
    assert.equal(connectorDefinition.safeParse(unknown).success, false)
  })

  it('keep a chosen value where it stands: no value leaves its host, its segment or its parameter', () => {
    const label = { source: 'person', type: 'label', secret: false } as const
    const free = { source: 'person', type: 'text', secret: false } as const
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.webUrl(),
          fc.constantFrom('evil.com', 'evil.com/', 'a.b', '@evil', '../x', 'a?b=c', 'a#b', 'a\\b', 'ａ', '%2e%2e'),
        ),
        raw => {
          const shop = admitted(label, raw)
          if (shop !== undefined) {
            const url = fillUrl('https://{shop}.example.com/x', { shop }, { shop: label })
            assert.equal(url === undefined || new URL(url).hostname.endsWith('.example.com'), true)
            assert.equal(url === undefined || new URL(url).hostname.split('.').length, url === undefined ? true : 3)
          }
          const path = admitted(free, raw)
          if (path === undefined) return
          const url = fillUrl('https://api.example.com/t/{path}/end?q={path}', { path }, { path: free })
          if (url === undefined) return
          const parsed = new URL(url)
          assert.equal(parsed.origin, 'https://api.example.com')
          assert.equal(parsed.searchParams.get('q'), path)
          assert.equal([...parsed.searchParams.keys()].length, 1)
        },
      ),
    )
  })

  it('take a host or a URL only under its suffixes', () => {
    const url = { source: 'token' as const, type: 'url' as const, secret: false, host_suffixes: ['force.com'] }
    assert.equal(admitted(url, 'https://na1.force.com/'), 'https://na1.force.com')
    for (const bad of [
      'https://evil.com',
      'https://force.com.evil.com',
      'https://evilforce.com',
      'http://na1.force.com',
      'https://u@na1.force.com',
      'https://na1.force.com?x',
      'https://na1.force.com#x',
      'https://na1.force.com:444',
      'https://na1.force.com\\@evil.com',
      'javascript:1',
      '//na1.force.com',
    ])
      assert.equal(admitted(url, bad), undefined, bad)
    const host = { source: 'token' as const, type: 'host' as const, secret: false, host_suffixes: ['force.com'] }
    assert.equal(admitted(host, 'NA1.force.com'), 'na1.force.com')
    for (const bad of ['evil.com', 'na1.force.com/x', 'na1.force.com:1', 'na1.force.com.', 'a@na1.force.com'])
      assert.equal(admitted(host, bad), undefined, bad)
  })
})

describe('J-05 a definition pollutes no prototype', () => {
  it('whatever it is made of', () => {
    const hostile = JSON.parse(
      '{"name":"orbit","base_url":"https://api.example.com","__proto__":{"polluted":1},"variables":{"__proto__":{"source":"person"}},"auth":{"authorization_url":"https://a.example/a","token_url":"https://a.example/t","client_id":"c","scope":[],"token_response":{"access_token":"/__proto__/polluted"},"token_request":{"data":{"constructor":"x","__proto__":{"polluted":1}}}}}',
    )
    assert.equal(connectorDefinition.safeParse(hostile).success, false)
    assert.equal(({} as Record<string, unknown>)['polluted'], undefined)
  })
})
