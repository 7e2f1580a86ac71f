import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { after, before, describe, it } from 'node:test'
import { freePorts } from '../../../../test/support/ports.ts'
import { readConfig } from '../../src/config/config.ts'
import { openDesk } from '../../src/main.ts'
import { connect, createBrowser, type HeadlessBrowser } from '../support/browser.ts'
import { eventually } from '../support/eventually.ts'
import { assertUnleaked, encodings } from '../support/leaks.ts'
import { scriptedServer } from '../support/scripted-server.ts'
import { type Answer, startTestBroker, type TestBroker } from '../support/test-broker.ts'

type Event = Record<string, unknown> & { action: string; details: Record<string, unknown> }

describe('I: logs, errors and the audit', () => {
  let broker: TestBroker
  let una: HeadlessBrowser
  let operations: string
  const rootKeys = [1, 2].map(() => randomBytes(32).toString('base64'))
  before(async () => {
    const [port] = await freePorts(1)
    operations = `http://127.0.0.1:${port}`
    broker = await startTestBroker({
      env: {
        BEHALF_LOG_LEVEL: 'debug',
        BEHALF_METRICS_LISTEN: `127.0.0.1:${port}`,
        BEHALF_ROOT_KEY: rootKeys[0] ?? '',
        BEHALF_OUTBOUND_ALLOW: '127.0.0.1/32 [::1]/128',
      },
    })
    una = await connect(broker, broker.people[0] ?? assert.fail())
  })
  after(() => broker[Symbol.asyncDispose]())

  const person = (index: number) => broker.people[index] ?? assert.fail()
  const events = async (action: string) =>
    ((await broker.api(`/audit-events?action=${action}&limit=200`)).body.items ?? []) as unknown as Event[]
  const csrfOf = async (by: HeadlessBrowser) =>
    ((await (await by.visit(`${broker.url}/api/v1/me`)).json()) as { csrf_token: string }).csrf_token
  const change = async (path: string, body: unknown): Promise<Answer> => {
    const { version } = (await broker.api(path)).body
    const answer = await broker.api(path, { method: 'PATCH', body, headers: { 'if-match': `"${version}"` } })
    assert.equal(answer.status, 200, JSON.stringify(answer.body))
    return answer
  }
  const post = async (path: string, body?: unknown) => {
    const answer = await broker.api(path, { method: 'POST', ...(body === undefined ? {} : { body }) })
    assert.ok(answer.status < 300, `${path}: ${JSON.stringify(answer.body)}`)
    return answer.body
  }
  const exchange = (type: string) =>
    fetch(`${broker.url}/oauth/token`, {
      method: 'POST',
      headers: { authorization: `Bearer ${broker.pluginKey}`, 'behalf-subject': person(0).email },
      body: new URLSearchParams({
        grant_type: 'urn:ietf:params:oauth:grant-type:token-exchange',
        resource: `${broker.url}/gateway/orbit`,
        requested_token_type: `urn:ietf:params:oauth:token-type:${type}`,
      }),
    })

  it('I-01 writes exactly one audit event for each thing that is done or refused, with when, who, for whom, what and from where', async test => {
    const people = (await broker.api('/people')).body.items ?? []
    const unaId = String(people.find(({ email }) => email === person(0).email)?.['id'])
    const dev = createBrowser()
    await dev.signIn(broker.url, person(1))
    const devId = String(
      ((await broker.api('/people')).body.items ?? []).find(({ email }) => email === person(1).email)?.['id'],
    )
    const visitor = createBrowser()
    const made: Record<string, string> = {}
    const keep = async (name: string, body: Promise<Record<string, unknown>>) =>
      (made[name] = String((await body)['id']))
    const rest = async (by: HeadlessBrowser, method: string, path: string, body?: unknown) => {
      const cookie = [...by.cookies(broker.url)].map(([name, value]) => `${name}=${value}`).join('; ')
      const headers = {
        cookie,
        origin: broker.url,
        'sec-fetch-site': 'same-origin',
        'behalf-csrf': await csrfOf(by),
        'content-type': 'application/json',
      }
      const response = await fetch(`${broker.url}/api/v1${path}`, {
        method,
        headers,
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      })
      assert.ok(response.status < 300, `${path}: ${await response.clone().text()}`)
      return response
    }
    const callback = async (query: string) => {
      const begun = new URL(await dev.begin(broker.url, 'orbit'))
      const at = new URL(begun.searchParams.get('redirect_uri') ?? '')
      at.search = `?state=${begun.searchParams.get('state')}&iss=${encodeURIComponent(broker.provider.url)}&${query}`
      return dev.visit(at.href)
    }
    const connector = {
      name: 'spare',
      base_url: broker.provider.apiUrl,
      auth: {
        authorization_url: `${broker.provider.url}/auth`,
        token_url: `${broker.provider.url}/token`,
        client_id: 'x',
        client_secret: 'y',
        scope: [],
      },
    }
    const connection = async () =>
      ((await broker.api('/connections')).body.items ?? []).find(({ subject }) => subject === unaId)
    const launch = { launch_audience: { kind: 'people', people: [person(0).email] }, reason: 'a test' }
    const steps: readonly [
      action: string,
      act: () => Promise<unknown>,
      wanted?: { result?: string; system?: true; anonymous?: true },
    ][] = [
      ['sign_in.completed', () => visitor.signIn(broker.url, person(2))],
      [
        'sign_in.refused',
        () => createBrowser().visit(`${broker.url}/auth/ssoCallback?state=forged&code=x`),
        { result: 'refused', anonymous: true },
      ],
      [
        'session.ended',
        async () => {
          const sessions = (await broker.api('/sessions')).body.items ?? []
          const its = sessions.find(({ subject }) => subject !== unaId && subject !== devId)
          return broker.api(`/sessions/${its?.['id']}`, { method: 'DELETE' })
        },
      ],
      ['connect.begun', () => dev.begin(broker.url, 'orbit')],
      ['connect.cancelled', () => callback('error=access_denied'), { result: 'failed' }],
      ['connect.failed', () => callback('error=server_error'), { result: 'failed' }],
      [
        'connect.refused',
        () => dev.visit(`${broker.url}/auth/oauthCallback/orbit?state=forged&code=x`),
        { result: 'refused' },
      ],
      ['connect.completed', () => connect(broker, person(0)).then(browser => (una = browser))],
      ['connect_link.created', () => post('/connect-links', { subject: unaId, connector: 'orbit' })],
      ['connector.created', () => post('/connectors', connector)],
      ['connector.changed', () => change('/connectors/spare', { display_name: 'Spare' })],
      ['connector.secret_set', () => change('/connectors/spare', { auth: { client_secret: 'another' } })],
      ['connector.approved', () => post('/connectors/spare/approve')],
      ['connector.retired', () => broker.api('/connectors/spare', { method: 'DELETE' })],
      ['plugin.created', () => post('/plugins', { name: 'spare', connectors: [{ connector: 'orbit' }] })],
      ['plugin.changed', () => change('/plugins/spare', { display_name: 'Spare' })],
      ['plugin.published', () => post('/plugins/spare/versions')],
      ['launch.created', () => keep('launch', post('/plugins/spare/launches', launch))],
      ['launch.ended', () => broker.api(`/plugins/spare/launches/${made['launch']}?reason=over`, { method: 'DELETE' })],
      ['plugin_key.created', () => keep('key', post('/plugins/spare/keys', { label: 'x' }))],
      ['plugin_key.revoked', () => broker.api(`/plugins/spare/keys/${made['key']}`, { method: 'DELETE' })],
      ['plugin.retired', () => broker.api('/plugins/spare', { method: 'DELETE' })],
      ['api_key.created', () => keep('apiKey', post('/api-keys', { label: 'x', roles: ['auditor'] }))],
      ['api_key.revoked', () => broker.api(`/api-keys/${made['apiKey']}`, { method: 'DELETE' })],
      [
        'person.roles_changed',
        () => broker.api(`/people/${devId}/roles`, { method: 'PUT', body: { roles: ['developer', 'auditor'] } }),
      ],
      ['person.suspended', () => broker.api(`/people/${devId}/suspend`, { method: 'POST' })],
      ['person.resumed', () => broker.api(`/people/${devId}/suspend`, { method: 'DELETE' })],
      ['organization.changed', () => change('/organization', { debug_windows: true, strict_above: 9 })],
      ['webhook.created', () => keep('webhook', post('/webhooks', { url: 'http://127.0.0.1:9/x' }))],
      ['webhook.changed', () => change(`/webhooks/${made['webhook']}`, { status: 'paused' })],
      ['webhook.secret_rotated', () => post(`/webhooks/${made['webhook']}/secret`, {})],
      ['webhook.tested', () => post(`/webhooks/${made['webhook']}/test`)],
      ['webhook.removed', () => broker.api(`/webhooks/${made['webhook']}`, { method: 'DELETE' })],
      [
        'debug_window.asked',
        async () => {
          // Signed in at the SSO still.
          await dev.follow(`${broker.url}/auth/login`, /\/connections$/)
          const answer = await rest(dev, 'POST', '/debug-windows', { plugin: 'assistant', subject: unaId, reason: 'x' })
          made['window'] = String(((await answer.json()) as { id: string }).id)
        },
      ],
      [
        'gateway.called',
        async () => {
          const callback = await dev.consent(await dev.begin(broker.url, 'orbit'), person(1))
          await dev.visit(callback)
          const tried = await rest(dev, 'POST', '/connectors/orbit/call', { path: '/me' })
          assert.equal(((await tried.json()) as { status: number }).status, 200)
        },
      ],
      ['debug_window.agreed', () => rest(una, 'POST', `/debug-windows/${made['window']}/agree`)],
      ['debug_window.ended', () => rest(una, 'DELETE', `/debug-windows/${made['window']}`)],
      [
        'call_log.exported',
        async () =>
          (
            await fetch(`${broker.url}/api/v1/call-logs/export`, {
              headers: { authorization: `Bearer ${broker.apiKey}` },
            })
          ).text(),
      ],
      ['roster.imported', () => post('/people/import', { csv: 'email\nnew@acme.example' })],
      [
        'usage.exported',
        async () =>
          (
            await fetch(`${broker.url}/api/v1/usage/export`, { headers: { authorization: `Bearer ${broker.apiKey}` } })
          ).text(),
      ],
      ['subject.asserted', () => broker.gateway('me')],
      ['access.refused', () => broker.gateway('a%2f..%2fb'), { result: 'refused' }],
      [
        'token.released',
        async () => {
          await change('/plugins/assistant', { token_release: ['orbit'] })
          assert.equal((await exchange('access_token')).status, 200)
        },
      ],
      [
        'token.refreshed',
        async () => {
          broker.advance(301_000)
          assert.equal((await broker.gateway('me')).status, 200)
        },
        { system: true },
      ],
      [
        'connection.disconnected',
        async () => broker.api(`/connections/${(await connection())?.['id']}`, { method: 'DELETE' }),
      ],
      ['sign_out.completed', async () => una.visit(`${broker.url}/auth/logout`, { csrf: await csrfOf(una) })],
      [
        'key.rotated',
        async () => {
          const config = readConfig({ ...broker.env, BEHALF_ROOT_KEY: [...rootKeys].reverse().join(',') })
          await using desk = await openDesk(config)
          assert.equal((await desk.custody.rotate()).rewrapped, 1)
        },
        { system: true },
      ],
    ]
    for (const [action, act, wanted = {}] of steps) {
      const known = new Set((await events(action)).map(({ id }) => id))
      await act()
      const found = (await events(action)).filter(({ id }) => !known.has(id))
      assert.equal(found.length, 1, `${action}: ${found.length} events`)
      for (const event of found) {
        assert.equal(event['result'], wanted.result ?? 'done', action)
        assert.match(String(event['at']), /^\d{4}-\d\d-\d\dT[\d:.]+Z$/, `${action} says when, in UTC`)
        assert.match(
          String(event['principal']),
          wanted.system ? /^system$/ : wanted.anonymous ? /^anonymous$/ : /^(sub|key|pky)_/,
          action,
        )
        if (wanted.system) continue
        assert.match(String(event['request_id']), /^req_/, action)
        assert.match(String(event['address']), /^(::1|127\.0\.0\.1|::ffff:127\.0\.0\.1)$/, action)
      }
    }
    {
      await using desk = await openDesk(readConfig({ ...broker.env, BEHALF_ROOT_KEY: rootKeys.join(',') }))
      await desk.custody.rotate()
    }
    const revoked = await eventually(
      () => events('connection.revoked'),
      found => found.length >= 2,
    )
    assert.deepEqual(revoked.map(({ details }) => details['token']).sort(), ['access_token', 'refresh_token'])
    const [first, ...more] = await events('connection.first_used')
    assert.deepEqual([first?.details['plugin'], more], ['assistant', []])
    for (const action of ['organization.created', 'plugin.changed', 'connector.approved'])
      assert.ok((await events(action)).length > 0)
    // A gateway call has its one entry in the call logs, under the same request id as the audit of who was named.
    const answer = await broker.gateway('me')
    const entries = async () => (await broker.api(`/call-logs?q=${answer.headers.get('request-id')}`)).body.items ?? []
    assert.equal((await eventually(entries, items => items.length > 0)).length, 1)
    test.diagnostic(`${steps.length} actions`)
  })

  it('I-02 finds a deleted, edited, reordered, inserted or cut-off event, and names the first bad one', async test => {
    const tables = async () => {
      const rows = await broker.database.run('SELECT COUNT(*) AS n FROM audit_events WHERE sequence IS NULL')
      return Number(rows[0]?.['n'])
    }
    await eventually(tables, left => left === 0)
    await broker.stop()
    const desk = await openDesk(readConfig(broker.env))
    const verify = (anchor?: { sequence: number; mac: string }) => desk.verifyAudit('acme', anchor)
    const sound = await verify()
    assert.ok(sound?.kind === 'sound', JSON.stringify(sound))
    const { events: last, head: mac } = sound
    const run = (sql: string) => broker.database.run(sql)
    const copy = (name: string) => run(`CREATE TABLE ${name} AS SELECT * FROM audit_events`)
    await copy('kept')
    const heads = await run('SELECT sequence, mac FROM audit_heads')
    const restore = async () => {
      await run('DELETE FROM audit_events')
      await run('INSERT INTO audit_events SELECT * FROM kept')
    }
    const middle = Math.floor(last / 2)
    const swap = [
      `UPDATE audit_events SET sequence = -1 WHERE sequence = ${middle}`,
      `UPDATE audit_events SET sequence = ${middle} WHERE sequence = ${middle + 1}`,
      `UPDATE audit_events SET sequence = ${middle + 1} WHERE sequence = -1`,
    ]
    const insert = [
      `UPDATE audit_events SET sequence = sequence + 100000 WHERE sequence > ${middle}`,
      `UPDATE audit_events SET sequence = sequence - 99999 WHERE sequence > 100000`,
      `INSERT INTO audit_events SELECT org_id, 'aud_forged', at, action, result, principal, on_behalf_of, target, address, request_id, details, ${middle + 1}, mac FROM kept WHERE sequence = ${middle}`,
    ]
    const attacks: readonly (readonly [what: string, sql: readonly string[], at: number])[] = [
      ['deleted', [`DELETE FROM audit_events WHERE sequence = ${middle}`], middle],
      ['first deleted', ['DELETE FROM audit_events WHERE sequence = 1'], 1],
      ...['principal', 'action', 'target', 'details', 'address', 'result', 'at', 'on_behalf_of', 'request_id'].map(
        column =>
          [
            `${column} edited`,
            [
              `UPDATE audit_events SET ${column} = ${column === 'at' ? 'at + 1' : "'forged'"} WHERE sequence = ${middle}`,
            ],
            middle,
          ] as const,
      ),
      ['reordered', swap, middle],
      ['inserted', insert, middle + 1],
      ['tail cut', [`DELETE FROM audit_events WHERE sequence > ${last - 3}`], last - 2],
    ]
    for (const [what, sql, at] of attacks) {
      for (const statement of sql) await run(statement)
      // An edit that is not JSON any more is refused on reading; it is never sound.
      const verdict = await verify().catch(() => ({ kind: 'broken', sequence: at }) as const)
      assert.ok(verdict?.kind === 'broken' && verdict.sequence === at, `${what}: ${JSON.stringify(verdict)}, not ${at}`)
      await restore()
    }
    // A tail cut together with the head is found by an anchor that was kept elsewhere.
    await run(`DELETE FROM audit_events WHERE sequence > ${last - 3}`)
    await run(
      `UPDATE audit_heads SET sequence = ${last - 3}, mac = (SELECT mac FROM kept WHERE sequence = ${last - 3})`,
    )
    assert.equal((await verify())?.kind, 'sound', 'by itself it cannot know')
    const cut = await verify({ sequence: last, mac })
    assert.ok(cut?.kind === 'broken' && cut.sequence === last - 2, JSON.stringify(cut))
    await restore()
    await run(
      `UPDATE audit_heads SET sequence = ${heads[0]?.['sequence']}, mac = (SELECT mac FROM kept WHERE sequence = ${heads[0]?.['sequence']})`,
    )
    assert.equal((await verify({ sequence: last, mac }))?.kind, 'sound')
    await run('DROP TABLE kept')
    await desk[Symbol.asyncDispose]()
    await broker.restart()
    test.diagnostic(`${attacks.length + 1} attacks`)
  })

  it('I-04, I-06, I-07 say no secret and nothing of the inside in logs, metrics and errors, at the most talkative level, in one bounded line each', async test => {
    const canary = () => `cnry${randomBytes(18).toString('hex')}`
    const planted: string[] = []
    const plant = () => {
      const value = canary()
      planted.push(value)
      return value
    }
    await using hostile = await scriptedServer()
    const upstream = plant()
    hostile.reply({
      status: 500,
      headers: { 'content-type': 'application/json' },
      body: `{"error":"${upstream}","stack":"at ${upstream} (/srv/x.js:1:1)"`,
    })
    const bad = {
      name: 'hostile',
      base_url: `${hostile.url}/api`,
      approve: true,
      open_to_all: true,
      auth: {
        authorization_url: `${hostile.url}/a`,
        token_url: `${hostile.url}/t`,
        client_id: 'x',
        client_secret: plant(),
        scope: [],
      },
    }
    await post('/connectors', bad)
    const api = (path: string, init: RequestInit = {}) =>
      fetch(`${broker.url}/api/v1${path}`, {
        ...init,
        headers: { authorization: `Bearer ${broker.apiKey}`, ...(init.headers as Record<string, string>) },
      })
    const json = { 'content-type': 'application/json' }
    const form = { 'content-type': 'application/x-www-form-urlencoded' }
    const send = (path: string, body: string, headers: Record<string, string> = json) =>
      api(path, { method: 'POST', headers, body })
    const gateway = (path: string, headers: Record<string, string> = {}) => broker.gateway(path, { headers })
    const failures: readonly (() => Promise<Response>)[] = [
      () => send('/plugins', `{"name": "${plant()}`),
      () => send('/plugins', `{"name": "x", "${plant()}": 1}`),
      () => send('/plugins', `[${'['.repeat(40)}"${plant()}"`),
      () => send('/plugins', JSON.stringify({ name: plant(), trusted: plant() })),
      () => send('/plugins', plant(), { 'content-type': 'text/plain' }),
      () => send('/plugins', JSON.stringify({ name: 'x'.repeat(300_000) })),
      () => send('/api-keys', JSON.stringify({ label: `x\u0000${plant()}`, roles: ['admin'] })),
      () => send('/api-keys', JSON.stringify({ label: 1, roles: [plant()] })),
      () => send('/webhooks', JSON.stringify({ url: `https://10.0.0.1/${plant()}` })),
      () => send('/webhooks', JSON.stringify({ url: `javascript:${plant()}` })),
      () => send('/connect-links', JSON.stringify({ subject: plant(), connector: 'orbit' })),
      () => send('/debug-windows', JSON.stringify({ plugin: 'assistant', subject: plant(), reason: plant() })),
      () =>
        send(
          '/connectors',
          JSON.stringify({ ...bad, auth: { ...bad.auth, token_url: `https://u:${plant()}@x.example` } }),
        ),
      () => api(`/connections?cursor=${plant()}`),
      () => api(`/connections?${plant()}=1`),
      () => api(`/connections?limit=${plant()}`),
      () => api(`/call-logs?from=${plant()}`),
      () => api(`/people/${plant()}`),
      () => api(`/${plant()}`),
      () => api('/plugins/assistant', { method: 'PATCH', headers: { ...json, 'if-match': plant() }, body: '{}' }),
      () => api('/plugins/assistant', { method: 'PATCH', headers: json, body: '{}' }),
      () => api('/plugins', { method: 'PUT' }),
      () => api('/people', { headers: { authorization: `Bearer ${plant()}` } }),
      () => api('/people', { headers: { authorization: `Basic ${plant()}` } }),
      () => fetch(`${broker.url}/api/v1/me`, { headers: { cookie: `behalf_session=${plant()}` } }),
      () =>
        send('/api-keys', JSON.stringify({ label: 'x', roles: ['admin'] }), {
          ...json,
          'idempotency-key': `ä${'x'.repeat(300)}`.slice(1),
        }),
      () => gateway(`a%2f..%2f${plant()}`),
      () => gateway(`me?access_token=${plant()}`, { 'behalf-subject': plant() }),
      () => gateway('me', { 'behalf-subject-token': `${plant()}.x.y`, 'behalf-subject': '' }),
      () => gateway('me', { authorization: `Bearer ${plant()}` }),
      () =>
        fetch(`${broker.url}/gateway/${plant().slice(0, 20)}/me`, {
          headers: { authorization: `Bearer ${broker.pluginKey}`, 'behalf-subject': person(0).email },
        }),
      () => gateway('me', { 'behalf-subject': '"; DROP TABLE people' }),
      () => fetch(`${broker.url}/oauth/token`, { method: 'POST', headers: form, body: `grant_type=${plant()}` }),
      () =>
        fetch(`${broker.url}/oauth/token`, {
          method: 'POST',
          headers: { ...form, authorization: `Bearer ${broker.pluginKey}` },
          body: `grant_type=urn:ietf:params:oauth:grant-type:token-exchange&subject_token=${plant()}`,
        }),
      () => fetch(`${broker.url}/auth/oauthCallback/orbit?code=${plant()}&state=${plant()}`),
      () => fetch(`${broker.url}/auth/ssoCallback?code=${plant()}&state=${plant()}`),
      () => fetch(`${broker.url}/connect/${plant()}`, { redirect: 'manual' }),
      () =>
        fetch(`${broker.url}/connections/${plant()}/disconnect`, {
          method: 'POST',
          headers: form,
          body: `csrf=${plant()}`,
        }),
      () =>
        fetch(`${broker.url}/auth/logout`, {
          method: 'POST',
          headers: { ...form, origin: broker.url },
          body: `csrf=${plant()}`,
        }),
      async () => {
        const browser = createBrowser()
        await browser.signIn(broker.url, person(0))
        const begun = await browser.visit(`${broker.url}/connectors/hostile/connect`)
        const csrf = /name="csrf" value="([0-9a-f]+)"/.exec(await begun.text())?.[1] ?? ''
        const page = await (await browser.visit(`${broker.url}/connectors/hostile/connect`, { csrf })).text()
        const state = /state=([\w-]+)/.exec(page)?.[1] ?? assert.fail(page)
        const done = await browser.visit(`${broker.url}/auth/oauthCallback/hostile?state=${state}&code=${plant()}`)
        return browser.visit(new URL(done.headers.get('location') ?? '', broker.url).href)
      },
    ]
    const told: string[] = []
    for (const [index, fail] of failures.entries()) {
      const before = planted.length
      const response = await fail()
      const text = await response.text()
      const about = `${index}: ${response.status}`
      assert.ok(response.status < 600 && response.status !== 500, about)
      assert.match(response.headers.get('request-id') ?? '', /^req_\w{26}$/, about)
      assert.equal(response.headers.get('server'), null)
      if (response.headers.get('content-type')?.includes('problem+json')) {
        const problem = JSON.parse(text) as Record<string, unknown>
        assert.match(String(problem['code']), /^[a-z_]+$/, about)
        assert.equal(problem['request_id'], response.headers.get('request-id'))
      }
      assert.doesNotMatch(
        text,
        /\bat .+:\d+:\d+|node:internal|node_modules|SELECT |INSERT |SQLITE|sqlite|kysely|\/srv\/|\/home\/|undici/,
        about,
      )
      told.push(text)
      assert.ok(!text.includes(upstream), `${about}: the provider's body`)
      // What was sent is not echoed either, but for the names of unknown fields and queries, which help.
      for (const value of planted.slice(before))
        if (text.includes(value)) assert.match(text, /unknown field|"pointer"/, about)
    }
    assert.ok(failures.length >= 40, `${failures.length} failures`)

    broker.database.cut()
    const away = await api('/api-keys', {
      method: 'POST',
      headers: json,
      body: JSON.stringify({ label: plant(), roles: ['auditor'] }),
    })
    broker.database.restore()
    assert.deepEqual([away.status, ((await away.json()) as { code: string }).code], [503, 'store_unavailable'])

    const odd = '\u001b[31mred\u001b[0m \u202eevil" } {"level":50,"event":"forged'
    const agents = [odd, 'x'.repeat(8_000)].map(agent =>
      agent.replace(/[^\x20-\x7e]/g, character => encodeURIComponent(character)),
    )
    for (const agent of agents)
      await api('/people', { headers: { 'user-agent': agent, 'x-forwarded-for': agent.slice(0, 200) } })
    assert.ok(
      (await fetch(`${broker.url}/connections`, { headers: { 'user-agent': 'x'.repeat(60_000) } })).status === 431,
    )
    const exported = await (await api('/call-logs/export')).text()
    const metrics = await (await fetch(`${operations}/metrics`)).text()
    for (const line of [...broker.log, ...exported.split('\n').filter(text => text !== '')]) {
      assert.equal(line.trimEnd().split(/[\r\n\u2028\u2029]/).length, 1, 'one event, one line')
      assert.doesNotThrow(() => JSON.parse(line), line)
      assert.ok(line.length < 16_384)
      // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
      assert.doesNotMatch(line.trimEnd(), /[\u0000-\u001f\u202a-\u202e\u2066-\u2069]/)
    }
    assert.ok(!broker.log.some(line => (JSON.parse(line) as { event: string }).event === 'forged'))
    const secrets = [...planted, ...broker.secrets, upstream]
    assertUnleaked([...broker.log, exported, metrics], secrets, 'logs, export and metrics')
    assert.ok(broker.log.length > 0)
    test.diagnostic(
      `${failures.length + 1} failures, ${secrets.length} secrets in ${encodings('').length} encodings, ${broker.log.length} lines`,
    )
  })

  it('I-05 keeps every audit event whatever call logs are reduced to, shows what was dropped, and audits each change of policy', async test => {
    const call = await broker.gateway('me', { headers: { 'behalf-subject': person(1).email } })
    const strict = async () => (await broker.api(`/call-logs?q=${call.headers.get('request-id')}`)).body.items ?? []
    const [entry] = await eventually(strict, items => items.length > 0)
    assert.deepEqual([entry?.['redaction'], entry?.['content']], ['strict', null])
    const asserted = await events('subject.asserted')
    assert.ok(
      asserted.some(event => event['request_id'] === call.headers.get('request-id')),
      'the audit of the same call is whole',
    )
    assert.equal((await broker.api('/call-logs?limit=1')).body['dropped'], 0)
    assert.match(await (await fetch(`${operations}/metrics`)).text(), /^behalf_call_log_dropped 0$/m)
    const known = (await events('organization.changed')).length
    await change('/organization', { strict_above: 5 })
    const [changed] = await events('organization.changed')
    assert.equal((await events('organization.changed')).length, known + 1)
    assert.deepEqual([changed?.details['changed'], changed?.details['strict_above']], [['strictAbove'], 5])
    const { version } = (await broker.api('/organization')).body
    const raised = await broker.api('/organization', {
      method: 'PATCH',
      body: { strict_above: 9 },
      headers: { 'if-match': `"${version}"` },
    })
    assert.equal(raised.status, 400, 'only ever lowered')
    test.diagnostic(`1 call under strict, ${asserted.length} audit events of who was named, 2 changes of the threshold`)
  })

  it('I-09 tells nobody without a key whom it serves, where it runs or what it is made of', async test => {
    const known = ['acme', 'Acme', 'una@', 'orbit', 'assistant', 'localhost:5432', process.version, ...broker.secrets]
    const publics = [
      '/',
      '/health',
      '/ready',
      '/metrics',
      '/debug',
      '/status',
      '/server-status',
      '/.env',
      '/.git/config',
      '/config.json',
      '/api',
      '/api/v1',
      '/api/docs',
      '/api/v1/openapi.json',
      '/api/docs/problems/internal',
      '/robots.txt',
      '/favicon.ico',
      '/actuator',
      '/debug/pprof',
      '/swagger.json',
      '/graphql',
      '/studio/',
      '/oauth/token',
      '/gateway/',
    ]
    for (const path of publics) {
      const response = await fetch(broker.url + path, { redirect: 'manual' })
      const text = await response.text()
      for (const value of known) assert.ok(!text.includes(value), `${value} at ${path}`)
      assert.equal(response.headers.get('server'), null)
      assert.equal(response.headers.get('x-powered-by'), null)
      if (!/^\/(api|studio)/.test(path)) assert.ok(response.status !== 200, `${path}: ${response.status}`)
    }
    for (const path of ['/health', '/ready'])
      assert.match(await (await fetch(operations + path)).text(), /^(ok|ready)\n$/)
    for (const path of ['/', '/debug', '/config', '/metrics/x', '/heapdump'])
      assert.equal((await fetch(operations + path)).status, 404)
    const metrics = await (await fetch(`${operations}/metrics`)).text()
    for (const value of known)
      assert.ok(value === process.version || !metrics.includes(value), `${value} in the metrics`)
    assert.doesNotMatch(metrics, /\b(?:org|sub|con|ctr|plg|key|req)_[0-9a-z]{26}/)
    test.diagnostic(`${publics.length + 8} addresses`)
  })
})
