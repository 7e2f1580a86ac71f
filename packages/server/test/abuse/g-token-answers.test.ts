import assert from 'node:assert/strict'
import { createHook } from 'node:async_hooks'
import type { ServerResponse } from 'node:http'
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { after, before, describe, it } from 'node:test'
import { brotliCompressSync, gzipSync } from 'node:zlib'
import { type ConnectorDefinition, connectorDefinition } from '@behalf/contract'
import { exportJWK, generateKeyPair, type JWTPayload, SignJWT } from 'jose'
import type { ExchangeOutcome, RevokeOutcome } from '../../src/domain/outcome.ts'
import { revocationSteps } from '../../src/domain/revocation-steps.ts'
import { reveal, type Secret, secret } from '../../src/domain/secret.ts'
import { createProviderClient } from '../../src/oauth/provider-client.ts'
import type { Outbound } from '../../src/ports/outbound.ts'
import type { Client, ProviderClient } from '../../src/ports/provider-client.ts'
import { eventually } from '../support/eventually.ts'
import { loopbackOutbound } from '../support/loopback-outbound.ts'
import { type QuirkBroker, startQuirkBroker } from '../support/quirk-broker.ts'
import { type Reply, type ScriptedServer, scriptedServer } from '../support/scripted-server.ts'

const NOW = Date.parse('2026-01-01T00:00:00Z')
const receivedAt = () => NOW
const code = secret('code-canary-0123456789')
const refreshToken = secret('rt-canary-0123456789')
const clientSecret = secret('cs+canary/ %0123456789')

const held = { accessToken: secret('at-canary-0123456789'), refreshToken, scope: [] }

let server: ScriptedServer
let outbound: ReturnType<typeof loopbackOutbound>
let provider: ProviderClient
before(async () => {
  server = await scriptedServer()
  outbound = loopbackOutbound()
  provider = createProviderClient({ outbound })
})
after(async () => {
  await outbound[Symbol.asyncDispose]()
  await server[Symbol.asyncDispose]()
})

function client(fields: Record<string, unknown> = {}, given: Secret | null = clientSecret): Client {
  const definition: ConnectorDefinition = connectorDefinition.parse({
    name: 'orbit',
    base_url: 'https://api.example.com',
    auth: {
      authorization_url: 'https://as.example.com/auth',
      token_url: `${server.url}/token`,
      revoke_url: `${server.url}/revoke`,
      client_id: 'client-1_a b',
      scope: [],
      ...fields,
    },
  })
  return { definition, credentials: { clientSecret: given }, target: { orgSlug: 'acme' } }
}
const exchange = (who = client()) =>
  provider.exchangeCode(who, {
    code,
    redirectUri: 'https://b.example.com/cb',
    verifier: secret('v'.repeat(43)),
    receivedAt,
  })
const refresh = (who = client(), deadlineMs = 5_000) => provider.refresh(who, held, { deadlineMs, receivedAt })
/** The first step of a connector, for the refresh token. */
async function revokeAt(at: ProviderClient, who: Client): Promise<RevokeOutcome> {
  const [step] = revocationSteps(who.definition)
  if (step === undefined) return { kind: 'unsupported' }
  const tokens = { kind: 'refresh_token', token: refreshToken, accessToken: null, refreshToken: null }
  return at.revoke(who, step, tokens, NOW)
}
const json = (fields: unknown, more: Partial<Reply> = {}): Reply => ({ body: JSON.stringify(fields), ...more })
const typed = (type: string) => ({ headers: { 'content-type': type } })
const last = () => server.seen.at(-1) ?? assert.fail('nothing was sent')
const granted = (outcome: ExchangeOutcome) =>
  outcome.kind === 'granted' ? outcome.tokenSet : assert.fail(JSON.stringify(outcome))

const ok = { access_token: 'at-1', token_type: 'Bearer', expires_in: 3600, refresh_token: 'rt-1', scope: 'a b' }
const without = (name: keyof typeof ok) => Object.fromEntries(Object.entries(ok).filter(([key]) => key !== name))

