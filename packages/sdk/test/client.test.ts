import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import {
  BehalfProblem,
  BehalfUnreachable,
  createClient,
  createPlugin,
  isProblem,
  TokenExchangeError,
} from '../src/index.ts'

type Call = {
  readonly url: string
  readonly method: string
  readonly headers: Headers
  readonly body: string | undefined
}
type Reply = Response | Error

/** A fetch that answers from a script and keeps what it was asked. */
function scripted(...replies: readonly Reply[]) {
  const calls: Call[] = []
  const left = [...replies]
  const fetch = (async (url: string, init: RequestInit = {}) => {
    const body = init.body === undefined || init.body === null ? undefined : String(init.body)
    calls.push({ url: String(url), method: init.method ?? 'GET', headers: new Headers(init.headers), body })
    const reply = left.shift() ?? assert.fail('one request too many')
    if (reply instanceof Error) throw reply
    return reply
  }) as typeof globalThis.fetch
  return { calls, fetch }
}
const json = (body: unknown, init: ResponseInit = {}) => Response.json(body, init)
const problem = (code: string, status: number, more: object = {}, headers: Record<string, string> = {}) =>
  json({ type: 'x', title: 'A title.', status, code, request_id: 'req_1', ...more }, { status, headers })
const url = 'https://acme.example'
const apiKey = 'bhf_key'

describe('the client', () => {
  it('puts parameters into the path, the rest into the query, and the key into the header', async () => {
    const { calls, fetch } = scripted(json({ items: [], next_cursor: null }))
    await createClient({ url, apiKey, fetch }).listPluginKeys({ name: 'sales', limit: 10 })
    assert.equal(calls[0]?.url, 'https://acme.example/api/v1/plugins/sales/keys?limit=10')
    assert.equal(calls[0]?.headers.get('authorization'), 'Bearer bhf_key')
  })

  it('encodes what would lead elsewhere', async () => {
    const { calls, fetch } = scripted(json({}))
    await createClient({ url, apiKey, fetch }).readConnector({ name: '../people?x' })
    assert.equal(calls[0]?.url, 'https://acme.example/api/v1/connectors/..%2Fpeople%3Fx')
  })

  it('sends the version that was read with an update, as a merge patch', async () => {
    const { calls, fetch } = scripted(json({}))
    await createClient({ url, apiKey, fetch }).updateConnector({
      name: 'orbit',
      version: 7,
      body: { display_name: null },
    })
    assert.equal(calls[0]?.headers.get('if-match'), '"7"')
    assert.equal(calls[0]?.headers.get('content-type'), 'application/merge-patch+json')
    assert.equal(calls[0]?.body, '{"display_name":null}')
  })

  it('throws a problem with its code, faults and link', async () => {
    const faults = [{ pointer: '/name', reason: 'taken' }]
    const { fetch } = scripted(
      problem('connection_required', 409, { errors: faults, connect_url: 'https://acme.example/connect/1' }),
    )
    const error = await createClient({ url, apiKey, fetch })
      .readMe()
      .catch((thrown: unknown) => thrown)
    assert.ok(isProblem(error, 'connection_required'))
    assert.deepEqual(error.faults, faults)
    assert.equal(error.connectUrl, 'https://acme.example/connect/1')
    assert.equal(error.requestId, 'req_1')
  })

  it('tells an answer that is not ours from a problem', async () => {
    const { fetch } = scripted(new Response('<h1>Bad gateway</h1>', { status: 502 }))
    const client = createClient({ url, apiKey, fetch, retries: 0 })
    await assert.rejects(client.readMe(), BehalfUnreachable)
  })

  it('sends a POST again after a network failure, with the same idempotency key', async () => {
    const { calls, fetch } = scripted(new TypeError('reset'), json({ id: 'key_1' }, { status: 201 }))
    await createClient({ url, apiKey, fetch }).createApiKey({ body: { label: 'x', roles: ['admin'] } })
    const [first, second] = calls.map(({ headers }) => headers.get('idempotency-key'))
    assert.match(first ?? '', /^[0-9a-f-]{36}$/)
    assert.equal(second, first)
  })

  it('waits for the answer of a POST whose first try is still under way', async () => {
    const { calls, fetch } = scripted(
      new TypeError('reset'),
      problem('idempotency_conflict', 409),
      json({}, { status: 201 }),
    )
    await createClient({ url, apiKey, fetch }).createApiKey({ body: { label: 'x', roles: ['admin'] } })
    assert.equal(calls.length, 3)
  })

  it('never sends an update twice by itself', async () => {
    const { calls, fetch } = scripted(new TypeError('reset'))
    const client = createClient({ url, apiKey, fetch })
    await assert.rejects(client.updateOrganization({ version: 1, body: { name: 'A' } }), BehalfUnreachable)
    assert.equal(calls.length, 1)
  })

  it('does not wait longer for Retry-After than a person would', async () => {
    const { calls, fetch } = scripted(problem('rate_limited', 429, {}, { 'retry-after': '60' }))
    const error = await createClient({ url, apiKey, fetch })
      .readMe()
      .catch((thrown: unknown) => thrown)
    assert.ok(error instanceof BehalfProblem && error.retryAfterMs === 60_000)
    assert.equal(calls.length, 1)
  })

  it('iterates over every item of every page, also beyond one that holds none, and is its first page when awaited', async () => {
    const pages = () => [
      json({ items: [{ id: 1 }, { id: 2 }], next_cursor: 'c' }),
      json({ items: [], next_cursor: 'd' }),
      json({ items: [{ id: 3 }], next_cursor: null }),
    ]
    const one = scripted(...pages())
    const ids: unknown[] = []
    for await (const person of createClient({ url, apiKey, fetch: one.fetch }).listPeople({ limit: 2 }))
      ids.push(person.id)
    assert.deepEqual(ids, [1, 2, 3])
    assert.equal(one.calls[1]?.url, 'https://acme.example/api/v1/people?limit=2&cursor=c')
    const two = scripted(...pages())
    assert.equal((await createClient({ url, apiKey, fetch: two.fetch }).listPeople()).next_cursor, 'c')
    assert.equal(two.calls.length, 1)
  })

  it('proves to a browser session’s server that it is no forgery, and asks anew when the session changed', async () => {
    const { calls, fetch } = scripted(
      json({ csrf_token: 'old' }),
      problem('csrf_rejected', 403),
      json({ csrf_token: 'new' }),
      json({}),
    )
    await createClient({ url, fetch }).suspendPerson({ id: 'sub_1' })
    assert.deepEqual(
      calls.map(({ headers }) => headers.get('behalf-csrf')),
      [null, 'old', null, 'new'],
    )
    assert.equal(calls[3]?.headers.get('authorization'), null)
  })

  it('stops when it is aborted, with the reason of the caller', async () => {
    const stop = new AbortController()
    const { fetch } = scripted(new TypeError('reset'))
    const asked = createClient({ url, apiKey, fetch }).readMe({}, { signal: stop.signal })
    stop.abort(new Error('enough'))
    await assert.rejects(asked, /enough/)
  })
})

