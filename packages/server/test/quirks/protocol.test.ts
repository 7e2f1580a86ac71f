import assert from 'node:assert/strict'
import { createHash, generateKeyPairSync } from 'node:crypto'
import { after, before, beforeEach, describe, it } from 'node:test'
import { connectorDefinition, storedConnectorDefinition } from '@behalf/contract'
import { decodeJwt, decodeProtectedHeader, jwtVerify } from 'jose'
import { reveal, secret } from '../../src/domain/secret.ts'
import { createProviderClient } from '../../src/oauth/provider-client.ts'
import type { Client, ProviderClient } from '../../src/ports/provider-client.ts'
import { loopbackOutbound } from '../support/loopback-outbound.ts'
import { type ScriptedServer, scriptedServer } from '../support/scripted-server.ts'

const NOW = Date.now()
const receivedAt = () => NOW
const keys = generateKeyPairSync('ec', { namedCurve: 'P-256' })
const pem = keys.privateKey.export({ format: 'pem', type: 'pkcs8' }).toString()
const ok = { access_token: 'at', token_type: 'Bearer', expires_in: 3600, refresh_token: 'rt' }

let server: ScriptedServer
let outbound: ReturnType<typeof loopbackOutbound>
let provider: ProviderClient
before(async () => {
  server = await scriptedServer()
  outbound = loopbackOutbound()
  provider = createProviderClient({ outbound })
})
beforeEach(() => {
  server.seen.length = 0
  server.reply({ body: JSON.stringify(ok) })
})
after(async () => {
  await outbound[Symbol.asyncDispose]()
  await server[Symbol.asyncDispose]()
})

function client(auth: object = {}, credentials: object = {}, more: object = {}): Client {
  const whole = connectorDefinition.parse({
    name: 'orbit',
    base_url: 'https://api.example.com',
    auth: {
      authorization_url: `${server.url}/auth`,
      token_url: `${server.url}/token`,
      client_id: 'cid',
      scope: [],
      ...auth,
    },
    ...more,
  })
  const { client_secret: _, secrets: __, ...plain } = whole.auth
  const discovered = (auth as { discovered?: object }).discovered
  const definition = storedConnectorDefinition.parse({
    ...whole,
    auth: { ...plain, ...(discovered === undefined ? {} : { discovered }) },
  })
  return { definition, credentials: { clientSecret: secret('csecret'), ...credentials }, target: { orgSlug: 'acme' } }
}
const exchange = (who: Client) =>
  provider.exchangeCode(who, {
    code: secret('code-1'),
    redirectUri: 'https://b.example.com/cb',
    verifier: secret('v'.repeat(43)),
    receivedAt,
  })
const refresh = (who: Client) =>
  provider.refresh(
    who,
    { accessToken: secret('at'), refreshToken: secret('rt'), scope: ['a', 'b'] },
    { deadlineMs: 5_000, receivedAt },
  )
const form = (at = -1) => new URLSearchParams((server.seen.at(at) ?? assert.fail()).body)