describe('token answers seen in the wild', () => {
  const accepted: readonly (readonly [name: string, reply: Reply, fields?: Record<string, unknown>])[] = [
    ['1 conforming', json(ok)],
    ['2 no token_type', json(without('token_type'))],
    ['3 token_type "user"', json({ ...ok, token_type: 'user' })],
    ['4 JSON as text/html', json(ok, typed('text/html'))],
    ['5 JSON as text/plain', json(ok, typed('text/plain'))],
    ['6 JSON without a content type', json(ok, { headers: {} })],
    ['8 scope joined by commas', json({ ...ok, scope: 'a,b' }), { scope_separator: ',' }],
    ['9 scope as an array', json({ ...ok, scope: ['a', 'b'] })],
    ['10 scope null', json({ ...ok, scope: null })],
    ['11 expires_in "3600"', json({ ...ok, expires_in: '3600' })],
    ['12 expires_in null', json({ ...ok, expires_in: null })],
    ['13 expires_in 0', json({ ...ok, expires_in: 0 })],
    ['14 expires_in -1', json({ ...ok, expires_in: -1 })],
    ['15 refresh_token ""', json({ ...ok, refresh_token: '' })],
    ['16 refresh_token null', json({ ...ok, refresh_token: null })],
    ['19 HTTP 201', json(ok, { status: 201 })],
    ['20 garbage id_token', json({ ...ok, id_token: 'garbage' })],
    ['21 id_token null', json({ ...ok, id_token: null })],
    ['22 a byte-order mark before the JSON', { body: `\ufeff${JSON.stringify(ok)}` }],
  ]
  for (const [name, reply, fields] of accepted) {
    it(`accepts ${name}`, async () => {
      server.reply(reply)
      const { accessToken, scope, expiresAt, refreshToken, account } = granted(await exchange(client(fields)))
      assert.equal(reveal(accessToken), 'at-1')
      assert.equal(account, null)
      assert.deepEqual(scope, /^10 /.test(name) ? null : ['a', 'b'])
      assert.equal(expiresAt, /^1[234] /.test(name) ? null : NOW + 3_600_000)
      assert.equal(refreshToken && reveal(refreshToken), /^1[56] /.test(name) ? null : 'rt-1')
    })
  }

  for (const [name, reply] of [
    ['7 form-encoded', { body: 'access_token=at-1&scope=a', ...typed('application/x-www-form-urlencoded') }],
    ['17 nested under authed_user', json({ ok: true, authed_user: ok })],
    ['18 enveloped in data', json({ code: 0, data: ok })],
  ] as const) {
    it(`tells clearly that ${name} is not read without more configuration`, async () => {
      server.reply(reply)
      const outcome = await exchange()
      assert.equal(outcome.kind, 'rejected')
      assert.equal(outcome.kind === 'rejected' && outcome.error.error, 'provider_invalid_response')
      assert.ok(outcome.kind === 'rejected' && outcome.error.description)
    })
  }

  for (const [name, reply, error] of [
    [
      '23 HTTP 200 with error',
      json({ error: 'bad_verification_code', error_description: 'd' }),
      'bad_verification_code',
    ],
    [
      '24 HTTP 400 invalid_grant as text/html',
      json({ error: 'invalid_grant' }, { status: 400, ...typed('text/html') }),
      'invalid_grant',
    ],
    [
      '25 HTTP 400 with error as an object',
      json({ error: { type: 'OAuthException', message: 'm' } }, { status: 400 }),
      'OAuthException',
    ],
  ] as const) {
    it(`tells the provider’s own error for ${name}`, async () => {
      server.reply(reply)
      const outcome = await exchange()
      assert.equal(outcome.kind === 'rejected' && outcome.error.error, error)
    })
  }
})

