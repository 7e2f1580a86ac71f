import assert from 'node:assert/strict'
import { after, before, beforeEach, describe, it } from 'node:test'
import { secret } from '../../src/domain/secret.ts'
import { createSignInProvider } from '../../src/oauth/sign-in-provider.ts'
import { systemClock } from '../../src/platform/clock.ts'
import type { SignInProvider, Sso } from '../../src/ports/sign-in-provider.ts'
import { loopbackOutbound } from '../support/loopback-outbound.ts'
import { type ScriptedServer, scriptedServer } from '../support/scripted-server.ts'

const seconds = () => Math.floor(Date.now() / 1000)

describe('an opaque access token that a plugin presents', () => {
  let outbound: ReturnType<typeof loopbackOutbound>
  let server: ScriptedServer
  let signIn: SignInProvider
  let answer: Record<string, unknown>
  let metadata: Record<string, unknown>
  let status: number

  before(async () => {
    outbound = loopbackOutbound()
    server = await scriptedServer()
  })
  after(async () => {
    await outbound[Symbol.asyncDispose]()
    await server[Symbol.asyncDispose]()
  })
  beforeEach(() => {
    status = 200
    server.seen.length = 0
    signIn = createSignInProvider({ outbound, clock: systemClock })
    metadata = { introspection_endpoint: `${server.url}/introspect` }
    answer = { active: true, sub: 'una', aud: 'plugin', client_id: 'agent', iat: seconds(), exp: seconds() + 600 }
    server.reply(({ url }) => {
      if (url === '/introspect') return { status, body: JSON.stringify(answer) }
      const described = {
        issuer: server.url,
        authorization_endpoint: `${server.url}/auth`,
        token_endpoint: `${server.url}/token`,
        jwks_uri: `${server.url}/keys`,
      }
      return { body: JSON.stringify({ ...described, ...metadata }) }
    })
  })

  type Rules = Parameters<SignInProvider['verifySubjectToken']>[2]
  const verify = (rules: Partial<Rules> = {}, token = 'opaque-token-1') => {
    const sso: Sso = {
      issuer: server.url,
      clientId: 'behalf',
      clientSecret: secret('sso-secret'),
      target: { orgSlug: 'acme' },
    }
    return signIn.verifySubjectToken(sso, secret(token), {
      approvedAudiences: ['plugin'],
      maxAgeMs: 3_600_000,
      now: Date.now(),
      kind: 'access_token',
      ...rules,
    })
  }
  const asked = () => server.seen.filter(({ url }) => url === '/introspect')

  it('is what its issuer says, asked by Behalf’s own client in the body of a POST (RFC 7662)', async () => {
    const outcome = await verify()
    assert.deepEqual(outcome.kind === 'verified' && [outcome.issuer, outcome.sub], [server.url, 'una'])
    const [request] = asked()
    assert.equal(request?.method, 'POST')
    assert.match(request?.headers.authorization ?? '', /^Basic /)
    assert.equal(new URLSearchParams(request?.body).get('token'), 'opaque-token-1')
    assert.ok(!request?.url.includes('opaque'))
  })

  it('is good by an approved audience or an approved client', async () => {
    answer['aud'] = undefined
    assert.equal((await verify({ approvedAudiences: ['agent'] })).kind, 'verified')
    assert.deepEqual(await verify({ approvedAudiences: ['other'] }), { kind: 'refused', reason: 'wrong_aud' })
  })

  it('is asked about again after 30 seconds, and then refused where its issuer ended it', async () => {
    await verify()
    await verify()
    assert.equal(asked().length, 1)
    answer = { active: false }
    assert.deepEqual(await verify({ now: Date.now() + 31_000 }), { kind: 'refused', reason: 'inactive' })
  })

  it('can also be a JWT that does not call itself an access token', async () => {
    const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url')
    const token = `${part({ alg: 'RS256', typ: 'JWT' })}.${part({ sub: 'mallory' })}.c2ln`
    const outcome = await verify({}, token)
    assert.equal(outcome.kind === 'verified' && outcome.sub, 'una', 'the issuer’s word counts, not the token’s')
  })

  it('names nobody as an ID token', async () => {
    assert.deepEqual(await verify({ kind: 'id_token' }), { kind: 'refused', reason: 'not_a_jwt' })
    assert.equal(asked().length, 0)
  })

  const refused: readonly (readonly [string, Record<string, unknown>, string])[] = [
    ['inactive', { active: false }, 'inactive'],
    ['of Behalf’s own client', { client_id: 'behalf' }, 'own_client'],
    ['of another issuer', { iss: 'https://other.example' }, 'wrong_iss'],
    ['of a client without a person', { sub: 'agent' }, 'no_person'],
    ['without a person', { sub: undefined }, 'claims'],
    ['without an end', { exp: undefined }, 'claims'],
    ['of unknown age', { iat: undefined }, 'claims'],
    ['too old', { iat: seconds() - 7_200 }, 'too_old'],
    ['over', { exp: seconds() - 1 }, 'expired'],
  ]
  for (const [name, changed, reason] of refused) {
    it(`is refused when it is ${name}`, async () => {
      answer = { ...answer, ...changed }
      assert.deepEqual(await verify(), { kind: 'refused', reason })
    })
  }

  it('is refused where the SSO introspects nothing, and unavailable where it does not answer properly', async () => {
    status = 500
    assert.deepEqual(await verify(), { kind: 'unavailable', reason: 'introspection_failed' })
    status = 401
    assert.deepEqual(await verify(), { kind: 'unavailable', reason: 'introspection_failed' })
    status = 200
    answer = { active: 'yes' }
    assert.deepEqual(await verify(), { kind: 'unavailable', reason: 'introspection_failed' })
    signIn = createSignInProvider({ outbound, clock: systemClock })
    metadata = {}
    assert.deepEqual(await verify(), { kind: 'refused', reason: 'not_a_jwt' })
  })
})
