import assert from 'node:assert/strict'
import { createHmac, randomBytes } from 'node:crypto'
import { after, before, beforeEach, describe, it } from 'node:test'
import { samplePeople, startSso } from '@behalf/playground'
import { exportJWK, exportSPKI, generateKeyPair, type JWK, type JWTPayload, SignJWT } from 'jose'
import { BrokerError } from '../../src/domain/broker-error.ts'
import { type Secret, secret } from '../../src/domain/secret.ts'
import { createSignInProvider } from '../../src/oauth/sign-in-provider.ts'
import { systemClock } from '../../src/platform/clock.ts'
import type { SignInProvider, Sso } from '../../src/ports/sign-in-provider.ts'
import { createBrowser } from '../support/browser.ts'
import { loopbackOutbound } from '../support/loopback-outbound.ts'
import { type Reply, type ScriptedServer, scriptedServer } from '../support/scripted-server.ts'

const ALGORITHMS = ['RS256', 'PS256', 'ES256', 'EdDSA'] as const
const redirectUri = 'http://localhost:4000/auth/ssoCallback'
const checks = { redirectUri, state: 'state-1', nonce: 'nonce-1', verifier: secret('v'.repeat(43)) }
const json = (fields: unknown, status = 200): Reply => ({ status, body: JSON.stringify(fields) })
const seconds = () => Math.floor(Date.now() / 1000)
const encoded = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url')

type Key = Awaited<ReturnType<typeof generateKeyPair>>
/** Claims as an SSO might send them: any, or none where undefined. */
type Claims = Readonly<Record<string, unknown>>
let outbound: ReturnType<typeof loopbackOutbound>
let server: ScriptedServer
let keys: Record<string, Key>
let jwks: JWK[]
let offset = 0
let signIn: SignInProvider
/** What the scripted SSO answers at its token endpoint, and adds to its metadata. */
let tokenReply: Reply
let metadata: Record<string, unknown>
let down: ReadonlySet<string>

before(async () => {
  outbound = loopbackOutbound()
  server = await scriptedServer()
  keys = Object.fromEntries(
    await Promise.all(
      [...ALGORITHMS, 'stranger'].map(
        async alg => [alg, await generateKeyPair(alg === 'stranger' ? 'RS256' : alg, { extractable: true })] as const,
      ),
    ),
  )
  jwks = await Promise.all(
    ALGORITHMS.map(async alg => ({ ...(await exportJWK(key(alg).publicKey)), kid: alg, alg, use: 'sig' })),
  )
  // A key that names no algorithm: only our own list stands between it and RS384.
  jwks.push({ ...(await exportJWK(key('RS256').publicKey)), kid: 'any-alg' })
})
after(async () => {
  await outbound[Symbol.asyncDispose]()
  await server[Symbol.asyncDispose]()
})
beforeEach(() => {
  offset = 0
  metadata = {}
  down = new Set()
  server.seen.length = 0
  const clock = { ...systemClock, monotonic: () => performance.now() + offset }
  signIn = createSignInProvider({ outbound, clock })
  server.reply(({ url }) => {
    if (down.has(url)) return { status: 503 }
    if (url === '/.well-known/openid-configuration') return json({ ...described(), ...metadata })
    if (url === '/keys') return json({ keys: jwks })
    return tokenReply
  })
})

const key = (name: string): Key => keys[name] ?? assert.fail(name)
const described = () => ({
  issuer: server.url,
  authorization_endpoint: `${server.url}/auth`,
  token_endpoint: `${server.url}/token`,
  jwks_uri: `${server.url}/keys`,
  response_types_supported: ['code'],
  subject_types_supported: ['public'],
  id_token_signing_alg_values_supported: ['RS256'],
})
const sso = (fields: Partial<Sso> = {}): Sso => ({
  issuer: server.url,
  clientId: 'behalf',
  clientSecret: secret('sso-secret'),
  target: { orgSlug: 'acme' },
  ...fields,
})
type Signing = {
  readonly alg?: string
  readonly kid?: string
  readonly by?: string
  readonly header?: Record<string, unknown>
}
const claims = (changed: Claims = {}): JWTPayload => ({
  iss: server.url,
  aud: 'behalf',
  sub: 'una',
  nonce: 'nonce-1',
  iat: seconds(),
  exp: seconds() + 3600,
  email: 'una@acme.example',
  email_verified: true,
  ...changed,
})
const sign = (
  payload: JWTPayload,
  { alg = 'RS256', kid = alg, by = alg, header = {} }: Signing = {},
): Promise<string> => new SignJWT(payload).setProtectedHeader({ alg, kid, ...header }).sign(key(by).privateKey)
const tokens = (idToken: unknown): Reply => json({ access_token: 'at', token_type: 'Bearer', id_token: idToken })
const complete = (query: Record<string, string> = { code: 'c', state: 'state-1' }) =>
  signIn.complete(sso(), `${redirectUri}?${new URLSearchParams(query)}`, checks)