describe('hostile token answers', () => {
  const unreadable: readonly (readonly [string, Reply])[] = [
    ['what is not JSON', { body: 'access granted' }],
    ['HTML with 200', { body: '<html>maintenance</html>', ...typed('text/html') }],
    ['nothing', { body: '' }],
    ['UTF-16', { body: Buffer.from(JSON.stringify(ok), 'utf16le') }],
    ['trailing rubbish', { body: `${JSON.stringify(ok)};` }],
    ['100,000 levels', { body: `${JSON.stringify(ok).slice(0, -1)},"x":${'['.repeat(1e5)}${']'.repeat(1e5)}}` }],
    ['a name twice', { body: '{"access_token":"a","access_token":"b"}' }],
    ['__proto__', { body: '{"__proto__":{"access_token":"a"},"constructor":{"prototype":{"access_token":"a"}}}' }],
    ['an access_token with CRLF', json({ ...ok, access_token: 'a\r\nx: y' })],
    ['a numeric access_token', json({ ...ok, access_token: 7 })],
    ['an access_token that is a list', json({ ...ok, access_token: ['a'] })],
    ['an access_token of null', json({ ...ok, access_token: null })],
    ['an empty access_token', json({ ...ok, access_token: '' })],
    ['a megabyte of access_token', json({ ...ok, access_token: 'x'.repeat(1_000_000) })],
    ['token_type mac', json({ ...ok, token_type: 'mac' })],
    ['token_type DPoP', json({ ...ok, token_type: 'DPoP' })],
  ]
  for (const [name, reply] of unreadable) {
    it(`G-03, G-04 refuses ${name}: told on exchange, and marking nothing on refresh`, async () => {
      server.reply(reply)
      const outcome = await exchange()
      assert.equal(outcome.kind === 'rejected' && outcome.error.error, 'provider_invalid_response')
      const renewed = await refresh()
      assert.equal(renewed.kind, 'unavailable')
      assert.equal(renewed.kind === 'unavailable' && renewed.sent, true)
      assert.equal(({} as Record<string, unknown>)['access_token'], undefined)
    })
  }

  it('G-01, G-02 cuts an answer at one megabyte of decoded bytes', async t => {
    const blank = Buffer.alloc(20_000_000, 0x20)
    for (const [coding, body] of [
      ['identity', blank],
      ['gzip', gzipSync(blank)],
      ['br', brotliCompressSync(blank)],
    ] as const) {
      server.reply({ body, headers: { 'content-encoding': coding } })
      const delay = monitorEventLoopDelay({ resolution: 1 })
      const work = decoderWork()
      delay.enable()
      const renewed = await refresh()
      delay.disable()
      const { made, turns } = work.end()
      assert.deepEqual([renewed.kind, renewed.kind === 'unavailable' && renewed.sent], ['unavailable', true])
      t.diagnostic(`${coding}: ${turns} turns of the decoder, longest ${Math.round(delay.max / 1e6)} ms without others`)
      assert.equal(made, coding === 'identity' ? 0 : 1)
      // Each turn brings at most as much as zlib hands over at once, so a megabyte and no more was decoded.
      assert.ok(turns <= 2 * (1_048_576 / 16_384), `${turns} turns`)
    }
  })

  /** Counts the decoders that are made, and how often one has the main thread, by what Node itself reports of them. */
  function decoderWork() {
    const decoders = new Set<number>()
    let turns = 0
    const hook = createHook({
      init(id, type) {
        if (type === 'ZLIB') decoders.add(id)
      },
      before(id) {
        if (decoders.has(id)) turns += 1
      },
    }).enable()
    return {
      end() {
        hook.disable()
        return { made: decoders.size, turns }
      },
    }
  }

  /** The odd one answers as told, everybody else well. */
  const oddAt = (odd: (response: ServerResponse) => void) => {
    server.reply(({ url }, response) => {
      if (url !== '/odd') return json(ok)
      odd(response)
      return undefined
    })
    return client({ token_url: `${server.url}/odd` })
  }

  it('G-01 takes a few of the 100 MB that are sent, in less than 50 MB of memory, and serves others meanwhile', async () => {
    const piece = Buffer.alloc(65_536, 0x20)
    let sent = 0
    const odd = oddAt(response => {
      response.writeHead(200)
      const more = () => {
        while (sent < 100_000_000 && !response.destroyed) {
          sent += piece.length
          if (!response.write(piece)) return void response.once('drain', more)
        }
        response.end()
      }
      more()
    })
    const before = process.memoryUsage()
    const [renewed, other] = await Promise.all([refresh(odd), refresh()])
    const after = process.memoryUsage()
    assert.deepEqual([renewed.kind, other.kind], ['unavailable', 'refreshed'])
    assert.ok(after.heapUsed + after.external - before.heapUsed - before.external < 50_000_000)
    assert.ok(sent < 20_000_000, `${sent} bytes left the provider`)
  })

  it('G-02 refuses stacked encodings, two or five thousand, makes no decoder for them, and serves others meanwhile', async () => {
    const work = decoderWork()
    for (const count of [2, 5, 3_000, 5_000]) {
      const stacked = Array(count).fill('gzip').join(',')
      const odd = oddAt(response => void response.writeHead(200, { 'content-encoding': stacked }).end('x'))
      const [renewed, other] = await Promise.all([refresh(odd), refresh()])
      assert.deepEqual([renewed.kind, other.kind], ['unavailable', 'refreshed'], `${count}`)
    }
    assert.equal(work.end().made, 0)
  })

  it('G-01 ends answers that go on after one byte at the deadline, and serves others before that', async () => {
    let hung = 0
    const odd = oddAt(response => {
      response.writeHead(200).write(' ')
      hung += 1
    })
    const slow = Array.from({ length: 20 }, () => refresh(odd, 400))
    await eventually(
      async () => hung,
      count => count === 20,
    )
    assert.equal((await refresh()).kind, 'refreshed')
    for (const end of await Promise.all(slow))
      assert.equal(end.kind === 'unavailable' && end.reason, 'provider_timeout')
  })

  it('G-01 ends an endless drip at the deadline, as sent', async () => {
    server.reply((_, response) => {
      response.writeHead(200)
      const drip = setInterval(() => response.write(' '), 20)
      response.on('close', () => clearInterval(drip))
      return undefined
    })
    const renewed = await refresh(client(), 300)
    assert.deepEqual(renewed, { kind: 'unavailable', reason: 'provider_timeout', retryAfterMs: null, sent: true })
  })

  it('takes a success whose body was lost for an unknown outcome', async () => {
    server.reply((_, response) => {
      response.writeHead(200, { 'content-length': '500' })
      response.write('{"access_token":"at', () => response.destroy())
      return undefined
    })
    const renewed = await refresh()
    assert.deepEqual([renewed.kind, renewed.kind === 'unavailable' && renewed.sent], ['unavailable', true])
  })

  it('says that nothing was sent where no connection was made', async () => {
    const nobody = await scriptedServer()
    await nobody[Symbol.asyncDispose]()
    for (const token_url of [`${nobody.url}/token`, 'http://10.0.0.1/token']) {
      const renewed = await refresh(client({ token_url }))
      assert.deepEqual([renewed.kind, renewed.kind === 'unavailable' && renewed.sent], ['unavailable', false])
    }
  })

  it('follows no redirect with a code or a refresh token', async () => {
    server.reply({ status: 307, headers: { location: `${server.url}/elsewhere` } })
    server.seen.length = 0
    assert.equal((await refresh()).kind, 'unavailable')
    assert.equal((await exchange()).kind, 'unavailable')
    assert.deepEqual(
      server.seen.map(({ url }) => url),
      ['/token', '/token'],
    )
  })

  it('G-01 asks the way out to follow no redirect, whatever the method, for half a minute and a megabyte at most', async () => {
    const asked: string[] = []
    const watched: Outbound = {
      ...outbound,
      fetch(request) {
        asked.push(`${request.method} ${request.redirects}`)
        assert.ok(request.deadlineMs <= 30_000 && request.maxBytes <= 1_048_576)
        return outbound.fetch(request)
      },
    }
    const own = createProviderClient({ outbound: watched })
    server.reply(json(ok))
    await own.refresh(client(), held, { deadlineMs: 5_000, receivedAt })
    await revokeAt(own, client({ revoke: { method: 'GET' } }))
    await own.exchangeCode(client(), { code, redirectUri: 'https://b.example.com/cb', verifier: null, receivedAt })
    assert.deepEqual(asked, ['POST refuse', 'GET refuse', 'POST refuse'])
  })

  it('repeats no secret that a provider quotes back', async () => {
    for (const [quoted, ask] of [
      [code, exchange],
      [refreshToken, refresh],
      [clientSecret, exchange],
      [clientSecret, refresh],
    ] as const) {
      server.reply(json({ error: 'invalid_grant', error_description: `no ${reveal(quoted)}` }, { status: 400 }))
      const outcome = await ask()
      assert.equal('error' in outcome && outcome.error.description, 'no [secret]')
    }
  })
})

