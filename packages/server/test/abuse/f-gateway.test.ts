import assert from 'node:assert/strict'
import { connect as dial } from 'node:net'
import { after, before, describe, it } from 'node:test'
import { requestHeaders, responseHeaders, rewriteLocation } from '../../src/domain/gateway-headers.ts'
import { gatewayTarget } from '../../src/domain/gateway-target.ts'
import { connect } from '../support/browser.ts'
import { startTestBroker, type TestBroker } from '../support/test-broker.ts'

describe('F: the gateway', () => {
  let broker: TestBroker
  const una = () => broker.people[0] ?? assert.fail()
  before(async () => {
    broker = await startTestBroker()
    await connect(broker, una())
  })
  after(() => broker[Symbol.asyncDispose]())
  const apiCalls = () => broker.provider.requests().filter(({ path }) => path.startsWith('/api/')).length

  /** Bytes on a socket, as no client would send them; the answer's text. */
  function socket(text: string): Promise<string> {
    const { port } = new URL(broker.url)
    return new Promise((resolve, reject) => {
      let answer = ''
      const client = dial(Number(port), '127.0.0.1', () => client.write(text))
      client.setTimeout(2_000, () => client.destroy())
      client.on('data', chunk => (answer += String(chunk)))
      client.on('close', () => resolve(answer))
      client.on('error', reject)
    })
  }

  it('F-01, F-02 refuses every path that leaves the base URL once somebody decodes or normalises it', () => {
    const climbing = [
      '/evil.example',
      '//evil.example',
      '\\evil',
      '/\\evil',
      '..',
      '../x',
      'a/../../x',
      './x',
      'a/./b',
      '%2e%2e/x',
      '%2E%2e%2fx',
      '..%2fx',
      '..%5cx',
      '%252e%252e/x',
      '%25252e%25252e/x',
      '..;/x',
      '..;a=b/x',
      'a//b',
      'a/%2fb',
      'a%5cb',
      'x%00',
      'x%0d%0a',
      'x y',
      'x%',
      'x%2',
      'x#y',
      'x<y',
      'é',
      'a'.repeat(9_000),
      '%c0%ae%c0%ae/x'.replace('%c0%ae%c0%ae', '%2e%2e'),
    ]
    for (const path of climbing) assert.equal(gatewayTarget('https://api.example/v1', path, []).kind, 'refused', path)
    const plain = [
      'me',
      'a/b',
      'a/b?c=d&e=%20',
      'a%20b',
      'users/una@acme.example',
      'a;b',
      "it's",
      'a:80',
      '',
      'x.y/...z',
      'q?url=https://evil.example/',
    ]
    for (const path of plain) {
      assert.deepEqual(
        gatewayTarget('https://api.example/v1', path, []),
        { kind: 'target', url: `https://api.example/v1/${path}` },
        path,
      )
    }
  })

  it('F-01 sends nothing upstream for a refused path, over the wire', async () => {
    const before = apiCalls()
    const headers = `Host: x\r\nAuthorization: Bearer ${broker.pluginKey}\r\nBehalf-Subject: ${una().email}\r\nConnection: close\r\n\r\n`
    for (const path of [
      '/gateway/orbit//evil.example/',
      '/gateway/orbit/../../me',
      '/gateway/orbit/%2e%2e/me',
      '/gateway/orbit/http://evil.example/',
    ]) {
      assert.match(await socket(`GET ${path} HTTP/1.1\r\n${headers}`), /^HTTP\/1\.1 403 /, path)
    }
    assert.match(await socket(`GET http://evil.example/gateway/orbit/me HTTP/1.1\r\n${headers}`), /^HTTP\/1\.1 400 /)
    assert.equal(apiCalls(), before)
  })

  it('F-03, F-04, F-06 passes allow-listed headers alone, and the injected credential alone of its name', () => {
    const caller: [string, string][] = [
      ['Accept', 'application/json'],
      ['Authorization', 'Bearer bhp_x'],
      ['authorization', 'Bearer twin'],
      ['Cookie', 'a=b'],
      ['X-Forwarded-For', '1.2.3.4'],
      ['Forwarded', 'for=1'],
      ['Via', 'x'],
      ['Behalf-Subject', 'una'],
      ['traceparent', '00-x'],
      ['Proxy-Authorization', 'x'],
      ['Connection', 'If-Match, Authorization'],
      ['If-Match', '"1"'],
      ['TE', 'trailers'],
      ['Upgrade', 'h2c'],
      ['Behalf-Forward-Authorization', 'Bearer stolen'],
      ['Behalf-Forward-Cookie', 'x'],
      ['Behalf-Forward-Notion-Version', '2022-06-28'],
      ['Behalf-Forward-Host', 'evil'],
      ['Behalf-Forward-X-Forwarded-Host', 'evil'],
      ['X-HTTP-Method-Override', 'DELETE'],
      ['Behalf-Forward-X-HTTP-Method-Override', 'DELETE'],
      ['Behalf-Forward-X', 'a\u0000b'],
    ]
    assert.deepEqual(requestHeaders(caller.flat(), { name: 'Authorization', value: 'Bearer real' }), [
      'accept',
      'application/json',
      'notion-version',
      '2022-06-28',
      'user-agent',
      'Behalf',
      'Authorization',
      'Bearer real',
    ])
  })

  it('F-05 answers smuggled framing with 400 and sends at most one request upstream', async () => {
    const before = apiCalls()
    const head = `POST /gateway/orbit/echo HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${broker.pluginKey}\r\nBehalf-Subject: ${una().email}\r\n`
    const smuggled = [
      `${head}Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nGET /gateway/orbit/me HTTP/1.1\r\n\r\n`,
      `${head}Content-Length: 5\r\nContent-Length: 6\r\n\r\nhello!`,
      `${head}Content-Length: 5 5\r\n\r\nhello`,
      `${head}Transfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n`,
      `${head}Content-Length : 5\r\n\r\nhello`,
      `${head}Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n`,
    ]
    for (const text of smuggled) assert.match(await socket(text), /^HTTP\/1\.1 400 /, text.slice(head.length))
    assert.equal(apiCalls(), before)
  })

  it('F-06 takes away a caller’s own token parameters', async () => {
    assert.deepEqual(
      gatewayTarget('https://api.example', 'x?a=1&access_token=z&ACCESS%5Ftoken=y&b=2', ['access_token']),
      { kind: 'target', url: 'https://api.example/x?a=1&b=2' },
    )
    const echoed = (await (await broker.gateway('echo?access_token=mine&x=1')).json()) as { url: string }
    assert.equal(echoed.url, '/api/echo?x=1')
  })

  it('F-07, F-09 strips what would act in our origin, sandboxes the answer, and rewrites redirects or drops them', () => {
    const hostile: [string, string][] = [
      ['Set-Cookie', 'a=b'],
      ['Clear-Site-Data', '"*"'],
      ['Strict-Transport-Security', 'x'],
      ['Access-Control-Allow-Origin', '*'],
      ['Refresh', '0;url=x'],
      ['Content-Security-Policy', 'x'],
      ['Service-Worker-Allowed', '/'],
      ['Alt-Svc', 'x'],
      ['Location', 'https://evil.example'],
      ['Server', 'x'],
      ['WWW-Authenticate', 'Basic'],
      ['Behalf-Answered-By', 'behalf'],
      ['Content-Type', 'text/html'],
    ]
    const headers = responseHeaders(hostile.flat(), { requestId: 'req_1', location: null })
    const names = headers.filter((_, index) => index % 2 === 0).map(name => name.toLowerCase())
    assert.deepEqual(names.sort(), [
      'behalf-answered-by',
      'cache-control',
      'content-security-policy',
      'content-type',
      'referrer-policy',
      'request-id',
      'x-content-type-options',
    ])
    assert.equal(headers[headers.indexOf('Content-Security-Policy') + 1], 'sandbox')
    const where = { baseUrl: 'https://api.example/v1', url: 'https://api.example/v1/a', gatewayPath: '/gateway/x/' }
    assert.equal(rewriteLocation(['location', '/v1/b?c=d'], where), '/gateway/x/b?c=d')
    for (const elsewhere of ['https://evil.example/v1/', '/v2', 'https://api.example.evil/v1/x', '//evil.example'])
      assert.equal(rewriteLocation(['location', elsewhere], where), null)
  })

  it('F-11 refuses methods and upgrades that it does not carry', async () => {
    const rest = `Host: x\r\nAuthorization: Bearer ${broker.pluginKey}\r\nConnection: close\r\n`
    for (const method of ['TRACE', 'PROPFIND'])
      assert.match(await socket(`${method} /gateway/orbit/me HTTP/1.1\r\n${rest}\r\n`), /^HTTP\/1\.1 405 /, method)
    assert.match(await socket(`CONNECT evil.example:443 HTTP/1.1\r\n${rest}\r\n`), /^HTTP\/1\.1 405 /)
    assert.match(
      await socket(`GET /gateway/orbit/me HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n`),
      /^HTTP\/1\.1 405 /,
    )
  })

  it('D-03, D-13 lets a key speak only as its plugin, and never as itself', async () => {
    const code = async (headers: Record<string, string>) =>
      ((await (await fetch(`${broker.url}/gateway/orbit/me`, { headers })).json()) as { code: string }).code
    const key = `Bearer ${broker.pluginKey}`
    assert.equal(await code({}), 'unauthenticated')
    assert.equal(
      await code({ authorization: `Bearer ${broker.apiKey}`, 'behalf-subject': una().email }),
      'unauthenticated',
    )
    assert.equal(await code({ authorization: key }), 'invalid_request')
    assert.equal(await code({ authorization: key, 'behalf-subject': 'nobody@acme.example' }), 'subject_not_allowed')
    assert.equal(
      await code({ authorization: key, 'behalf-subject': una().email, 'behalf-subject-token': 'x' }),
      'invalid_request',
    )
    assert.equal(await code({ authorization: key, 'behalf-subject-token': 'x.y.z' }), 'subject_not_allowed')
    const unnamed = await fetch(`${broker.url}/gateway/other/me`, {
      headers: { authorization: key, 'behalf-subject': una().email },
    })
    assert.equal(((await unnamed.json()) as { code: string }).code, 'connector_not_found')
  })

  it('RR-15 answers a 401 of the API with one renewed token and one repetition', async () => {
    const refreshes = () => broker.provider.requests().filter(({ grantType }) => grantType === 'refresh_token').length
    const before = { refreshes: refreshes(), calls: apiCalls() }
    const answers = await Promise.all([broker.gateway('me'), broker.gateway('contacts')])
    assert.deepEqual(
      answers.map(({ status }) => status),
      [200, 200],
    )
    assert.deepEqual(
      { refreshes: refreshes(), calls: apiCalls() },
      { refreshes: before.refreshes, calls: before.calls + 2 },
    )
  })

  it('streams a body up and down without keeping it', async () => {
    const size = 50_000_000
    let received = 0
    for await (const chunk of (await broker.gateway(`stream?bytes=${size}`)).body ?? []) received += chunk.length
    assert.equal(received, size)
    const sent = 'x'.repeat(1_000_000)
    const echoed = (await (await broker.gateway('echo', { method: 'POST', body: sent })).json()) as {
      body: string
      headers: Record<string, string>
    }
    assert.equal(echoed.body.length, sent.length)
    assert.equal(echoed.headers['user-agent'], 'Behalf')
    assert.equal(
      Object.keys(echoed.headers).some(name => name.startsWith('behalf') || name.startsWith('x-forwarded')),
      false,
    )
  })

  it('exchanges for a Behalf token, bound to plugin, person and connector, and releases nothing unless an admin allowed it', async () => {
    const form = (extra: Record<string, string>) => ({
      method: 'POST',
      headers: { authorization: `Bearer ${broker.pluginKey}`, 'behalf-subject': una().email },
      body: new URLSearchParams({
        grant_type: 'urn:ietf:params:oauth:grant-type:token-exchange',
        resource: `${broker.url}/gateway/orbit`,
        ...extra,
      }),
    })
    const exchanged = (await (await fetch(`${broker.url}/oauth/token`, form({}))).json()) as Record<string, unknown>
    assert.equal(exchanged['issued_token_type'], 'urn:ietf:params:oauth:token-type:jwt')
    assert.equal(exchanged['expires_in'], 300)
    const headers = {
      authorization: `Bearer ${broker.pluginKey}`,
      'behalf-subject-token': String(exchanged['access_token']),
    }
    assert.equal((await fetch(`${broker.url}/gateway/orbit/me`, { headers })).status, 200)
    broker.advance(301_000)
    assert.equal((await fetch(`${broker.url}/gateway/orbit/me`, { headers })).status, 401)

    const wanted = { requested_token_type: 'urn:ietf:params:oauth:token-type:access_token' }
    const refused = await fetch(`${broker.url}/oauth/token`, form(wanted))
    assert.equal(refused.status, 400)
    assert.equal(((await refused.json()) as { error: string }).error, 'unauthorized_client')
    const { body } = await broker.api('/plugins/assistant')
    await broker.api('/plugins/assistant', {
      method: 'PATCH',
      body: { token_release: ['orbit'] },
      headers: { 'if-match': `"${body['version']}"` },
    })
    const released = await fetch(`${broker.url}/oauth/token`, form(wanted))
    assert.equal(released.headers.get('cache-control'), 'no-store')
    const token = (await released.json()) as Record<string, unknown>
    assert.equal(token['token_type'], 'Bearer')
    assert.equal(token['refresh_token'], undefined)
    const direct = await fetch(`${broker.provider.apiUrl}/me`, {
      headers: { authorization: `Bearer ${token['access_token']}` },
    })
    assert.equal(direct.status, 200)
    const audit = await broker.api('/audit-events?action=token.released')
    assert.deepEqual(
      audit.body.items?.map(item => item['result']),
      ['done', 'refused'],
    )
    const last = await broker.whileClockStands(async () => {
      let answer: Response = released
      for (let rounds = 0; rounds < 11 && answer.status === 200; rounds += 1) {
        const more = await Promise.all(
          Array.from({ length: 100 }, () => fetch(`${broker.url}/oauth/token`, form(wanted))),
        )
        answer = more.find(({ status }) => status !== 200) ?? answer
      }
      return answer
    })
    assert.equal(last.status, 429)
    assert.match(last.headers.get('retry-after') ?? '', /^[1-9]$/)
    const { error, error_description } = (await last.json()) as Record<string, string>
    assert.deepEqual([error, error_description], ['slow_down', 'rate_limited'])
    assert.equal((await fetch(`${broker.url}/gateway/orbit/me`, { headers })).status, 401, 'the Behalf token ended')
    assert.equal((await fetch(`${broker.url}/oauth/token`, form({}))).status, 200, 'Behalf tokens are not limited')
  })

  it('answers token exchange errors in RFC 6749 words, and takes no parameter twice', async () => {
    const post = async (body: string, headers: Record<string, string> = {}) => {
      const answer = await fetch(`${broker.url}/oauth/token`, {
        method: 'POST',
        body,
        headers: {
          'content-type': 'application/x-www-form-urlencoded',
          authorization: `Bearer ${broker.pluginKey}`,
          ...headers,
        },
      })
      return [answer.status, ((await answer.json()) as { error: string }).error]
    }
    const grant = 'grant_type=urn:ietf:params:oauth:grant-type:token-exchange'
    const resource = `resource=${encodeURIComponent(`${broker.url}/gateway/orbit`)}`
    assert.deepEqual(await post(`${grant}&${resource}`, { authorization: 'Bearer nope' }), [401, 'invalid_client'])
    assert.deepEqual(await post('grant_type=password'), [400, 'unsupported_grant_type'])
    assert.deepEqual(await post(`${grant}&${grant}&${resource}`), [400, 'invalid_request'])
    assert.deepEqual(await post(`${grant}&resource=https://evil.example/gateway/orbit`, { 'behalf-subject': 'x' }), [
      400,
      'invalid_target',
    ])
    assert.deepEqual(await post(`${grant}&${resource}&actor_token=x`), [400, 'invalid_request'])
    assert.deepEqual(await post('{}', { 'content-type': 'application/json' }), [400, 'invalid_request'])
    assert.deepEqual(
      await post(`${grant}&${resource}&subject_token=x&subject_token_type=urn:ietf:params:oauth:token-type:saml2`),
      [400, 'invalid_request'],
    )
  })
})