describe('client authentication', () => {
  it('signs private_key_jwt with the exact endpoint as its sole aud, and nothing of the secret', async () => {
    await exchange(
      client(
        { client_authentication: 'private_key_jwt', client_assertion: { kid: 'k1' } },
        { privateKey: secret(pem) },
      ),
    )
    const assertion = form().get('client_assertion') ?? ''
    const { payload, protectedHeader } = await jwtVerify(assertion, keys.publicKey)
    assert.deepEqual([payload.iss, payload.sub, payload.aud], ['cid', 'cid', `${server.url}/token`])
    assert.deepEqual([protectedHeader.alg, protectedHeader.kid], ['ES256', 'k1'])
    assert.equal((payload.exp ?? 0) - (payload.iat ?? 0), 60)
    assert.equal(form().get('client_assertion_type'), 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer')
    assert.equal(form().has('client_secret'), false)
  })

  it('names the verified issuer instead where discovery verified one, and never the same jti twice', async () => {
    const discovered = {
      issuer: 'https://as.example.com',
      iss_parameter: false,
      client_authentication_methods: [],
      pkce_methods: [],
      scopes: [],
    }
    const one = client({ client_authentication: 'private_key_jwt' }, { privateKey: secret(pem) })
    const who = { ...one, definition: { ...one.definition, auth: { ...one.definition.auth, discovered } } }
    await refresh(who)
    await refresh(who)
    const claims = [form(-2), form(-1)].map(fields => decodeJwt(fields.get('client_assertion') ?? ''))
    assert.deepEqual(
      claims.map(({ aud }) => aud),
      ['https://as.example.com', 'https://as.example.com'],
    )
    assert.notEqual(claims[0]?.jti, claims[1]?.jti)
    await refresh(
      client(
        { client_authentication: 'private_key_jwt', client_assertion: { lifetime_s: 120 } },
        { privateKey: secret(pem) },
      ),
    )
    const { exp = 0, iat = 0 } = decodeJwt(form().get('client_assertion') ?? '')
    assert.equal(exp - iat, 120)
  })

  it('sends a signed JWT as the client secret, as Apple wants it', async () => {
    const assertion = {
      kid: 'k',
      iss: 'TEAM',
      sub: '{client_id}',
      aud: 'https://appleid.apple.com',
      sent_as: 'client_secret',
    }
    await exchange(
      client({ client_authentication: 'private_key_jwt', client_assertion: assertion }, { privateKey: secret(pem) }),
    )
    const claims = decodeJwt(form().get('client_secret') ?? '')
    assert.deepEqual([claims.iss, claims.sub, claims.aud], ['TEAM', 'cid', 'https://appleid.apple.com'])
    assert.equal(form().has('client_assertion'), false)
  })

  it('signs client_secret_jwt under the secret', async () => {
    await exchange(client({ client_authentication: 'client_secret_jwt' }))
    const { payload } = await jwtVerify(form().get('client_assertion') ?? '', new TextEncoder().encode('csecret'), {
      algorithms: ['HS256'],
    })
    assert.equal(payload.aud, `${server.url}/token`)
  })

  it('takes a header template, a JSON body, and another method at one endpoint', async () => {
    await exchange(
      client({
        client_authentication: 'client_secret_header',
        client_authentication_header: { value: 'Client {client_id}:{client_secret}' },
      }),
    )
    assert.equal(server.seen.at(-1)?.headers.authorization, 'Client cid:csecret')
    await exchange(client({ client_authentication: 'client_secret_json' }))
    const sent = JSON.parse(server.seen.at(-1)?.body ?? '')
    assert.deepEqual([sent.client_id, sent.client_secret, sent.grant_type], ['cid', 'csecret', 'authorization_code'])
    await refresh(client({ client_authentication_at: { refresh: 'client_secret_post' } }))
    assert.deepEqual([form().get('client_secret'), server.seen.at(-1)?.headers.authorization], ['csecret', undefined])
  })

  it('tries the former secret where a refresh is refused with the new one, and never for a code', async () => {
    server.reply(({ body, headers }) =>
      headers.authorization?.includes(Buffer.from('cid:former').toString('base64')) || body.includes('never')
        ? { body: JSON.stringify(ok) }
        : { status: 401, body: '{"error":"invalid_client"}' },
    )
    const rotating = client({}, { previousClientSecret: secret('former') })
    assert.equal((await refresh(rotating)).kind, 'refreshed')
    assert.equal(server.seen.length, 2)
    assert.equal((await exchange(rotating)).kind, 'client_rejected')
    assert.equal(server.seen.length, 3)
  })

  it('says that a connector is misconfigured where its key is none, without quoting it', async () => {
    const outcome = await exchange(
      client(
        { client_authentication: 'private_key_jwt' },
        { privateKey: secret('-----BEGIN PRIVATE KEY-----\nkey-canary\n-----END PRIVATE KEY-----') },
      ),
    )
    assert.equal(outcome.kind, 'unavailable')
    assert.ok(!JSON.stringify(outcome).includes('key-canary'))
    assert.equal(server.seen.length, 0)
  })
})

describe('the authorization request beyond RFC 6749', () => {
  const parts = {
    redirectUri: 'https://b.example.com/cb',
    state: 's1',
    verifier: secret('v'.repeat(43)),
    scope: ['a', 'b'],
    now: NOW,
  }

  it('pushes its parameters and sends the browser with a reference alone (RFC 9126)', async () => {
    server.reply({ status: 201, body: '{"request_uri":"urn:x:1","expires_in":60}' })
    const who = client({
      authorization_request: { pushed: true },
      pushed_authorization_request_url: `${server.url}/par`,
      resource: ['https://api.example.com/'],
    })
    const url = new URL(await provider.authorizationUrl(who, parts))
    assert.deepEqual(
      [...url.searchParams],
      [
        ['client_id', 'cid'],
        ['request_uri', 'urn:x:1'],
      ],
    )
    assert.deepEqual(
      [form().get('state'), form().get('code_challenge_method'), form().get('resource')],
      ['s1', 'S256', 'https://api.example.com/'],
    )
    assert.match(server.seen[0]?.headers.authorization ?? '', /^Basic /)
    server.reply({ status: 400, body: '{"error":"invalid_request"}' })
    await assert.rejects(provider.authorizationUrl(who, parts), { code: 'connector_misconfigured' })
    server.reply({ status: 503 })
    await assert.rejects(provider.authorizationUrl(who, parts), { code: 'provider_unavailable' })
  })

  it('signs them as a request object (RFC 9101)', async () => {
    const who = client(
      { authorization_request: { request_object: { alg: 'ES256' } }, issuer: 'https://as.example.com' },
      { privateKey: secret(pem) },
    )
    const url = new URL(await provider.authorizationUrl(who, parts))
    assert.deepEqual([...url.searchParams.keys()], ['client_id', 'request'])
    const { payload, protectedHeader } = await jwtVerify(url.searchParams.get('request') ?? '', keys.publicKey)
    assert.equal(protectedHeader.typ, 'oauth-authz-req+jwt')
    assert.deepEqual(
      [payload.iss, payload.aud, payload['state'], payload['response_type']],
      ['cid', 'https://as.example.com', 's1', 'code'],
    )
  })

  it('sends what is for reconnecting only then, instead of what has its name', async () => {
    const who = client({
      authorization_params: [{ name: 'prompt', value: 'none' }],
      reconnect_params: [{ name: 'prompt', value: 'consent' }],
    })
    const prompt = async (reconnect: boolean) =>
      new URL(await provider.authorizationUrl(who, { ...parts, reconnect })).searchParams.getAll('prompt')
    assert.deepEqual([await prompt(false), await prompt(true)], [['none'], ['consent']])
  })

  it('repeats every resource at the token endpoint and on refresh (RFC 8707)', async () => {
    const resource = ['https://a.example.com/', 'https://b.example.com/']
    await exchange(client({ resource }))
    assert.deepEqual(form().getAll('resource'), resource)
    await refresh(client({ resource }))
    assert.deepEqual(form().getAll('resource'), resource)
  })
})

describe('DPoP', () => {
  const bound = () => client({ dpop: { alg: 'ES256' } }, { privateKey: secret(pem) })

  it('proves possession, sends again with the nonce in the same attempt, and takes no Bearer token for a bound one', async () => {
    server.reply(({ headers }) => {
      const proof = decodeJwt(String(headers['dpop']))
      if (proof['nonce'] === undefined)
        return {
          status: 400,
          headers: { 'content-type': 'application/json', 'dpop-nonce': 'n-1' },
          body: '{"error":"use_dpop_nonce"}',
        }
      return { body: JSON.stringify({ ...ok, token_type: 'DPoP' }) }
    })
    assert.equal((await refresh(bound())).kind, 'refreshed')
    assert.equal(server.seen.length, 2)
    const [first, second] = server.seen.map(({ headers }) => decodeJwt(String(headers['dpop'])))
    assert.deepEqual([second?.['htm'], second?.['htu'], second?.['nonce']], ['POST', `${server.url}/token`, 'n-1'])
    assert.notEqual(first?.['jti'], second?.['jti'])
    server.reply({ body: JSON.stringify(ok) })
    assert.equal((await exchange(bound())).kind, 'rejected')
  })

  it('binds a proof of an API call to its method, its URL without query, and the token', async () => {
    const proof = await provider.proof(bound(), {
      method: 'PUT',
      url: 'https://api.example.com/x?y=1',
      accessToken: secret('at'),
      nonce: 'n',
      now: NOW,
    })
    const claims = decodeJwt(proof)
    assert.deepEqual(
      [claims['htm'], claims['htu'], claims['nonce'], claims['ath']],
      ['PUT', 'https://api.example.com/x', 'n', createHash('sha256').update('at').digest('base64url')],
    )
    assert.equal(decodeProtectedHeader(proof).typ, 'dpop+jwt')
    assert.equal('d' in (decodeProtectedHeader(proof).jwk ?? {}), false)
  })
})

describe('discovery', () => {
  const metadata = (issuer: string, more: object = {}) => ({
    body: JSON.stringify({ issuer, authorization_endpoint: `${issuer}/a`, token_endpoint: `${issuer}/t`, ...more }),
  })
  const discover = (issuer: string, kind: 'auto' | 'oauth' | 'openid' = 'auto') =>
    provider.discover({ orgSlug: 'acme' }, issuer, kind)

  it('reads RFC 8414 metadata, else OpenID’s, each at its own place', async () => {
    const issuer = `${server.url}/tenant`
    server.reply(({ url }) =>
      url === '/tenant/.well-known/openid-configuration'
        ? metadata(issuer, { authorization_response_iss_parameter_supported: true })
        : { status: 404 },
    )
    const found = await discover(issuer)
    assert.equal(found.kind === 'discovered' && found.discovered.iss_parameter, true)
    assert.deepEqual(
      server.seen.map(({ url }) => url),
      ['/.well-known/oauth-authorization-server/tenant', '/tenant/.well-known/openid-configuration'],
    )
  })

  it('wants the issuer byte for byte, and follows a redirect within its origin alone', async () => {
    server.reply(metadata(`${server.url}/`))
    const slash = await discover(server.url)
    assert.equal(slash.kind, 'failed')
    assert.match(slash.kind === 'failed' ? slash.reason : '', /byte for byte/)
    server.reply(({ url }) =>
      url.endsWith('/') ? metadata(server.url) : { status: 301, headers: { location: `${url}/` } },
    )
    assert.equal((await discover(server.url, 'oauth')).kind, 'discovered')
    server.reply({ status: 302, headers: { location: 'https://elsewhere.example/x' } })
    assert.equal((await discover(server.url)).kind, 'failed')
  })

  it('takes nothing that is no metadata', async () => {
    for (const body of ['', 'null', '[]', '{"issuer":1}', '<html>', `{"issuer":"${server.url}","issuer":"x"}`]) {
      server.reply({ body })
      assert.equal((await discover(server.url)).kind, 'failed', body)
    }
    server.reply(metadata(server.url, { token_endpoint: 'javascript:1' }))
    const found = await discover(server.url)
    assert.equal(found.kind === 'discovered' && found.discovered.token_url, undefined)
  })
})

describe('answers in every form', () => {
  const set = async (auth: object, body: string, more: object = {}) => {
    server.reply({ body, ...more })
    const outcome = await exchange(client(auth))
    return outcome.kind === 'granted' ? outcome.tokenSet : assert.fail(JSON.stringify(outcome))
  }

  it('reads a form, a text, a nested and an enveloped token where the connector says so', async () => {
    assert.equal(
      reveal((await set({ token_response: { format: 'form' } }, 'access_token=at-f&scope=a')).accessToken),
      'at-f',
    )
    assert.equal(reveal((await set({ token_response: { format: 'text' } }, 'at-text\n')).accessToken), 'at-text')
    const nested = { access_token: '/authed_user/access_token', success: [{ pointer: '/ok', equals: [true] }] }
    assert.equal(
      reveal((await set({ token_response: nested }, JSON.stringify({ ok: true, authed_user: ok }))).accessToken),
      'at',
    )
    assert.equal(
      reveal(
        (
          await set(
            { token_response: { access_token: '/data/access_token', error: '/code' } },
            JSON.stringify({ code: 0, data: ok }),
          )
        ).accessToken,
      ),
      'at',
    )
  })

  it('reads an expiry in every unit, from the token itself, by default, and clamped', async () => {
    const at = async (expires: object, body: object) =>
      (await set({ token_response: { expires } }, JSON.stringify({ ...ok, expires_in: undefined, ...body }))).expiresAt
    assert.equal(await at({ unit: 'milliseconds' }, { expires_in: 5000 }), NOW + 5000)
    assert.equal(
      await at({ at: '/x', unit: 'epoch_seconds' }, { x: Math.floor(NOW / 1000) + 60 }),
      (Math.floor(NOW / 1000) + 60) * 1000,
    )
    assert.equal(await at({ at: '/x', unit: 'epoch_milliseconds' }, { x: NOW + 9 }), NOW + 9)
    assert.equal(await at({ at: '/x', unit: 'iso' }, { x: new Date(NOW + 60_000).toISOString() }), NOW + 60_000)
    const jwt = `${Buffer.from('{}').toString('base64url')}.${Buffer.from(`{"exp":${Math.floor(NOW / 1000) + 90}}`).toString('base64url')}.x`
    assert.equal(await at({ from: 'jwt' }, { access_token: jwt }), (Math.floor(NOW / 1000) + 90) * 1000)
    assert.equal(await at({ default_s: 7200 }, {}), NOW + 7_200_000)
    assert.equal(await at({ max_s: 10 }, { expires_in: 3600 }), NOW + 10_000)
    assert.equal(await at({ zero_is_never: false }, { expires_in: 0 }), NOW)
  })

  it('tells an error that came with 200, by the connector’s own classes', async () => {
    server.reply({ body: '{"ok":false,"error":"token_revoked_x"}' })
    const classes = {
      success: [{ pointer: '/ok', equals: [true] }],
      error_classes: { token_revoked_x: 'grant_gone', busy_x: 'unavailable', bad_app_x: 'client_rejected' },
    }
    const kind = async (error: string) => {
      server.reply({ body: JSON.stringify({ ok: false, error }) })
      return (await refresh(client({ token_response: classes }))).kind
    }
    assert.deepEqual(
      [await kind('token_revoked_x'), await kind('busy_x'), await kind('bad_app_x')],
      ['grant_gone', 'unavailable', 'client_rejected'],
    )
  })

  it('keeps custom grant types and data of the exchange out of the refresh', async () => {
    const who = client({ token_request: { grant_type: 'urn:custom', data: { extra: 'x' }, query: { q: '1' } } })
    await exchange(who)
    assert.deepEqual(
      [form().get('grant_type'), form().get('extra'), server.seen.at(-1)?.url],
      ['urn:custom', 'x', '/token?q=1'],
    )
    await refresh(who)
    assert.deepEqual(
      [form().get('grant_type'), form().get('extra'), server.seen.at(-1)?.url],
      ['refresh_token', null, '/token'],
    )
  })
})