describe('G-05 lives that no token has', () => {
  const LONGEST_MS = 366 * 86_400_000
  for (const [shown, raw] of [
    ['-1', '-1'],
    ['0', '0'],
    ['NaN in quotes', '"NaN"'],
    ['null', 'null'],
    ['"1e9"', '"1e9"'],
    ['an ISO date', '"2026-01-02T00:00:00Z"'],
    ['an object', '{}'],
  ] as const)
    it(`take ${shown} for unknown: neither ended at once nor fresh for good`, async () => {
      server.reply({ body: JSON.stringify(ok).replace('3600', raw) })
      assert.equal(granted(await exchange()).expiresAt, null)
    })
  for (const [shown, raw] of [
    ['1e308', '1e308'],
    ['2⁵³', '9007199254740992'],
  ] as const)
    it(`let ${shown} last a year at most`, async () => {
      server.reply({ body: JSON.stringify(ok).replace('3600', raw) })
      const { expiresAt } = granted(await exchange())
      assert.ok(expiresAt === null || expiresAt <= NOW + LONGEST_MS, String(expiresAt))
    })

  it('read a number in quotes, and a scheme in capitals (G-04)', async () => {
    server.reply({ body: JSON.stringify({ ...ok, token_type: 'BEARER', expires_in: '3600' }) })
    assert.equal(granted(await exchange()).expiresAt, NOW + 3_600_000)
  })
})