describe('the plugin', () => {
  const pluginKey = 'bhp_key'

  it('calls in a person’s name and gives the provider’s answer whatever its status', async () => {
    const { calls, fetch } = scripted(
      new Response('no', { status: 404, headers: { 'behalf-answered-by': 'provider' } }),
    )
    const response = await createPlugin({ url, pluginKey, fetch })
      .onBehalfOf({ subject: 'una@acme.example' })
      .fetch('orbit', '/me')
    assert.equal(response.status, 404)
    assert.equal(calls[0]?.url, 'https://acme.example/gateway/orbit/me')
    assert.equal(calls[0]?.headers.get('behalf-subject'), 'una@acme.example')
  })

  it('throws where Behalf answers instead', async () => {
    const { fetch } = scripted(
      problem('connection_required', 409, { connect_url: 'u' }, { 'behalf-answered-by': 'behalf' }),
    )
    const calling = createPlugin({ url, pluginKey, fetch }).onBehalfOf({ subjectToken: 't' }).fetch('orbit', 'me')
    await assert.rejects(
      calling,
      (error: unknown) => isProblem(error, 'connection_required') && error.connectUrl === 'u',
    )
  })

  it('exchanges a subject token, and tells a refusal in its RFC’s words', async () => {
    const issued = {
      access_token: 'a',
      issued_token_type: 'urn:ietf:params:oauth:token-type:jwt',
      token_type: 'N_A',
      expires_in: 300,
    }
    const { calls, fetch } = scripted(
      json(issued),
      json({ error: 'invalid_grant', request_id: 'r', connect_url: 'u' }, { status: 400 }),
    )
    const una = createPlugin({ url, pluginKey, fetch }).onBehalfOf({ subjectToken: 't' })
    assert.deepEqual(await una.exchangeToken('orbit'), {
      accessToken: 'a',
      issuedTokenType: 'jwt',
      tokenType: 'N_A',
      expiresIn: 300,
      scope: undefined,
    })
    const form = new URLSearchParams(calls[0]?.body)
    assert.equal(form.get('resource'), 'https://acme.example/gateway/orbit')
    assert.equal(form.get('subject_token_type'), 'urn:ietf:params:oauth:token-type:id_token')
    await assert.rejects(
      una.exchangeToken('orbit'),
      (error: unknown) =>
        error instanceof TokenExchangeError && error.error === 'invalid_grant' && error.connectUrl === 'u',
    )
  })
})