const completeWith = async (idToken: unknown) => {
  tokenReply = tokens(idToken)
  return complete()
}
const count = (path: string) => server.seen.filter(({ url }) => url === path).length

describe('signing in at a real SSO', () => {
  for (const alg of ALGORITHMS) {
    it(`takes an ID token signed with ${alg}, and names the person by issuer and sub`, async () => {
      const people = samplePeople(() => randomBytes(12).toString('base64url'))
      const una = people[0] ?? assert.fail()
      await using real = await startSso({
        port: 0,
        people,
        clients: [
          {
            clientId: 'behalf',
            clientSecret: 'real-secret',
            redirectUris: [redirectUri],
            postLogoutRedirectUris: ['http://localhost:4000/auth/signed-out'],
            idTokenSignedResponseAlg: alg,
          },
        ],
      })
      const at = sso({ issuer: real.url, clientSecret: secret('real-secret') })
      const browser = createBrowser()
      const page = await browser.follow(await signIn.authorizationUrl(at, checks), /\/interaction\//)
      const { pathname, origin } = new URL(page)
      const callback = await browser.follow(`${origin}${pathname}/login`, /ssoCallback/, {
        email: una.email,
        password: una.password,
      })
      const outcome = await signIn.complete(at, callback, checks)
      assert.equal(outcome.kind, 'signed_in', JSON.stringify(outcome))
      if (outcome.kind !== 'signed_in') return
      const { issuer, sub, email, emailVerified, name } = outcome.claims
      assert.deepEqual(
        { issuer, sub, email, emailVerified, name },
        { issuer: real.url, sub: 'una', email: una.email, emailVerified: true, name: una.name },
      )
      assert.deepEqual(outcome.claims.claims['groups'], ['sales'])
      const again = await signIn.complete(at, callback, checks)
      assert.equal(again.kind, 'refused')
      const ended = new URL((await signIn.endSessionUrl(at, 'http://localhost:4000/auth/signed-out')) ?? '')
      assert.deepEqual(Object.fromEntries(ended.searchParams), {
        client_id: 'behalf',
        post_logout_redirect_uri: 'http://localhost:4000/auth/signed-out',
      })
    })
  }
})

describe('A-13 the nonce', () => {
  for (const [name, nonce] of [
    ['missing', undefined],
    ['wrong', 'nonce-2'],
    ['empty', ''],
  ] as const) {
    it(`refuses a perfect ID token whose nonce is ${name}`, async () => {
      assert.equal((await completeWith(await sign(claims({ nonce })))).kind, 'refused')
    })
  }

  it('refuses an ID token of an earlier sign-in', async () => {
    const earlier = await sign(claims())
    assert.equal((await completeWith(earlier)).kind, 'signed_in')
    tokenReply = tokens(earlier)
    const later = await signIn.complete(sso(), `${redirectUri}?code=c&state=state-1`, {
      ...checks,
      nonce: 'nonce-of-this-one',
    })
    assert.equal(later.kind, 'refused')
  })
})

describe('A-14 the ID token', () => {
  it('is taken when perfect, with each of the four algorithms, whatever the SSO advertises', async () => {
    for (const alg of ALGORITHMS)
      assert.equal((await completeWith(await sign(claims(), { alg }))).kind, 'signed_in', alg)
  })

  const forged: readonly (readonly [string, () => Promise<unknown> | unknown])[] = [
    ['alg none', () => `${encoded({ alg: 'none' })}.${encoded(claims())}.`],
    ['alg none in other letters', () => `${encoded({ alg: 'nOnE', kid: 'RS256' })}.${encoded(claims())}.`],
    ['HS256 keyed with the public key', async () => hmac(await exportSPKI(key('RS256').publicKey))],
    ['HS256 keyed with the client secret', () => hmac('sso-secret')],
    ['an unknown kid', () => sign(claims(), { kid: 'unknown' })],
    ['another issuer’s key', () => sign(claims(), { by: 'stranger' })],
    ['RS384 by the right key', async () => rs384()],
    [
      'an embedded key',
      async () =>
        sign(claims(), { by: 'stranger', kid: 'x', header: { jwk: await exportJWK(key('stranger').publicKey) } }),
    ],
    ['a crit header', () => sign(claims(), { header: { crit: ['exp'], exp: 1 } }).catch(() => critical())],
    ['a wrong aud', () => sign(claims({ aud: 'other' }))],
    ['an extra aud without azp', () => sign(claims({ aud: ['behalf', 'other'] }))],
    ['an extra aud with another azp', () => sign(claims({ aud: ['behalf', 'other'], azp: 'other' }))],
    ['one aud with another azp', () => sign(claims({ azp: 'other' }))],
    ['an end a minute ago', () => sign(claims({ exp: seconds() - 60 }))],
    ['no exp', () => sign(claims({ exp: undefined }))],
    ['an iat a minute ahead', () => sign(claims({ iat: seconds() + 60 }))],
    ['no iat', () => sign(claims({ iat: undefined }))],
    ['a beginning a minute ahead', () => sign(claims({ nbf: seconds() + 60 }))],
    ['a wrong iss', () => sign(claims({ iss: 'https://other.example.com' }))],
    ['an iss with a slash more', () => sign(claims({ iss: `${server.url}/` }))],
    ['no sub', () => sign(claims({ sub: undefined }))],
    ['an empty sub', () => sign(claims({ sub: '' }))],
    ['an endless sub', () => sign(claims({ sub: 'x'.repeat(256) }))],
    ['a numeric sub', () => sign(claims({ sub: 7 }))],
    [
      'a changed payload',
      async () => (await sign(claims())).replace(/\.[^.]+\./, `.${encoded(claims({ sub: 'ada' }))}.`),
    ],
    ['no ID token', () => undefined],
    ['a number for an ID token', () => 7],
    ['rubbish for an ID token', () => 'a.b.c'],
  ]
  for (const [name, forge] of forged) {
    it(`is refused with ${name}, in a short safe word`, async () => {
      const outcome = await completeWith(await forge())
      assert.equal(outcome.kind, 'refused', JSON.stringify(outcome))
      assert.match(outcome.kind === 'refused' ? outcome.reason : '', /^[\w.-]{1,80}$/)
    })
  }

  it('may be 30 seconds off either way', async () => {
    assert.equal((await completeWith(await sign(claims({ exp: seconds() - 20 })))).kind, 'signed_in')
    assert.equal((await completeWith(await sign(claims({ iat: seconds() + 20 })))).kind, 'signed_in')
  })

  it('verifies an e-mail only by the literal claim, and takes no address that had to be cleaned', async () => {
    const read = async (changed: Claims) => {
      const outcome = await completeWith(await sign(claims(changed)))
      return outcome.kind === 'signed_in' ? [outcome.claims.email, outcome.claims.emailVerified] : outcome
    }
    assert.deepEqual(await read({}), ['una@acme.example', true])
    for (const email_verified of ['true', 1, undefined, false, {}])
      assert.deepEqual(await read({ email_verified }), ['una@acme.example', false])
    for (const email of ['\u0000una@acme.example', ' una@acme.example', 7, '', ['a@b']])
      assert.deepEqual(await read({ email }), [null, true])
  })

  function hmac(keyed: string): string {
    const input = `${encoded({ alg: 'HS256', kid: 'RS256' })}.${encoded(claims())}`
    return `${input}.${createHmac('sha256', keyed).update(input).digest('base64url')}`
  }
  async function rs384(): Promise<string> {
    const input = Buffer.from(`${encoded({ alg: 'RS384', kid: 'any-alg' })}.${encoded(claims())}`)
    const pkcs8 = await crypto.subtle.exportKey('pkcs8', key('RS256').privateKey)
    const algorithm = { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-384' }
    const signer = await crypto.subtle.importKey('pkcs8', pkcs8, algorithm, false, ['sign'])
    return `${input}.${Buffer.from(await crypto.subtle.sign(algorithm.name, signer, input)).toString('base64url')}`
  }
  async function critical(): Promise<string> {
    const input = Buffer.from(`${encoded({ alg: 'RS256', kid: 'RS256', crit: ['exp'], exp: 1 })}.${encoded(claims())}`)
    const signature = await crypto.subtle.sign('RSASSA-PKCS1-v1_5', key('RS256').privateKey, input)
    return `${input}.${Buffer.from(signature).toString('base64url')}`
  }
})

describe('the answers of an SSO', () => {
  it('count only with the right state, once each, and with the iss that was promised', async () => {
    tokenReply = tokens(await sign(claims()))
    assert.equal((await complete({ code: 'c' })).kind, 'refused')
    assert.equal((await complete({ code: 'c', state: 'state-2' })).kind, 'refused')
    assert.equal((await complete({ code: 'c', state: 'state-1', iss: 'https://other.example.com' })).kind, 'refused')
    assert.equal((await signIn.complete(sso(), `${redirectUri}?code=c&code=d&state=state-1`, checks)).kind, 'refused')
    assert.equal(count('/token'), 0)
    assert.equal((await complete({ code: 'c', state: 'state-1', iss: server.url })).kind, 'signed_in')
  })

  it('lack no iss where the SSO says that it sends one (RFC 9207)', async () => {
    metadata = { authorization_response_iss_parameter_supported: true }
    tokenReply = tokens(await sign(claims()))
    assert.equal((await complete()).kind, 'refused')
    assert.equal((await complete({ code: 'c', state: 'state-1', iss: server.url })).kind, 'signed_in')
  })

  it('are told apart: cancelled, refused, unavailable', async () => {
    const kind = async (error: string, state = 'state-1') => (await complete({ error, state })).kind
    assert.equal(await kind('access_denied'), 'cancelled')
    assert.equal(await kind('access_denied', 'state-2'), 'refused')
    assert.equal(await kind('login_required'), 'refused')
    assert.equal(await kind('temporarily_unavailable'), 'unavailable')
    const answered = async (reply: Reply) => {
      tokenReply = reply
      return (await complete()).kind
    }
    assert.equal(await answered(json({ error: 'invalid_grant' }, 400)), 'refused')
    assert.equal(await answered(json({ error: 'invalid_client' }, 401)), 'refused')
    assert.equal(await answered(json({ error: 'server_error' }, 400)), 'unavailable')
    assert.equal(await answered({ status: 500, body: 'x' }), 'unavailable')
    assert.equal(
      await answered({ status: 200, body: '<html>', headers: { 'content-type': 'text/html' } }),
      'unavailable',
    )
    assert.equal(await answered({ status: 302, headers: { location: '/x' } }), 'refused')
  })

  it('come to a client that proves itself by header, or by body where nothing else is offered', async () => {
    tokenReply = tokens(await sign(claims()))
    await complete()
    const sent = () => server.seen.filter(({ url }) => url === '/token').at(-1) ?? assert.fail()
    assert.match(sent().headers.authorization ?? '', /^Basic /)
    metadata = { token_endpoint_auth_methods_supported: ['client_secret_post'] }
    offset += 600_000
    await complete()
    assert.equal(sent().headers.authorization, undefined)
    assert.equal(new URLSearchParams(sent().body).get('client_secret'), 'sso-secret')
  })
})

describe('RP-10 an SSO that is down', () => {
  it('is told as unavailable where nothing is known of it', async () => {
    down = new Set(['/.well-known/openid-configuration'])
    await assert.rejects(
      signIn.authorizationUrl(sso(), checks),
      error => error instanceof BrokerError && error.code === 'provider_unavailable',
    )
    assert.equal((await complete()).kind, 'unavailable')
  })

  it('still signs people in from what was read before, for a day', async () => {
    tokenReply = tokens(await sign(claims()))
    assert.equal((await complete()).kind, 'signed_in')
    down = new Set(['/.well-known/openid-configuration', '/keys'])
    offset += 12 * 3_600_000
    assert.equal((await complete()).kind, 'signed_in')
    offset += 13 * 3_600_000
    assert.equal((await complete()).kind, 'unavailable')
  })

  it('signs people in with a key it rotated to, a minute later', async context => {
    context.mock.timers.enable({ apis: ['Date'], now: Date.now() })
    assert.equal((await completeWith(await sign(claims()))).kind, 'signed_in')
    const before = jwks
    jwks = [...jwks, { ...(await exportJWK(key('ES256').publicKey)), kid: 'rotated', alg: 'ES256' }]
    const rotated = () => sign(claims(), { alg: 'ES256', kid: 'rotated' })
    assert.equal((await completeWith(await rotated())).kind, 'refused')
    context.mock.timers.tick(61_000)
    offset += 61_000
    assert.equal((await completeWith(await rotated())).kind, 'signed_in')
    jwks = before
  })

  it('is not stormed by unknown key ids', async () => {
    for (let i = 0; i < 20; i += 1) await completeWith(await sign(claims(), { kid: `unknown-${i}` }))
    for (let i = 0; i < 20; i += 1) await verify(await sign(presented(), { kid: `unknown-${i}` }))
    assert.equal(count('/keys'), 1)
    assert.equal(count('/.well-known/openid-configuration'), 1)
  })

  it('is refused where it describes itself as another, or sends browsers elsewhere than the web', async () => {
    for (const wrong of [
      { issuer: 'https://other.example.com' },
      { end_session_endpoint: 'javascript:alert(1)' },
      { authorization_endpoint: 'data:text/html,x' },
      { jwks_uri: undefined },
    ]) {
      metadata = wrong
      offset += 2_000
      await assert.rejects(
        signIn.authorizationUrl(sso(), checks),
        error => error instanceof BrokerError && error.code === 'provider_unavailable',
      )
    }
  })
})

const presented = (changed: Claims = {}): JWTPayload => ({
  iss: server.url,
  aud: 'plugin',
  sub: 'una',
  iat: seconds(),
  exp: seconds() + 3600,
  ...changed,
})
type Rules = Parameters<SignInProvider['verifySubjectToken']>[2]
const verify = (token: string | Secret, rules: Partial<Rules> = {}) =>
  signIn.verifySubjectToken(sso(), typeof token === 'string' ? secret(token) : token, {
    approvedAudiences: ['plugin'],
    maxAgeMs: 3_600_000,
    now: Date.now(),
    kind: 'any',
    ...rules,
  })
const AT = { typ: 'at+jwt' }

describe('an SSO token that a plugin presents', () => {
  it('is verified with each of the four algorithms, as ID token and as RFC 9068 access token', async () => {
    for (const alg of ALGORITHMS) {
      for (const header of [{}, AT]) {
        const outcome = await verify(await sign(presented(), { alg, header }))
        assert.equal(outcome.kind, 'verified', `${alg} ${JSON.stringify(outcome)}`)
        assert.deepEqual(outcome.kind === 'verified' && [outcome.issuer, outcome.sub], [server.url, 'una'])
      }
    }
  })

  it('is what the request says it is', async () => {
    const [id, access] = [await sign(presented()), await sign(presented(), { header: AT })]
    assert.equal((await verify(id, { kind: 'id_token' })).kind, 'verified')
    assert.equal((await verify(access, { kind: 'access_token' })).kind, 'verified')
    assert.equal((await verify(id, { kind: 'access_token' })).kind, 'refused')
    assert.equal((await verify(access, { kind: 'id_token' })).kind, 'refused')
  })

  const refused: readonly (readonly [string, () => Promise<string> | string, string])[] = [
    ['for Behalf’s own sign-in', () => sign(presented({ aud: 'behalf' })), 'own_client'],
    [
      'for Behalf’s own sign-in and the plugin',
      () => sign(presented({ aud: ['plugin', 'behalf'], azp: 'plugin' })),
      'own_client',
    ],
    ['got by Behalf’s own client', () => sign(presented({ client_id: 'behalf' }), { header: AT }), 'own_client'],
    ['for nobody approved', () => sign(presented({ aud: 'other' })), 'wrong_aud'],
    ['for several without azp', () => sign(presented({ aud: ['plugin', 'other'] })), 'wrong_azp'],
    ['for several with another azp', () => sign(presented({ aud: ['plugin', 'other'], azp: 'other' })), 'wrong_azp'],
    ['two hours old', () => sign(presented({ iat: seconds() - 7200 })), 'too_old'],
    ['from the future', () => sign(presented({ iat: seconds() + 60 })), 'issued_in_future'],
    ['that ended', () => sign(presented({ exp: seconds() - 1 })), 'expired'],
    ['without a sub', () => sign(presented({ sub: undefined })), 'err_jwt_claim_validation_failed'],
    [
      'of a client without a person',
      () => sign(presented({ sub: 'svc', client_id: 'svc' }), { header: AT }),
      'no_person',
    ],
    ['of a logout', () => sign(presented({ events: {} })), 'not_an_id_token'],
    ['of another kind', () => sign(presented(), { header: { typ: 'logout+jwt' } }), 'typ'],
    ['that is an unmarked access token', () => sign(presented({ scope: 'openid' })), 'not_an_id_token'],
    [
      'by another issuer',
      () => sign(presented({ iss: 'https://other.example.com' })),
      'err_jwt_claim_validation_failed',
    ],
    ['by another key', () => sign(presented(), { by: 'stranger' }), 'err_jws_signature_verification_failed'],
    ['signed by nobody', () => `${encoded({ alg: 'none' })}.${encoded(presented())}.`, 'err_jose_alg_not_allowed'],
    ['that is none', () => 'opaque-token', 'not_a_jwt'],
    ['of endless length', () => 'x'.repeat(16_385), 'too_long'],
  ]
  for (const [name, token, reason] of refused) {
    it(`is refused when ${name.replace(/^that is/, 'it is')}`, async () => {
      assert.deepEqual(await verify(await token()), { kind: 'refused', reason })
    })
  }

  it('is judged anew by each plugin’s own rules, and by the time, when it is known already', async () => {
    const token = await sign(presented({ iat: seconds() - 600, exp: seconds() + 600 }))
    assert.equal((await verify(token)).kind, 'verified')
    assert.equal((await verify(token, { approvedAudiences: ['other'] })).kind, 'refused')
    assert.equal((await verify(token, { approvedAudiences: [] })).kind, 'refused')
    assert.equal((await verify(token, { maxAgeMs: 60_000 })).kind, 'refused')
    assert.equal((await verify(token)).kind, 'verified')
    assert.deepEqual(await verify(token, { now: Date.now() + 700_000 }), { kind: 'refused', reason: 'expired' })
  })

  it('is verified once, and not for another organization by that', async () => {
    const token = await sign(presented())
    assert.equal((await verify(token)).kind, 'verified')
    down = new Set(['/keys'])
    const other = { approvedAudiences: ['plugin'], maxAgeMs: 3_600_000, now: Date.now(), kind: 'any' } as const
    const outcome = await signIn.verifySubjectToken(sso({ target: { orgSlug: 'globex' } }), secret(token), other)
    assert.equal(outcome.kind, 'unavailable')
    offset += 25 * 3_600_000
    assert.equal((await verify(token)).kind, 'verified')
  })

  it('with a new key is taken after the SSO rotated, once the cool-down is over', async () => {
    assert.equal((await verify(await sign(presented()))).kind, 'verified')
    const rotated = await sign(presented({ jti: 'r' }), { kid: 'rotated' })
    const before = jwks
    jwks = [...jwks, { ...(await exportJWK(key('RS256').publicKey)), kid: 'rotated', alg: 'RS256' }]
    assert.deepEqual(await verify(rotated), { kind: 'refused', reason: 'err_jwks_no_matching_key' })
    offset += 30_000
    assert.equal((await verify(rotated)).kind, 'verified')
    jwks = before
  })
})