describe('hostile and silent providers, from consent to calls', () => {
  const json = (access_token: unknown, more: object = {}) => ({ body: { access_token, ...more } })
  const hostile = [json('a\r\nx-y: z'), json(7), json(null), json('at', { token_type: 'mac' }), { body: '<html>' }]
  let rig: QuirkBroker
  before(async () => {
    rig = await startQuirkBroker([
      {
        name: 'hostile',
        behaviour: { endpoints: { 'POST /token': [...hostile, { body: 'access_token=at' }] } },
        definition: () => ({}),
      },
      {
        name: 'form',
        behaviour: { endpoints: { 'POST /token': { body: '__proto__=x&constructor=y&access_token=at' } } },
        definition: () => ({ auth: { token_response: { format: 'form' } } }),
      },
      {
        name: 'silent',
        behaviour: {
          endpoints: {
            'POST /token': [json('at-1', { refresh_token: 'rt-1' }), json('at-2', { refresh_token: 'rt-2' })],
            'GET /api/ended': [{ status: 401 }, { body: { ok: true } }],
          },
        },
        definition: () => ({}),
      },
    ])
  })
  after(() => rig[Symbol.asyncDispose]())

  it('G-03, G-04 nothing is stored of an answer that cannot be read, and nothing of it reaches a header', async () => {
    for (const _ of [...hostile, 'a form where none is expected']) {
      assert.match(await rig.connect('hostile'), /provider_invalid_response$/)
      assert.deepEqual((await rig.broker.api('/connections?connector=hostile')).body.items, [])
      assert.equal((await rig.call('hostile')).status, 409)
    }
    assert.equal(rig.provider.seen('hostile', 'GET /api/me').length, 0)
    await rig.connect('form')
    assert.equal((await rig.call('form')).status, 200, 'a form is read where the connector says so')
    assert.equal(rig.provider.seen('form', 'GET /api/me')[0]?.headers.authorization, 'Bearer at')
    const probe = {} as Record<string, unknown>
    assert.deepEqual(
      [probe['access_token'], probe['x'], Object.getPrototypeOf(probe)],
      [undefined, undefined, Object.prototype],
    )
  })

  it('G-05 a token of unknown life is not renewed at each call, and not held for fresh once the API refuses it', async () => {
    await rig.connect('silent')
    assert.equal((await rig.connection('silent'))['access_token_expires_at'], null)
    for (let call = 0; call < 3; call += 1) {
      assert.equal((await rig.call('silent')).status, 200)
      rig.broker.advance(86_400_000)
    }
    assert.equal(rig.provider.seen('silent', 'POST /token').length, 1)
    assert.equal((await rig.call('silent', 'ended')).status, 200)
    assert.deepEqual(
      rig.provider.seen('silent', 'GET /api/ended').map(({ headers }) => headers.authorization),
      ['Bearer at-1', 'Bearer at-2'],
    )
    assert.equal(rig.provider.seen('silent', 'POST /token').length, 2)
  })
})

describe('classes of token errors (RR-10)', () => {
  const oauthError = (error: string, status: number, headers = {}) => json({ error }, { status, headers })
  const cases: readonly (readonly [string, Reply, exchanged: string, refreshed: string])[] = [
    ['400 invalid_grant', oauthError('invalid_grant', 400), 'rejected', 'grant_gone'],
    ['401 invalid_grant', oauthError('invalid_grant', 401), 'rejected', 'grant_gone'],
    ['200 invalid_grant', oauthError('invalid_grant', 200), 'rejected', 'grant_gone'],
    ['200 token_revoked', oauthError('token_revoked', 200), 'rejected', 'grant_gone'],
    ['401 invalid_client', oauthError('invalid_client', 401), 'client_rejected', 'client_rejected'],
    ['400 unauthorized_client', oauthError('unauthorized_client', 400), 'client_rejected', 'client_rejected'],
    ['401 without a body', { status: 401 }, 'client_rejected', 'client_rejected'],
    ['400 invalid_scope', oauthError('invalid_scope', 400), 'rejected', 'client_rejected'],
    ['500 with invalid_grant inside', oauthError('invalid_grant', 500), 'unavailable', 'unavailable'],
    ['503 with invalid_grant inside', oauthError('invalid_grant', 503), 'unavailable', 'unavailable'],
    ['429', oauthError('invalid_grant', 429), 'unavailable', 'unavailable'],
    ['408', { status: 408 }, 'unavailable', 'unavailable'],
    ['403 HTML', { status: 403, body: '<html>', ...typed('text/html') }, 'unavailable', 'unavailable'],
    ['400 temporarily_unavailable', oauthError('temporarily_unavailable', 400), 'unavailable', 'unavailable'],
    ['400 server_error', oauthError('server_error', 400), 'unavailable', 'unavailable'],
    ['5xx carrying tokens', json(ok, { status: 500 }), 'unavailable', 'unavailable'],
  ]
  for (const [name, reply, exchanged, refreshed] of cases) {
    it(`takes ${name} for ${exchanged} on exchange and ${refreshed} on refresh`, async () => {
      server.reply(reply)
      assert.equal((await exchange()).kind, exchanged)
      assert.equal((await refresh()).kind, refreshed)
    })
  }

  it('hands on Retry-After, at most an hour', async () => {
    for (const [text, ms] of [
      ['30', 30_000],
      ['86400', 3_600_000],
      ['-1', 0],
      ['Thu, 01 Jan 2026 00:02:00 GMT', 120_000],
    ] as const) {
      server.reply({ status: 503, headers: { 'retry-after': text } })
      const renewed = await refresh()
      assert.equal(renewed.kind === 'unavailable' && renewed.retryAfterMs, ms)
    }
  })
})

describe('token requests', () => {
  const basicOf = () => Buffer.from(last().headers.authorization?.replace('Basic ', '') ?? '', 'base64').toString()

  it('ask for JSON by name, send our fields once, and let extra data replace none', async () => {
    server.reply(json(ok))
    await exchange(client({ token_request: { data: { tenant: 't' } } }))
    const { headers, body, method } = last()
    assert.equal(method, 'POST')
    assert.equal(headers.accept, 'application/json')
    assert.equal(headers['user-agent'], 'Behalf')
    assert.deepEqual(Object.fromEntries(new URLSearchParams(body)), {
      tenant: 't',
      redirect_uri: 'https://b.example.com/cb',
      code: reveal(code),
      code_verifier: 'v'.repeat(43),
      grant_type: 'authorization_code',
    })
    await refresh(client({ token_request: { data: { tenant: 't' } } }))
    assert.deepEqual(Object.fromEntries(new URLSearchParams(last().body)), {
      refresh_token: reveal(refreshToken),
      grant_type: 'refresh_token',
    })
  })

  it('keep grant_type ours even where a stored definition sets another', async () => {
    const { definition, ...rest } = client()
    const auth = {
      ...definition.auth,
      token_request: { ...definition.auth.token_request, data: { grant_type: 'password', code: 'x' } },
    }
    server.reply(json(ok))
    await exchange({ ...rest, definition: { ...definition, auth } })
    const sent = new URLSearchParams(last().body)
    assert.deepEqual([sent.getAll('grant_type'), sent.getAll('code')], [['authorization_code'], [reveal(code)]])
  })

  it('authenticate the client as the connector says, with a secret or an empty one', async () => {
    server.reply(json(ok))
    await refresh()
    assert.equal(basicOf(), 'client-1_a+b:cs%2Bcanary%2F+%250123456789')
    await refresh(client({ client_authentication: 'client_secret_basic_raw' }))
    assert.equal(basicOf(), `client-1_a b:${reveal(clientSecret)}`)
    await refresh(client({ client_authentication: 'client_secret_post' }))
    assert.equal(new URLSearchParams(last().body).get('client_secret'), reveal(clientSecret))
    assert.equal(last().headers.authorization, undefined)
    await refresh(client({ client_authentication: 'none' }, null))
    assert.equal(new URLSearchParams(last().body).get('client_id'), 'client-1_a b')
    assert.equal(last().headers.authorization, undefined)
    for (const how of ['client_secret_basic', 'client_secret_basic_raw', 'client_secret_post'])
      assert.equal((await refresh(client({ client_authentication: how }, null))).kind, 'refreshed')
  })
})

describe('G-08 the account label', () => {
  it('comes from an ID token that verifies against the connector’s issuer, and from no other', async () => {
    const [signer, stranger] = [await generateKeyPair('ES256'), await generateKeyPair('ES256')]
    const jwk = { ...(await exportJWK(signer.publicKey)), kid: 'k', alg: 'ES256' }
    const sign = (claims: JWTPayload, key = signer.privateKey) =>
      new SignJWT({ iss: server.url, aud: 'client-1_a b', sub: 'u1', email: 'a@acme.test', ...claims })
        .setProtectedHeader({ alg: 'ES256', kid: 'k' })
        .setIssuedAt()
        .setExpirationTime('1h')
        .sign(key)
    const label = async (id_token: unknown, fields: Record<string, unknown> = { issuer: server.url }) => {
      server.reply(({ url }) => {
        if (url === '/keys') return json({ keys: [jwk] })
        if (url.startsWith('/.well-known')) return json({ issuer: server.url, jwks_uri: `${server.url}/keys` })
        return json({ ...ok, id_token })
      })
      return granted(await exchange(client(fields))).account?.label ?? null
    }
    assert.equal(await label(await sign({})), 'a@acme.test')
    assert.equal(await label(await sign({ email: '', name: 'A\u202eB' })), 'A B')
    assert.equal(await label(await sign({}), {}), null)
    assert.equal(await label(await sign({}, stranger.privateKey)), null)
    assert.equal(await label(await sign({ aud: 'other' })), null)
    assert.equal(await label(await sign({ aud: ['client-1_a b', 'other'] })), null)
    assert.equal(await label(await sign({ iss: 'https://other.example.com' })), null)
    const none = `${Buffer.from('{"alg":"none"}').toString('base64url')}.${(await sign({})).split('.')[1]}.`
    assert.equal(await label(none), null)
  })

  it('is missing where discovery fails, and the exchange succeeds', async () => {
    server.reply(({ url }) => (url === '/token' ? json({ ...ok, id_token: 'a.b.c' }) : { status: 500 }))
    assert.equal(granted(await exchange(client({ issuer: server.url }))).account?.label ?? null, null)
  })
})

describe('revocation', () => {
  const revoke = (fields: Record<string, unknown> = {}, given: Secret | null = clientSecret) =>
    revokeAt(provider, client(fields, given))
  const sent = () => Object.fromEntries(new URLSearchParams(last().body))

  it('is RFC 7009 unless the connector says otherwise', async () => {
    server.reply({})
    assert.deepEqual(await revoke(), { kind: 'revoked' })
    assert.deepEqual(sent(), { token: reveal(refreshToken), token_type_hint: 'refresh_token' })
    assert.match(last().headers.authorization ?? '', /^Basic /)
  })

  it('takes the shape the connector names', async () => {
    server.reply({ status: 204 })
    await revoke({
      revoke: { authentication: 'bearer', token_key: 'access_token', data: { x: '1' }, headers: { Accept: 'text/x' } },
    })
    assert.deepEqual(sent(), { x: '1', access_token: reveal(refreshToken) })
    assert.deepEqual(
      [last().headers.authorization, last().headers.accept],
      [`Bearer ${reveal(refreshToken)}`, 'text/x'],
    )
    await revoke({ revoke: { authentication: 'request_body' } })
    assert.equal(sent()['client_secret'], reveal(clientSecret))
    await revoke({ revoke: { authentication: 'none', method: 'DELETE' }, revoke_url: `${server.url}/r?x=1` })
    assert.deepEqual([last().method, last().url, last().body], ['DELETE', `/r?x=1&token=${reveal(refreshToken)}`, ''])
    assert.equal(last().headers.authorization, undefined)
    await revoke({ client_authentication: 'none' }, null)
    assert.equal(sent()['client_id'], 'client-1_a b')
  })

  const cases: readonly (readonly [string, Reply, string, Record<string, unknown>?])[] = [
    ['400 invalid_token', json({ error: 'invalid_token' }, { status: 400 }), 'already_gone'],
    [
      '404 where the token is what the request names',
      { status: 404 },
      'already_gone',
      { revoke: { method: 'DELETE' } },
    ],
    ['410 there', { status: 410 }, 'already_gone', { revoke: { method: 'DELETE' } }],
    ['404 where the token is in a form', { status: 404 }, 'failed'],
    ['410 there, too,', { status: 410 }, 'failed'],
    [
      '401 where the token was the credential',
      { status: 401 },
      'already_gone',
      { revoke: { authentication: 'bearer' } },
    ],
    ['401 where the client was', { status: 401 }, 'failed'],
    ['400 unsupported_token_type', json({ error: 'unsupported_token_type' }, { status: 400 }), 'unsupported'],
    ['400 invalid_client', json({ error: 'invalid_client' }, { status: 400 }), 'failed'],
    ['200 with an error', json({ ok: false, error: 'fatal' }), 'failed'],
    ['a redirect', { status: 302, headers: { location: '/elsewhere' } }, 'failed'],
    ['500 with invalid_token inside', json({ error: 'invalid_token' }, { status: 500 }), 'failed'],
    ['429', { status: 429 }, 'failed'],
    ['no revocation URL', {}, 'unsupported', { revoke_url: undefined }],
  ]
  for (const [name, reply, kind, fields] of cases) {
    it(`takes ${name} for ${kind}`, async () => {
      server.reply(reply)
      assert.equal((await revoke(fields)).kind, kind)
    })
  }

  it('hands on Retry-After, and stores no token that a provider quotes', async () => {
    server.reply({ status: 503, headers: { 'retry-after': '60' } })
    assert.deepEqual(await revoke(), { kind: 'failed', reason: 'http_503', retryAfterMs: 60_000 })
    server.reply(json({ error: `no ${reveal(refreshToken)}` }, { status: 403 }))
    assert.deepEqual(await revoke(), { kind: 'failed', reason: 'no__secret_', retryAfterMs: null })
  })
})
